import { WorkTimeout } from '../../common/boundedQueue.ts';
import type { Disposable } from '../../common/disposable.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import type { Locks } from '../../common/locks/locks.ts';
import type { PendingWrites } from '../store/pending/pendingWrites.ts';

/** Whether a piece of work runs under a lock, or under none because the disk offers none. */
export type Exclusion = 'locked' | 'unlocked';

/** The lock of each session's refresh, held for as long as only this window knows what came of it. */
export class RefreshLocks implements Disposable {
  readonly #locks: Locks;
  readonly #pending: PendingWrites;
  readonly #log: Log;
  readonly #kept = new Map<string, Disposable>();
  /** Refreshed where nothing could be locked, and unsaved since. */
  readonly #unlocked = new Set<string>();

  constructor(locks: Locks, pending: PendingWrites, log: Log) {
    this.#locks = locks;
    this.#pending = pending;
    this.#log = log;
  }

  /**
   * Runs `work` while no other window refreshes the session. Afterwards the lock stays taken while the
   * session is unsaved: another window would refresh with a token that is spent.
   * @returns `'busy'` when another window has the lock, or may have it
   * @throws what `work` throws
   */
  async run<T>(id: string, work: (exclusion: Exclusion) => Promise<T>): Promise<T | 'busy'> {
    const lock = this.#kept.get(id) ?? (await this.#acquire(id));
    if (lock === 'busy' || lock === 'hanging') {
      return 'busy';
    }
    this.#kept.delete(id);
    try {
      return await work(lock === undefined ? 'unlocked' : 'locked');
    } finally {
      if (lock !== undefined) {
        this.#kept.set(id, lock);
        this.#releaseSaved(id, lock);
      } else if (this.#pending.has(id)) {
        this.#unlocked.add(id);
      }
    }
  }

  /** Locks what could not be locked when it was refreshed, and is still unsaved. */
  async lockUnsaved(): Promise<void> {
    for (const id of this.#unlocked) {
      const lock = this.#pending.has(id) ? await this.#acquire(id) : 'busy';
      if (lock === undefined || lock === 'hanging') {
        continue;
      }
      this.#unlocked.delete(id);
      if (lock !== 'busy') {
        this.#kept.set(id, lock);
      }
    }
  }

  /** Releases what was kept, where the session is saved by now. */
  releaseSaved(): void {
    for (const [id, lock] of this.#kept) {
      this.#releaseSaved(id, lock);
    }
  }

  #releaseSaved(id: string, lock: Disposable): void {
    if (!this.#pending.has(id)) {
      this.#kept.delete(id);
      lock.dispose();
    }
  }

  /**
   * Without a usable lock this window is on its own: a rare double refresh beats a session that ends. While the disk
   * hangs another window may well hold the lock.
   */
  async #acquire(id: string): Promise<Disposable | 'busy' | 'hanging' | undefined> {
    try {
      return (await this.#locks.acquire(refreshLock(id), 0)) ?? 'busy';
    } catch (error) {
      const code = errorCode(error);
      if (error instanceof WorkTimeout) {
        this.#log.warn({ operation: 'lock refresh', outcome: 'no answer, postponed', session: id, code });
        return 'hanging';
      }
      this.#log.warn({ operation: 'lock refresh', outcome: 'failed, going on unlocked', session: id, code });
      return undefined;
    }
  }

  dispose(): void {
    for (const lock of this.#kept.values()) {
      lock.dispose();
    }
    this.#kept.clear();
  }
}

/** The name of the lock for a session's refresh. */
export function refreshLock(id: string): string {
  return `refresh-${id}`;
}
