import { delay } from '../../common/clock.ts';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import type { Event } from '../../common/event.ts';
import type { Log } from '../../common/log.ts';
import type { Holder } from '../../common/locks/holder.ts';
import type { Locks } from '../../common/locks/locks.ts';
import type { Session } from '../session.ts';
import type { SessionsChange } from './difference.ts';
import type { IndexFile } from './indexFile.ts';
import type { StoredSessions } from './indexFormat.ts';
import { IndexLock } from './indexLock.ts';
import { IndexReader } from './indexReader.ts';
import { IndexWriter } from './indexWriter.ts';
import { KnownSessions } from './knownSessions.ts';
import type { LocalSessions } from './localSessions.ts';
import { LostSessions } from './lostSessions.ts';
import type { PendingWrites } from './pending/pendingWrites.ts';
import { CHANGE_SETTLE_MS, SharedFolder } from './sharedFolder.ts';
import { unchanged } from './transaction.ts';
import type { Change, Saved } from './transaction.ts';

interface SessionStoreParts {
  readonly file: IndexFile;
  readonly locks: Locks;
  readonly holder: Holder;
  readonly local: LocalSessions;
  readonly pending: PendingWrites;
  readonly clock: Clock;
  readonly log: Log;
}

/** How often the file is read again because a later read was quicker. */
const MAX_READS = 3;

/**
 * The sessions of this machine, shared with the other windows through the index file.
 * What this window could not save, it keeps and saves with the next change: a storage error never loses a session.
 */
export class SessionStore implements Disposable {
  readonly #lock: IndexLock;
  readonly #clock: Clock;
  readonly #pending: PendingWrites;
  readonly #folder: SharedFolder;
  readonly #reader: IndexReader;
  readonly #writer: IndexWriter;
  readonly #local: LocalSessions;
  readonly #known: KnownSessions;
  readonly #lost: LostSessions;
  readonly #disposed = new AbortController();
  /** Transactions of this window, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly onDidChange: Event<SessionsChange>;
  /** Fires when anything of the sessions changed, be it what users of sessions need not know. */
  readonly onDidUpdate: Event<void>;

