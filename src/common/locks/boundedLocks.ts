import { WorkTimeout } from '../boundedQueue.ts';
import type { Clock } from '../clock.ts';
import type { Disposable } from '../disposable.ts';
import { withTimeout } from '../timeout.ts';
import type { Locks } from './locks.ts';

/** What taking a free lock may take on a disk that is merely slow. */
const DISK_WAIT_MS = 3000;

/**
 * {@link Locks} on a disk that may hang: nobody waits longer than a few seconds more than they meant to. A lock that
 * comes after that is released at once; until then no other one is tried.
 */
export class BoundedLocks implements Locks {
  readonly #locks: Locks;
  readonly #clock: Clock;
  #hanging = 0;

  constructor(locks: Locks, clock: Clock) {
    this.#locks = locks;
    this.#clock = clock;
  }

  /** @throws WorkTimeout when the disk does not answer: then nobody knows who holds the lock */
  async acquire(name: string, waitMs: number): Promise<Disposable | undefined> {
    const limitMs = waitMs + DISK_WAIT_MS;
    if (this.#hanging > 0) {
      throw new WorkTimeout(limitMs);
    }
    const acquiring = this.#locks.acquire(name, waitMs);
    const tooSlow = (): Error => {
      void this.#release(acquiring);
      return new WorkTimeout(limitMs);
    };
    return withTimeout(this.#clock, limitMs, tooSlow, acquiring);
  }

  async #release(late: Promise<Disposable | undefined>): Promise<void> {
    this.#hanging += 1;
    const lock = await late.catch(() => undefined);
    this.#hanging -= 1;
    lock?.dispose();
  }

  discard(name: string): Promise<void> {
    return this.#locks.discard(name);
  }

  dispose(): void {
    this.#locks.dispose();
  }
}
