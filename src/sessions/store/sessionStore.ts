import { BoundedQueue } from '../../common/boundedQueue.ts';
import { delay } from '../../common/clock.ts';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { Emitter } from '../../common/event.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import type { Holder } from '../../common/locks/holder.ts';
import type { IndexFile } from './indexFile.ts';
import type { LeftSecrets } from './leftSecrets.ts';
import type { LocalSessions } from './localSessions.ts';
import type { Locks } from '../../common/locks/locks.ts';
import { joinNewer, NOTHING_NEWER } from './newerIndex.ts';
import type { Session } from '../session.ts';
import { formatIndex, isSignedOut, parseIndex } from './indexFormat.ts';
import type { StoredSessions } from './indexFormat.ts';
import { sessionsChange } from './difference.ts';
import type { SessionsChange } from './difference.ts';
import { CHANGE_SETTLE_MS, SharedFolder } from './sharedFolder.ts';
import { PendingWrites } from './pendingWrites.ts';

/** What a transaction leaves behind, and what it tells its caller. */
export interface Outcome<T> {
  readonly sessions: readonly Session[];
  readonly result: T;
}

/**
 * A transaction's work. `isExclusive`: the sessions are as they lie on the disk, and nobody else changes them
 * meanwhile; otherwise they are what this window last knew.
 */
export type Change<T> = (sessions: readonly Session[], isExclusive: boolean) => Promise<Outcome<T>>;

interface SessionStoreParts {
  readonly file: IndexFile;
  readonly locks: Locks;
  readonly holder: Holder;
  readonly local: LocalSessions;
  readonly leftSecrets: LeftSecrets;
  readonly clock: Clock;
  readonly log: Log;
}

const INDEX_LOCK = 'index';
/** Longer than any transaction should take; a window suspended in the middle of one must not stop the others. */
const LOCK_WAIT_MS = 6000;
/** The disk may hang. In milliseconds. */
const DISK_WAIT_MS = 5000;
/** How often the file is read again because a later read was quicker. */
const MAX_READS = 3;

/**
 * The sessions of this machine, shared with the other windows through the index file.
 * What this window could not save, it keeps and saves with the next change: a storage error never loses a session.
 */
export class SessionStore implements Disposable {
  readonly #parts: SessionStoreParts;
  readonly #reading: BoundedQueue;
  readonly #writing: BoundedQueue;
  readonly #changed = new Emitter<SessionsChange>();
  readonly #updated = new Emitter<void>();
  readonly #pending = new PendingWrites();
  readonly #folder: SharedFolder;
  readonly #disposed = new AbortController();
  #sessions: readonly Session[] = [];
  /** Those of them that are signed in on this machine. */
  #local: readonly Session[] = [];
  /** As in the file that `#sessions` comes from; `'unread'` before the first. */
  #rebuiltAt: number | undefined | 'unread' = 'unread';
  /** What was read last: most reads find the file as it was. */
  #read: { readonly text: string; readonly stored: StoredSessions } | undefined;
  /** Reads of the file, counted as they begin, and the one `#sessions` comes from: an older read never replaces it. */
  #readSequence = 0;
  #publishedSequence = 0;
  #failedToSaveAt = -Infinity;
  /** Transactions of this window, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly onDidChange = this.#changed.event;
  /** Something about the sessions is to be shown anew, be it what users of sessions need not know. */
  readonly onDidUpdate = this.#updated.event;

  constructor(parts: SessionStoreParts) {
    this.#parts = parts;
    this.#folder = new SharedFolder(parts);
    this.#reading = new BoundedQueue(parts.clock, DISK_WAIT_MS);
    this.#writing = new BoundedQueue(parts.clock, DISK_WAIT_MS);
  }

  /** The sessions of this machine, as this window last saw them. */
  get sessions(): readonly Session[] {
    return this.#local;
  }

  /** Those of other machines with the same folder, too. */
  get allSessions(): readonly Session[] {
    return this.#sessions;
  }

  /** Whether the file has been read at all. */
  get isRead(): boolean {
    return this.#rebuiltAt !== 'unread';
  }

  get hasUnsaved(): boolean {
    return !this.#pending.isEmpty;
  }

  /** Whether this window knows something of the session that the file does not. */
  isUnsaved(id: string): boolean {
    return this.#pending.has(id);
  }

  /** Whether another machine has written to the file lately: no lock keeps it out for certain. */
  get isShared(): boolean {
    return this.#folder.isShared;
  }

  /** When the file last could not be written: milliseconds since the epoch, -Infinity for never. */
  get failedToSaveAt(): number {
    return this.#failedToSaveAt;
  }

