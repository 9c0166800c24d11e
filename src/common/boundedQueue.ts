import { deadline } from './clock.ts';
import type { Clock } from './clock.ts';
import { untilAborted } from './timeout.ts';

/** Work that did not end in time, or was not begun because earlier work still hangs. */
export class WorkTimeout extends Error {
  override readonly name = 'WorkTimeout';
  readonly code = 'Timeout';
  /** How long such work is given, in milliseconds. */
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`It did not end within ${limitMs / 1000} seconds.`);
    this.limitMs = limitMs;
  }
}

/**
 * Work that may hang and cannot be cancelled, such as reading a file on a network drive: one piece after another, each
 * limited in time. While one hangs, the next ones are refused at once: each would block another of the four threads
 * that a process has for its files.
 */
export class BoundedQueue {
  readonly #clock: Clock;
  readonly #limitMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #isHanging = false;

  /** @param limitMs what each piece of work is given, the wait for its turn included */
  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** Whether work has outlived its limit and still goes on. */
  get isHanging(): boolean {
    return this.#isHanging;
  }

  /**
   * Settles as `work` does. What outlives its limit goes on.
   * @throws WorkTimeout
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isHanging) {
      throw new WorkTimeout(this.#limitMs);
    }
    const limit = deadline(this.#clock, this.#limitMs, () => {
      this.#isHanging = true;
      return new WorkTimeout(this.#limitMs);
    });
    const run = this.#last.then(() => {
      limit.signal.throwIfAborted();
      return work();
    });
    const onEnd = (): void => void (this.#isHanging = false);
    this.#last = run.then(onEnd, onEnd);
    try {
      return await untilAborted(limit.signal, run);
    } finally {
      limit.dispose();
    }
  }

  /** Resolves once nothing is in progress any more, however long that takes. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
