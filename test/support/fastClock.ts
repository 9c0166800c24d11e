import { systemClock } from '../../src/common/clock.ts';
import type { Clock } from '../../src/common/clock.ts';
import type { Disposable } from '../../src/common/disposable.ts';

/** A clock that is so many times as fast as the system's: waits are that much shorter. */
export class FastClock implements Clock {
  readonly #factor: number;
  readonly #startedAt = systemClock.now();

  constructor(factor: number) {
    this.#factor = factor;
  }

  now(): number {
    return this.#startedAt + (systemClock.now() - this.#startedAt) * this.#factor;
  }

  schedule(callback: () => void, delayMs: number): Disposable {
    return systemClock.schedule(callback, Math.ceil(delayMs / this.#factor));
  }
}