  /** Reads what the other windows have done. When the file cannot be read, things stay as last seen. */
  async reload(): Promise<readonly Session[]> {
    for (let reads = 0; reads < MAX_READS; reads += 1) {
      const sequence = ++this.#readSequence;
      const known = this.#read;
      const stored = await this.#readFile();
      if (stored === undefined) {
        break;
      }
      if (sequence > this.#publishedSequence) {
        this.#pending.recall(stored);
        // Where another window could save, so can this one.
        const canSave = !this.#pending.isEmpty && this.#read !== known;
        if (canSave || this.#hasLost(stored) || this.#folder.isUnannounced) {
          await this.transact(unchanged);
        } else {
          this.#publish(this.#merged(stored), sequence);
        }
        break;
      }
    }
    return this.#local;
  }

  /**
   * Changes the sessions while no other window does. `change` runs once.
   * @throws what `change` throws
   */
  transact<T>(change: Change<T>): Promise<T> {
    // What counts is when the person acted: a window may be suspended before it can say so.
    const calledAt = this.#parts.clock.now();
    const run = this.#queue.then(() => this.#transact(change, calledAt));
    this.#queue = run.catch(() => undefined);
    return run;
  }

  async #transact<T>(change: Change<T>, calledAt: number): Promise<T> {
    const lock = await this.#lock();
    try {
      const found = await this.#readFile();
      const stored = found?.damaged === true ? await this.#restoreCopy(found) : found;
      const isExclusive = lock !== undefined && stored !== undefined && stored.isReadOnly !== true;
      const repairs = stored !== undefined && (this.#hasLost(stored) || this.#folder.isUnannounced);
      const before = stored === undefined ? this.#sessions : this.#merged(stored);
      const { sessions, result } = await change(before, isExclusive);
      this.#pending.note(before, sessions, calledAt);
      const isToSave = isExclusive && (repairs || !this.#pending.isEmpty);
      this.#publish(isToSave ? await this.#save(sessions, stored) : sessions, ++this.#readSequence);
      return result;
    } finally {
      void this.#release(lock);
    }
  }

  /** A write that hangs may still arrive: until then nobody else may write. */
  async #release(lock: Disposable | undefined): Promise<void> {
    if (this.#writing.isHanging) {
      await this.#writing.idle();
    }
    lock?.dispose();
  }

  /** What this window does not remember is in the file's copy. */
  async #restoreCopy(stored: StoredSessions): Promise<StoredSessions> {
    const text = await this.#readCopy().catch(() => undefined);
    if (text === undefined) {
      return stored;
    }
    const known = new Set([...stored.sessions, ...this.#sessions].map(({ id }) => id));
    const { sessions, leftSecrets = [], newer = NOTHING_NEWER } = parseIndex(text);
    this.#pending.restore(sessions.filter(({ id }) => !known.has(id)));
    return {
      ...stored,
      leftSecrets: [...(stored.leftSecrets ?? []), ...leftSecrets],
      newer: joinNewer(stored.newer ?? NOTHING_NEWER, newer),
    };
  }

  /** The ids of sessions that are gone, and whose secrets may still be there: by the file as it was last read. */
  get leftSecrets(): readonly string[] {
    const { sessions = [], leftSecrets = [], newer } = this.#read?.stored ?? {};
    const ids = new Set([...sessions, ...(newer?.sessions ?? [])].map(({ id }) => id));
    return leftSecrets.filter((id) => !ids.has(id) && !this.#pending.has(id));
  }

  /** Saves what an earlier change could not, if anything. */
  async saveUnsaved(): Promise<void> {
    if (!this.#pending.isEmpty) {
      await this.transact(unchanged);
    }
  }

  /** Without the lock a change stays in this window, to be saved with a later one. */
  async #lock(): Promise<Disposable | undefined> {
    try {
      const lock = await this.#parts.locks.acquire(INDEX_LOCK, LOCK_WAIT_MS);
      if (lock === undefined) {
        this.#parts.log.warn({ operation: 'lock index', outcome: 'held by another window' });
      }
      return lock;
    } catch (error) {
      this.#parts.log.warn({ operation: 'lock index', outcome: 'failed', code: errorCode(error) });
      return undefined;
    }
  }

  /** `undefined` when the file cannot be read just now: then nothing may be written over it either. */
  async #readFile(): Promise<StoredSessions | undefined> {
    try {
      const text = await this.#reading.run(() => this.#parts.file.read());
      if (text === undefined) {
        // Where there was one before, it is lost.
        const isKnown = this.isRead && this.#sessions.length > 0;
        const isLost = isKnown || (await this.#readCopy()) !== undefined;
        return { sessions: [], damaged: isLost, signedOut: [] };
      }
      if (this.#read?.text !== text) {
        this.#read = { text, stored: parseIndex(text) };
        this.#folder.note(this.#read.stored.hosts ?? []);
        if (this.#read.stored.isReadOnly === true) {
          this.#parts.log.warn({ operation: 'read index', outcome: "a newer version's, not written" });
        }
      }
      return this.#read.stored;
    } catch (error) {
      this.#parts.log.warn({ operation: 'read index', outcome: 'failed', code: errorCode(error) });
      return undefined;
    }
  }

  #readCopy(): Promise<string | undefined> {
    return this.#reading.run(() => this.#parts.file.readCopy());
  }

