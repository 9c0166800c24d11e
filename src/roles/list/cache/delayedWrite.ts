import type { Clock } from '../../../common/clock.ts';
import type { Disposable } from '../../../common/disposable.ts';

/** Writes what is current, one write after another, and not for every change of it. */
export class DelayedWrite {
  readonly #clock: Clock;
  readonly #write: () => Promise<void>;
  #timer: { readonly dueAt: number; readonly schedule: Disposable } | undefined;
  #last: Promise<void> = Promise.resolve();

  /** @param write must not reject */
  constructor(clock: Clock, write: () => Promise<void>) {
    this.#clock = clock;
    this.#write = write;
  }

  /** Writes within `delayMs` milliseconds. */
  within(delayMs: number): void {
    const dueAt = this.#clock.now() + delayMs;
    if (this.#timer !== undefined && this.#timer.dueAt <= dueAt) {
      return;
    }
    this.#timer?.schedule.dispose();
    this.#timer = { dueAt, schedule: this.#clock.schedule(() => void this.now(), delayMs) };
  }

  /** Writes at once; resolves when that is done. */
  now(): Promise<void> {
    this.cancel();
    this.#last = this.#last.then(this.#write);
    return this.#last;
  }

  /** Drops what was to be written later. */
  cancel(): void {
    this.#timer?.schedule.dispose();
    this.#timer = undefined;
  }
}
