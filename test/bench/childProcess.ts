import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Starts a program of ours that reports by a message. */
export function start(
  program: URL,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): ChildProcess {
  return fork(program, args, { execArgv: ['--disable-warning=ExperimentalWarning', ...flags] });
}

/**
 * Runs a program of ours to its end.
 * @returns its message
 * @throws Error when it ends without one
 */
export async function report<T>(
  program: URL,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<T> {
  const child = start(program, args, flags);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${program.pathname} ended with ${code} and reported nothing.`);
  });
  ended.catch(() => undefined);
  const message = await Promise.race([nextMessage<T>(child), ended]);
  child.disconnect();
  if (child.exitCode === null) await once(child, 'exit');
  return message;
}

/** The next message that `child` sends. */
export async function nextMessage<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}
