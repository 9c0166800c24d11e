import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder of the repository. */
export const root = resolve(import.meta.dirname, '..', '..');

/** How a program ended. */
export interface Finished {
  /** 0 for success; a program ended by a signal has failed with 1. */
  readonly exitCode: number;
  /** What it wrote to its standard output and error, when that was captured. */
  readonly output: string;
}

/** What to do with a program's output: show it as it comes, or keep it. */
export type OutputMode = 'show' | 'capture';

const STDIO: Readonly<Record<OutputMode, StdioOptions>> = {
  show: 'inherit',
  capture: ['ignore', 'pipe', 'pipe'],
};

/** Runs a JavaScript program with this Node, in the repository's folder, and waits for its end. It ends with us. */
export function runNode(
  args: readonly string[],
  mode: OutputMode,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  return finished(spawn(process.execPath, args, { cwd: root, env, stdio: STDIO[mode] }), (child) =>
    child.kill(),
  );
}

/** Runs a script of package.json, as {@link runNode} runs a program. What it starts ends with us too. */
export function runScript(name: string): Promise<Finished> {
  // A shell doesn't pass signals on: those of a group of its own reach everything in it.
  const detached = process.platform !== 'win32';
  const child = spawn(process.execPath, ['--run', name], { cwd: root, stdio: STDIO.show, detached });
  return finished(child, ({ pid }) => pid !== undefined && process.kill(detached ? -pid : pid));
}

function finished(child: ChildProcess, end: (child: ChildProcess) => unknown): Promise<Finished> {
  return new Promise((done, failed) => {
    const stop = (): unknown => end(child);
    process.once('exit', stop);
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', failed);
    child.once('close', (code) => {
      process.off('exit', stop);
      done({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString() });
    });
  });
}

/**
 * The file behind a command that a dependency brings. Running it with this Node works on every platform, where
 * the links in node_modules/.bin would need a shell.
 */
export function commandFile(packageName: string, command = packageName): string {
  const folder = join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly bin: string | Readonly<Record<string, string>>;
  };
  const file = typeof bin === 'string' ? bin : bin[command];
  if (file === undefined) throw new Error(`The package ${packageName} has no command ${command}.`);
  return join(folder, file);
}

/** Has signals end this process in order, so that what it started ends with it. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
