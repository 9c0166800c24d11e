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
  readonly #heap: Entry[] = [];
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
    push(this.#heap, entry);
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
          let next = this.#heap[0];
          while (next?.cancelled === true) {
            pop(this.#heap);
            next = this.#heap[0];
          }
          if (next === undefined || next.at > at || isStopped()) {
            this.#now = Math.max(this.#now, Math.min(at, next?.at ?? at));
            resolve();
            return;
          }
          pop(this.#heap);
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

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.push(entry) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, entry)) {
      break;
    }
    heap[index] = above;
    index = parent;
  }
  heap[index] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) {
    return;
  }
  let index = 0;
  for (;;) {
    const left = 2 * index + 1;
    const right = left + 1;
    let child = heap[left];
    let at = left;
    const other = heap[right];
    if (child !== undefined && other !== undefined && isBefore(other, child)) {
      child = other;
      at = right;
    }
    if (child === undefined || isBefore(last, child)) {
      break;
    }
    heap[index] = child;
    index = at;
  }
  heap[index] = last;
}
