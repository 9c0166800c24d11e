import type { Clock } from '../../src/common/clock.ts';

/** Where the deadlines of calls begin, in milliseconds. */
const MIN_DEADLINE_MS = 15_000;

/** A clock on which a wait of less than a call's deadline is over at once, and noted; longer ones never end. */
export class HastyClock implements Clock {
  readonly waits: number[] = [];

  now(): number {
    return Date.UTC(2026, 0, 1);
  }

  schedule(callback: () => void, delayMs: number): { dispose(): void } {
    if (delayMs >= MIN_DEADLINE_MS) {
      return { dispose: () => {} };
    }
    this.waits.push(delayMs);
    const timer = setImmediate(callback);
    return { dispose: () => clearImmediate(timer) };
  }
}
