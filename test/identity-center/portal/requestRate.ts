import type { Clock } from '../../../src/common/clock.ts';

/** How often something may be asked for. */
export interface Rate {
  readonly perSecond: number;
  /** How many requests may come at once, after a rest. */
  readonly burst: number;
}

/** Lets so many requests of each user pass, and no more: a token bucket for each. */
export class RequestRate {
  readonly #rate: Rate;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Whether a request of `user` may pass now; one that may not costs nothing. */
  take(user: string): boolean {
    const { perSecond, burst } = this.#rate;
    const now = this.#clock.now();
    const { tokens, at } = this.#buckets.get(user) ?? { tokens: burst, at: now };
    const filled = Math.min(burst, tokens + (Math.max(now - at, 0) / 1000) * perSecond);
    const passes = filled >= 1;
    this.#buckets.set(user, { tokens: passes ? filled - 1 : filled, at: now });
    return passes;
  }
}
