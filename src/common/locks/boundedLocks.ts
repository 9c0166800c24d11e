import { WorkTimeout } from '../boundedQueue.ts';
import type { Clock } from '../clock.ts';
import type { Disposable } from '../disposable.ts';
import { withTimeout } from '../timeout.ts';
import type { Locks } from './locks.ts';

/**
 * {@link Locks} on a disk that may hang: nobody waits longer than a few seconds more than they meant to. A lock that
 * comes after that is released at once; until then no other one is tried.
 */
export class BoundedLocks implements Locks {
  readonly #locks: Locks;
  readonly #clock: Clock;
  readonly #graceMs: number;
  #hanging = 0;

  /** @param graceMs milliseconds beyond the wait that is asked for: what a disk that is merely slow may take */
  constructor(locks: Locks, clock: Clock, graceMs: number) {
    this.#locks = locks;
    this.#clock = clock;
    this.#graceMs = graceMs;
  }

  /** @throws WorkTimeout when the disk does not answer: then nobody knows who holds the lock */
  async acquire(name: string, waitMs: number): Promise<Disposable | undefined> {
    const limitMs = waitMs + this.#graceMs;
    // Each would occupy one of the few threads of the extension host that wait for disks.
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
