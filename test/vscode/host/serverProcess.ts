import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 5000;
const LOG_POLL_MS = 50;

/** A server started as a process of its own, with what it starts itself. */
export interface ServerProcess {
  /** The base URL it listens at. */
  readonly url: URL;
  /** Ends it and everything it started. */
  close(): Promise<void>;
}

/** How to start a server. */
export interface ServerCommand {
  readonly node: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where its output goes. */
  readonly logFile: string;
  /** Finds the port in the line that tells it is ready, as the only group. */
  readonly ready: RegExp;
}

/**
 * Starts a server, and waits for the line that tells its port.
 * @throws Error with the server's output when it ends or says nothing for a minute
 */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  mkdirSync(dirname(command.logFile), { recursive: true });
  const log = openSync(command.logFile, 'w');
  // A group of its own, so that the extension hosts end with it.
  const child = spawn(command.node, command.args, {
    cwd: command.cwd,
    env: command.env,
    stdio: ['ignore', log, log],
    detached: process.platform !== 'win32',
  });
  closeSync(log);
  const killGroup = (): void => signalGroup(child, 'SIGKILL');
  process.once('exit', killGroup);
  const close = async (): Promise<void> => {
    process.off('exit', killGroup);
    await stop(child);
  };
  try {
    return { url: await waitForUrl(child, command), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function waitForUrl(child: ChildProcess, command: ServerCommand): Promise<URL> {
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
  failed.catch(() => {});
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const port = command.ready.exec(readFileSync(command.logFile, 'utf8'))?.[1];
    if (port !== undefined) return new URL(`http://127.0.0.1:${port}/`);
    if (child.exitCode !== null) break;
    await Promise.race([delay(LOG_POLL_MS), failed]);
  }
  const end = child.exitCode === null ? 'did not get ready' : `ended with exit code ${child.exitCode}`;
  throw new Error(`The server ${end}. It wrote:\n${readFileSync(command.logFile, 'utf8')}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    signalGroup(child, 'SIGTERM');
    await Promise.race([exited, delay(STOP_TIMEOUT_MS, undefined, { ref: false })]);
  }
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
  } catch (error) {
    // Nobody of the group is left.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
