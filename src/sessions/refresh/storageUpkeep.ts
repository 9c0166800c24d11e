import type { PendingWrites } from '../store/pending/pendingWrites.ts';
import type { SessionStore } from '../store/sessionStore.ts';
import type { TokenStore } from '../store/tokenStore.ts';
import type { RefreshLocks } from './refreshLocks.ts';

interface StorageUpkeepParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly pending: PendingWrites;
  readonly locks: RefreshLocks;
}

/** Where changes of the file go unnoticed, they are seen after this. */
const RELOAD_MS = 5 * 60_000;
/** The same in a folder that other machines write to: no event reports their changes. */
const SHARED_RELOAD_MS = 60_000;
/** Between attempts to save what could not be saved. */
const SAVE_PAUSE_MS = 20_000;

/** When to read what other windows have done, and to save what could not be saved. Times are milliseconds since the epoch. */
export class StorageUpkeep {
  readonly #parts: StorageUpkeepParts;
  #reloadedAt = 0;
  #savedAt = 0;

  constructor(parts: StorageUpkeepParts) {
    this.#parts = parts;
  }

  /** Whether there is something left to do, sessions or not. */
  get isPending(): boolean {
    const { pending, store } = this.#parts;
    return !pending.isEmpty || !store.isRead;
  }

  /** @param wasAsleep whether the machine was: then other windows may have done much */
  isReloadDue(now: number, wasAsleep: boolean): boolean {
    const { isShared, isRead } = this.#parts.store;
    return wasAsleep || !isRead || isPast(this.#reloadedAt, isShared ? SHARED_RELOAD_MS : RELOAD_MS, now);
  }

  reload(now: number): Promise<unknown> {
    this.#reloadedAt = now;
    return this.#parts.store.reload();
  }

  isSaveDue(now: number): boolean {
    return !this.#parts.pending.isEmpty && isPast(this.#savedAt, SAVE_PAUSE_MS, now);
  }

  async save(now: number): Promise<void> {
    this.#savedAt = now;
    const { store, tokens, locks } = this.#parts;
    await locks.lockUnsaved();
    await store.saveUnsaved();
    await tokens.saveUnsaved();
    locks.releaseSaved();
  }
}

/** Also where the clock was set back to before `since`. */
function isPast(since: number, ms: number, now: number): boolean {
  return now - since > ms || now < since;
}