  constructor({ file, locks, holder, local, pending, clock, log }: SessionStoreParts) {
    this.#lock = new IndexLock(locks, log);
    this.#clock = clock;
    this.#pending = pending;
    this.#folder = new SharedFolder({ holder, clock, log });
    this.#reader = new IndexReader({ file, folder: this.#folder, clock, log });
    this.#writer = new IndexWriter({ file, folder: this.#folder, pending, clock, log });
    this.#local = local;
    this.#known = new KnownSessions(local);
    const lost = { reader: this.#reader, known: this.#known, pending: pending.changes, holder, clock };
    this.#lost = new LostSessions(lost);
    this.onDidChange = this.#known.onDidChange;
    this.onDidUpdate = this.#known.onDidUpdate;
  }

  /** The sessions of this machine, as this window last saw them. */
  get sessions(): readonly Session[] {
    return this.#known.here;
  }

  /** Those of the account with this id. */
  ofAccount(id: string): readonly Session[] {
    return this.#known.byAccount.get(id) ?? [];
  }

  /** Whether the file has been read at all. */
  get isRead(): boolean {
    return this.#lost.isRead;
  }

  /** Whether another machine has written to the file lately: no lock keeps it out for certain. */
  get isShared(): boolean {
    return this.#folder.isShared;
  }

  /** When the file last could not be written: milliseconds since the epoch, -Infinity for never. */
  get failedToSaveAt(): number {
    return this.#writer.failedAt;
  }

  /** The ids of removed sessions whose secrets may still be there: by the file as it was last read. */
  get leftSecrets(): readonly string[] {
    return this.#reader.leftSecrets.filter((id) => !this.#pending.changes.has(id));
  }

  /** Reads what the other windows have done. When the file cannot be read, things stay as last seen. */
  async reload(): Promise<readonly Session[]> {
    for (let reads = 0; reads < MAX_READS; reads += 1) {
      const sequence = this.#known.beginRead();
      const before = this.#reader.last;
      const stored = await this.#read();
      if (stored === undefined) {
        break;
      }
      if (this.#known.isLatest(sequence)) {
        this.#pending.changes.recall(stored);
        // Where another window could save, so can this one.
        const canSave = !this.#pending.changes.isEmpty && this.#reader.last !== before;
        if (canSave || this.#lost.areMissingFrom(stored) || this.#folder.isUnannounced) {
          await this.transact(unchanged);
        } else {
          this.#known.publish(this.#merge(stored), sequence);
        }
        break;
      }
    }
    return this.sessions;
  }

  /** As {@link reload}, and finds out which sessions of other machines have their tokens here as well. */
  async reloadAndFindTokens(): Promise<void> {
    await this.reload();
    if (this.#known.here.length < this.#known.all.length) {
      await this.#local.findTokens(this.#known.all);
    }
  }

  /**
   * Changes the sessions while no other window does. `change` runs once.
   * @throws what `change` throws
   */
  transact<T>(change: Change<T>): Promise<T> {
    // What counts is when the user acted: a window may be suspended before it can say so.
    const calledAt = this.#clock.now();
    const run = this.#queue.then(() => this.#transact(change, calledAt));
    this.#queue = run.catch(() => undefined);
    return run;
  }

  async #transact<T>(change: Change<T>, calledAt: number): Promise<T> {
    // Without the lock a change stays in this window, to be saved with a later one.
    const lock = await this.#lock.acquire();
    try {
      const found = await this.#read();
      const stored = found?.damaged === true ? await this.#lost.restoreCopy(found) : found;
      // As it is by now; where it is not this window's to write, undefined.
      let file = lock === undefined || stored?.isReadOnly === true ? undefined : stored;
      const repairs =
        stored !== undefined && (this.#lost.areMissingFrom(stored) || this.#folder.isUnannounced);
      const before = stored === undefined ? this.#known.all : this.#merge(stored);
      const noteSecret = async (id: string): Promise<void> => {
        this.#pending.secrets.noteNew(id);
        file = file && ((await this.#save(before, file)).file ?? file);
      };
      const { sessions, result } = await change(before, file !== undefined, noteSecret);
      this.#pending.changes.note(before, sessions, calledAt);
      const isToSave = repairs || !this.#pending.changes.isEmpty;
      const saved = file !== undefined && isToSave ? await this.#save(sessions, file) : { sessions };
      this.#known.publish(saved.sessions);
      return result;
    } finally {
      void this.#writer.release(lock);
    }
  }

  /** Saves what an earlier change could not, if anything. */
  async saveUnsaved(): Promise<void> {
    if (!this.#pending.changes.isEmpty) {
      await this.transact(unchanged);
    }
  }

  #read(): Promise<StoredSessions | undefined> {
    return this.#reader.read(this.isRead && this.#known.all.length > 0);
  }

  /** Takes over what is in the file. @returns the sessions in it, with what this window has yet to save */
  #merge(stored: StoredSessions): readonly Session[] {
    this.#lost.restoreKnown(stored);
    this.#pending.changes.recall(stored);
    return this.#pending.changes.applyTo(stored);
  }

  /** @returns the sessions with what another machine did meanwhile, and the file where it could be written */
  async #save(sessions: readonly Session[], stored: StoredSessions): Promise<Saved> {
    const { isShared } = this;
    // No lock keeps another machine from writing: what it does not do in the moment before ours, it can see.
    const latest = isShared ? await this.#read() : undefined;
    const isUsable = latest?.damaged === false;
    const merged = isUsable ? this.#merge(latest) : sessions;
    const written = await this.#writer.write(merged, isUsable ? latest : stored, isShared);
    if (written === undefined) {
      return { sessions: merged };
    }
    this.#lost.noteWritten(written);
    void (isShared && this.#confirm());
    return { sessions: merged, file: written };
  }

  /** Another machine may write over what is saved without having seen it: checks that it remains. */
  async #confirm(): Promise<void> {
    const confirmed = this.#pending.changes.confirming();
    try {
      await delay(this.#clock, CHANGE_SETTLE_MS, this.#disposed.signal);
    } catch {
      return;
    }
    const stored = await this.#read();
    if (stored === undefined) {
      return this.#confirm();
    }
    this.#pending.changes.recall(stored);
    confirmed();
    await (this.#pending.changes.isEmpty ? this.reload() : this.saveUnsaved());
  }

  dispose(): void {
    this.#disposed.abort();
    this.#known.dispose();
  }
}
