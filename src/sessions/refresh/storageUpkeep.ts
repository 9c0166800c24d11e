import type { SessionStore } from '../store/sessionStore.ts';

/** What this window could not save yet. */
export interface UnsavedWrites {
  exists(): boolean;
  /** Tries to save it. */
  save(): Promise<void>;
}

/** Where changes of the file go unnoticed, they are seen after this. */
const RELOAD_MS = 5 * 60_000;
/** The same in a folder that other machines write to: no event tells of their changes. */
const SHARED_RELOAD_MS = 60_000;
/** Between attempts to save what could not be saved. */
const SAVE_PAUSE_MS = 20_000;

/** When to read what other windows have done, and to save what could not be saved. Times are milliseconds since the epoch. */
export class StorageUpkeep {
  readonly #store: SessionStore;
  readonly #unsaved: UnsavedWrites;
  #reloadedAt = 0;
  #savedAt = 0;

  constructor(store: SessionStore, unsaved: UnsavedWrites) {
    this.#store = store;
    this.#unsaved = unsaved;
  }

  /** Whether there is something left to do, sessions or not. */
  get isPending(): boolean {
    return this.#unsaved.exists() || !this.#store.isRead;
  }

  /** @param wasAsleep whether the machine was: then other windows may have done much */
  isReloadDue(now: number, wasAsleep: boolean): boolean {
    const { isShared, isRead } = this.#store;
    return wasAsleep || !isRead || isPast(this.#reloadedAt, isShared ? SHARED_RELOAD_MS : RELOAD_MS, now);
  }

  reload(now: number): Promise<unknown> {
    this.#reloadedAt = now;
    return this.#store.reload();
  }

  isSaveDue(now: number): boolean {
    return this.#unsaved.exists() && isPast(this.#savedAt, SAVE_PAUSE_MS, now);
  }

  save(now: number): Promise<void> {
    this.#savedAt = now;
    return this.#unsaved.save();
  }
}

/** Also where the clock was set back to before `since`. */
function isPast(since: number, ms: number, now: number): boolean {
  return now - since > ms || now < since;
}
