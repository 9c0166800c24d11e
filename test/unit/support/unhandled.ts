import type { EventEmitter } from 'node:events';

const EVENTS = ['unhandledRejection', 'uncaughtException'] as const;

/** Runs `work`, and returns what was thrown meanwhile where nobody could catch it, or was rejected and not handled. */
export async function unhandledDuring(work: () => Promise<void>): Promise<readonly unknown[]> {
  const source: EventEmitter = process;
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  const restore = EVENTS.map((event) => {
    const listeners = source.rawListeners(event) as (() => void)[];
    source.removeAllListeners(event).on(event, note);
    return (): void => {
      source.off(event, note);
      listeners.forEach((listener) => source.on(event, listener));
    };
  });
  try {
    await work();
  } finally {
    restore.forEach((run) => run());
  }
  return unhandled;
}
