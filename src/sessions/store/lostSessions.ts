import type { Session } from '../session.ts';
import { isSignedOut, parseIndex } from './indexFormat.ts';
import type { StoredSessions } from './indexFormat.ts';
import type { IndexReader } from './indexReader.ts';
import type { KnownSessions } from './knownSessions.ts';
import { joinNewer, NOTHING_NEWER } from './newerIndex.ts';
import type { PendingChanges } from './pending/pendingChanges.ts';

/** The sessions that a damaged index file has lost: what this window remembers, or the file's copy has, goes in again. */
export class LostSessions {
  readonly #reader: IndexReader;
  readonly #known: KnownSessions;
  readonly #pending: PendingChanges;
  /** As in the file that the known sessions come from; `'unread'` before the first. */
  #rebuiltAt: number | undefined | 'unread' = 'unread';

  constructor(reader: IndexReader, known: KnownSessions, pending: PendingChanges) {
    this.#reader = reader;
    this.#known = known;
    this.#pending = pending;
  }

  /** Whether the file has been read at all. */
  get isRead(): boolean {
    return this.#rebuiltAt !== 'unread';
  }

  /** Whether sessions may be missing from the file that nobody has signed out. */
  areMissingFrom({ damaged, rebuiltAt }: StoredSessions): boolean {
    return damaged || (this.isRead && this.#rebuiltAt !== rebuiltAt);
  }

  /** Restores what is in the copy of the damaged file and this window does not remember. Never rejects. */
  async restoreCopy(stored: StoredSessions): Promise<StoredSessions> {
    const text = await this.#reader.readCopy().catch(() => undefined);
    if (text === undefined) {
      return stored;
    }
    const known = new Set([...stored.sessions, ...this.#known.all].map(({ id }) => id));
    const { sessions, leftSecrets = [], newer = NOTHING_NEWER } = parseIndex(text);
    this.#pending.restore(sessions.filter(({ id }) => !known.has(id)));
    return {
      ...stored,
      leftSecrets: [...(stored.leftSecrets ?? []), ...leftSecrets],
      newer: joinNewer(stored.newer ?? NOTHING_NEWER, newer),
    };
  }

  /** Restores what this window remembers and the file has lost. To be called before the window takes over `stored`. */
  restoreKnown(stored: StoredSessions): void {
    if (this.areMissingFrom(stored)) {
      const found = new Set(stored.sessions.map(({ id }) => id));
      const isLost = (session: Session): boolean =>
        !found.has(session.id) && !isSignedOut(session.id, session.signedInAt, stored.signedOut);
      this.#pending.restore(this.#known.all.filter(isLost));
    }
    this.#rebuiltAt = stored.rebuiltAt;
  }

  /** This window has written the file. */
  noteWritten({ rebuiltAt }: Pick<StoredSessions, 'rebuiltAt'>): void {
    this.#rebuiltAt = rebuiltAt;
  }
}
