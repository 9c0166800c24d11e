import type { Clock } from '../../src/common/clock.ts';
import type { Disposable } from '../../src/common/disposable.ts';
import { once } from '../../src/common/disposable.ts';
import type { Random } from '../../src/common/random.ts';
import type { World } from './world.ts';

/**
 * One process: a window's extension host. It may stand still (suspended, or its machine asleep), and it may die at any
 * moment: then nothing it waits forever arrives.
 */
export class Process {
  readonly pid: number;
  readonly clock: Clock;
  readonly #world: World;
  readonly #random: Random;
  /** True time until which it stands still. */
  #frozenUntil = 0;
  #frozenMs = 0;
  #dead = false;
  readonly onDeath: (() => void)[] = [];

  /** @param skew how far the machine's clock is off just now, in milliseconds */
  constructor(world: World, pid: number, random: Random, skew: () => number) {
    this.#world = world;
    this.pid = pid;
    this.#random = random;
    this.clock = {
      now: () => world.now + skew(),
      schedule: (callback, delayMs) => {
        const timer = this.#later(delayMs, callback);
        return { dispose: once(() => timer.dispose()) };
      },
    };
  }

  get isAlive(): boolean {
    return !this.#dead;
  }

  get isFrozen(): boolean {
    return this.#world.now < this.#frozenUntil;
  }

  /** When it last began to move again, in true time; 0 for never. */
  get movesSince(): number {
    return this.#frozenUntil;
  }

  /** How long it has stood still in all, in milliseconds. */
  get stoodStillMs(): number {
    return this.#frozenMs;
  }

  /** Stands still for `ms`, keeping whatever it holds. */
  freeze(ms: number): void {
    const until = Math.max(this.#frozenUntil, this.#world.now + ms);
    this.#frozenMs += until - Math.max(this.#frozenUntil, this.#world.now);
    this.#frozenUntil = until;
  }

  kill(): void {
    if (!this.#dead) {
      this.#dead = true;
      for (const callback of this.onDeath) {
        callback();
      }
    }
  }

  /**
   * Asks something outside the process: `effect` happens there on the way, its result arrives `latencyMs` later.
   * Of a process that dies on the way, the effect may still happen.
   */
  ask<T>(latencyMs: number, effect: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#world.after(latencyMs * this.#random.uniform(), () => {
      if (this.#dead && this.#random.uniform() < 0.5) {
        return;
      }
      try {
        const result = effect();
        this.#later(latencyMs / 2, () => resolve(result));
      } catch (error) {
        this.#later(latencyMs / 2, () => reject(error));
      }
    });
    return promise;
  }

  /** Runs `callback` in the process, `delayMs` of its own time from now. */
  #later(delayMs: number, callback: () => void): Disposable {
    const due = this.#ownTime() + Math.max(delayMs, 0);
    const arrive = (): void => {
      if (this.#dead) {
        return;
      }
      const left = Math.max(due - this.#ownTime(), this.#frozenUntil - this.#world.now);
      if (left > 0) {
        timer = this.#world.after(left, arrive);
      } else {
        callback();
      }
    };
    let timer = this.#world.after(delayMs, arrive);
    return { dispose: () => timer.dispose() };
  }

  /** Runs `callback` in the process as soon as it can. */
  tell(delayMs: number, callback: () => void): void {
    this.#later(delayMs, callback);
  }

  /** The time the process has lived through. */
  #ownTime(): number {
    const ahead = Math.max(this.#frozenUntil - this.#world.now, 0);
    return this.#world.now - (this.#frozenMs - ahead);
  }
}
