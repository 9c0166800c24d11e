import TinyQueue from 'tinyqueue';

import type { Disposable } from '../../src/common/disposable.ts';
import { once } from '../../src/common/disposable.ts';

interface Entry {
  readonly at: number;
  /** Breaks ties: first come, first served. */
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** After so many, the rest of the process gets a turn. */
const EVENTS_A_TURN = 10_000;

/** True time, and all that is going to happen. Runs the same way every time. */
export class World {
  readonly #entries = new TinyQueue<Entry>([], (a, b) => a.at - b.at || a.order - b.order);
  #order = 0;
  #now: number;
  events = 0;

  /** @param now milliseconds since the epoch */
  constructor(now = Date.UTC(2026, 0, 5)) {
    this.#now = now;
  }

  /** Milliseconds since the epoch: what the clocks of machines are off from. */
  get now(): number {
    return this.#now;
  }

  after(delayMs: number, run: () => void): Disposable {
    const entry = { at: this.#now + Math.max(delayMs, 0), order: this.#order++, run, cancelled: false };
    this.#entries.push(entry);
    return { dispose: once(() => void (entry.cancelled = true)) };
  }

  /** All that waits for nothing but promises comes before `step`, and nothing real: no timer, no file. */
  #settle(step: () => void): void {
    if (this.events % EVENTS_A_TURN === 0) {
      setImmediate(step);
    } else {
      queueMicrotask(() => process.nextTick(step));
    }
  }

  /** Runs until `at`, or until `isStopped`. What an event sets off settles before the next one. */
  run(at: number, isStopped: () => boolean = () => false): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          let next = this.#entries.peek();
          while (next?.cancelled === true) {
            this.#entries.pop();
            next = this.#entries.peek();
          }
          if (next === undefined || next.at > at || isStopped()) {
            this.#now = Math.max(this.#now, Math.min(at, next?.at ?? at));
            resolve();
            return;
          }
          this.#entries.pop();
          this.#now = next.at;
          this.events += 1;
          next.run();
          this.#settle(step);
        } catch (error) {
          reject(error);
        }
      };
      setImmediate(step);
    });
  }
}
