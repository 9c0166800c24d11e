import { setImmediate as nextTurn } from 'node:timers/promises';

import type { Clock } from '../../src/common/clock.ts';
import { once } from '../../src/common/disposable.ts';
import type { Disposable } from '../../src/common/disposable.ts';

/** Time that passes only when a test says so. */
export class VirtualClock implements Clock {
  #now: number;
  readonly #timers = new Set<{ at: number; readonly callback: () => void }>();

  /** @param now milliseconds since the epoch */
  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  schedule(callback: () => void, delayMs: number): Disposable {
    const timer = { at: this.#now + Math.max(delayMs, 0), callback };
    this.#timers.add(timer);
    return { dispose: once(() => void this.#timers.delete(timer)) };
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** How long each timer still has to wait, in milliseconds. */
  get delays(): readonly number[] {
    return [...this.#timers].map(({ at }) => at - this.#now);
  }

  /** Sets the clock back, as a user or a time server does: timers keep their distance. */
  setBack(ms: number): void {
    this.#now -= ms;
    this.#shiftTimers(-ms);
  }

  /** Sets the clock ahead: timers keep their distance. */
  setAhead(ms: number): void {
    this.setBack(-ms);
  }

  /** Lets the machine sleep: time passes, timers stand still. */
  sleep(ms: number): void {
    this.#now += ms;
    this.#shiftTimers(ms);
  }

  #shiftTimers(ms: number): void {
    for (const timer of this.#timers) {
      timer.at += ms;
    }
  }

  /** Lets `ms` milliseconds pass, timer by timer, and lets what each one sets off settle before the next. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (let next = this.#nextBefore(until); next !== undefined; next = this.#nextBefore(until)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
      await settled();
    }
    this.#now = until;
  }

  #nextBefore(until: number): { readonly at: number; readonly callback: () => void } | undefined {
    return [...this.#timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  }
}

/** Resolves once all that can happen without time passing has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await nextTurn();
  }
}
