import type { Disposable } from '../../common/disposable.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import type { Locks } from '../../common/locks/locks.ts';

const INDEX_LOCK = 'index';
/** Longer than any transaction should take; a window suspended in the middle of one must not stop the others. */
const LOCK_WAIT_MS = 6000;

/** Keeps the windows of a machine from writing the index file at the same time. */
export class IndexLock {
  readonly #locks: Locks;
  readonly #log: Log;

  constructor(locks: Locks, log: Log) {
    this.#locks = locks;
    this.#log = log;
  }

  /** @returns `undefined` where it cannot be had. Never rejects. */
  async acquire(): Promise<Disposable | undefined> {
    try {
      const lock = await this.#locks.acquire(INDEX_LOCK, LOCK_WAIT_MS);
      if (lock === undefined) {
        this.#log.warn({ operation: 'lock index', outcome: 'held by another window' });
      }
      return lock;
    } catch (error) {
      this.#log.warn({ operation: 'lock index', outcome: 'failed', code: errorCode(error) });
      return undefined;
    }
  }
}
