import { once } from './disposable.ts';
import type { Disposable } from './disposable.ts';

/** Time as the rest of the code sees it: passed in, so that a test or a simulation can drive it. */
export interface Clock {
  /** The current time in milliseconds since the Unix epoch. */
  now(): number;
  /** Calls back once, after `delayMs` milliseconds, unless disposed first. */
  schedule(callback: () => void, delayMs: number): Disposable;
}

/** Node refuses longer timers and fires them at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The real time. Its timers never keep a process alive by themselves. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(callback, delayMs) {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
    timer.unref();
    return { dispose: once(() => clearTimeout(timer)) };
  },
};

/**
 * Resolves after `delayMs` milliseconds.
 * @throws the signal's reason, at once, when `signal` is or becomes aborted.
 */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = (): void => {
      timer.dispose();
      reject(signal?.reason as Error);
    };
    const timer = clock.schedule(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * A signal that aborts with `reason()` after `delayMs` milliseconds, or with `parent`'s reason before that.
 * Dispose it when the work is done, or its timer outlives the work.
 */
export function deadline(
  clock: Clock,
  delayMs: number,
  reason: () => Error,
  parent?: AbortSignal,
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const timer = clock.schedule(() => controller.abort(reason()), delayMs);
  // `AbortSignal.any` does the same, at many times the cost.
  const onAbort = (): void => controller.abort(parent?.reason);
  if (parent?.aborted === true) {
    onAbort();
  }
  parent?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    dispose: () => {
      timer.dispose();
      parent?.removeEventListener('abort', onAbort);
    },
  };
}
