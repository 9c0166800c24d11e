import { deadline } from './clock.ts';
import type { Clock } from './clock.ts';

/**
 * Settles as `work` does, or rejects with `reason()` after `delayMs` milliseconds: for work that cannot be cancelled.
 */
export function withTimeout<T>(
  clock: Clock,
  delayMs: number,
  reason: () => Error,
  work: Promise<T>,
): Promise<T> {
  return withDeadline(clock, delayMs, reason, () => work);
}

/** As {@link withTimeout}, for work that can be cancelled. Whatever of it does not heed the signal holds up nobody. */
export async function withDeadline<T>(
  clock: Clock,
  delayMs: number,
  reason: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = deadline(clock, delayMs, reason);
  try {
    return await untilAborted(limit.signal, work(limit.signal));
  } finally {
    limit.dispose();
  }
}

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as it aborts. `work` itself goes on; how it ends
 * is nobody's business then, not even as an unhandled rejection.
 */
export function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) {
      work.catch(() => undefined);
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