  /** Whether sessions may be missing from the file that nobody has signed out. */
  #hasLost({ damaged, rebuiltAt }: StoredSessions): boolean {
    return damaged || (this.isRead && this.#rebuiltAt !== rebuiltAt);
  }

  #merged(stored: StoredSessions): readonly Session[] {
    if (this.#hasLost(stored)) {
      const found = new Set(stored.sessions.map(({ id }) => id));
      const isLost = (session: Session): boolean =>
        !found.has(session.id) && !isSignedOut(session.id, session.signedInAt, stored.signedOut);
      this.#pending.restore(this.#sessions.filter(isLost));
    }
    this.#rebuiltAt = stored.rebuiltAt;
    this.#pending.recall(stored);
    return this.#pending.applyTo(stored);
  }

  /** @returns the sessions with what another machine did meanwhile */
  async #save(sessions: readonly Session[], stored: StoredSessions): Promise<readonly Session[]> {
    const { isShared } = this;
    // No lock keeps another machine from writing: what it does not do in the moment before ours, it can see.
    const latest = isShared ? await this.#readFile() : undefined;
    const isUsable = latest?.damaged === false;
    const merged = isUsable ? this.#merged(latest) : sessions;
    await this.#write(merged, isUsable ? latest : stored, isShared);
    return merged;
  }

  async #write(
    sessions: readonly Session[],
    { damaged, ...stored }: StoredSessions,
    isShared: boolean,
  ): Promise<void> {
    const { file, clock, log } = this.#parts;
    const onSaved = this.#pending.saving(isShared);
    try {
      if (damaged) {
        await this.#writing.run(() => file.setAside());
        log.warn({ operation: 'read index', outcome: 'damaged, set aside' });
      }
      const rebuiltAt = damaged ? clock.now() : stored.rebuiltAt;
      const kept = new Set(sessions.map(({ id }) => id));
      const signedOut = [...stored.signedOut, ...this.#pending.removed].filter(({ id }) => !kept.has(id));
      const leftSecrets = this.#parts.leftSecrets.merge(stored.leftSecrets ?? [], kept);
      const hosts = this.#folder.hosts();
      const index = { ...stored, sessions, signedOut, leftSecrets, hosts };
      const text = formatIndex({ ...index, ...(rebuiltAt !== undefined && { rebuiltAt }) });
      await this.#writing.run(() => file.replace(text));
      this.#rebuiltAt = rebuiltAt;
      onSaved();
      if (isShared) {
        void this.#confirm();
      }
    } catch (error) {
      this.#failedToSaveAt = clock.now();
      const outcome = 'failed, kept in memory';
      log.warn({ operation: 'save index', outcome, code: errorCode(error) });
    }
  }

  /** Another machine may write over what is saved without having seen it: looks whether it is there to stay. */
  async #confirm(): Promise<void> {
    const confirmed = this.#pending.confirming();
    try {
      await delay(this.#parts.clock, CHANGE_SETTLE_MS, this.#disposed.signal);
    } catch {
      return;
    }
    const stored = await this.#readFile();
    if (stored === undefined) {
      return this.#confirm();
    }
    this.#pending.recall(stored);
    confirmed();
    await (this.hasUnsaved ? this.saveUnsaved() : this.reload());
  }

  #publish(sessions: readonly Session[], sequence: number): void {
    this.#sessions = sessions;
    this.#publishedSequence = sequence;
    this.update();
  }

  /** Shows what {@link sessions} are by now: call it when what is here has changed. */
  update(): void {
    const before = this.#local;
    const sessions = this.#parts.local.select(this.#sessions);
    this.#local = sessions;
    const change = sessionsChange(before, sessions);
    if (change !== undefined) {
      this.#changed.fire(change);
    }
    const isSame = (session: Session, index: number): boolean => session === before[index];
    if (sessions.length !== before.length || !sessions.every(isSame)) {
      this.#updated.fire();
    }
  }

  dispose(): void {
    this.#disposed.abort();
    this.#changed.dispose();
    this.#updated.dispose();
  }
}

async function unchanged(sessions: readonly Session[]): Promise<Outcome<void>> {
  return { sessions, result: undefined };
}
