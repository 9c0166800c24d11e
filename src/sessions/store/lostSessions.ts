import type { Clock } from '../../common/clock.ts';
import type { Holder } from '../../common/locks/holder.ts';
import type { Session } from '../session.ts';
import { isLater } from '../sessionVersions.ts';
import { isSignedOut, parseIndex } from './indexFormat.ts';
import type { StoredSessions } from './indexFormat.ts';
import type { IndexReader } from './indexReader.ts';
import type { KnownSessions } from './knownSessions.ts';
import { joinNewer, NOTHING_NEWER } from './newerIndex.ts';
import type { PendingChanges } from './pending/pendingChanges.ts';

/** No process has this id, and no refresh token this hash. */
const UNKNOWN_PID = 0;
const UNKNOWN_TOKEN = 'unknown';

interface LostSessionsParts {
  readonly reader: IndexReader;
  readonly known: KnownSessions;
  readonly pending: PendingChanges;
  readonly holder: Holder;
  readonly clock: Clock;
}

/** The sessions that a damaged index file has lost: what this window remembers, or the file's copy has, goes in again. */
export class LostSessions {
  readonly #reader: IndexReader;
  readonly #known: KnownSessions;
  readonly #pending: PendingChanges;
  readonly #holder: Holder;
  readonly #clock: Clock;
  /** As in the file that the known sessions come from; `'unread'` before the first. */
  #rebuiltAt: number | undefined | 'unread' = 'unread';

  constructor({ reader, known, pending, holder, clock }: LostSessionsParts) {
    this.#reader = reader;
    this.#known = known;
    this.#pending = pending;
    this.#holder = holder;
    this.#clock = clock;
  }

  /** Whether the file has been read at all. */
  get isRead(): boolean {
    return this.#rebuiltAt !== 'unread';
  }

  /** Whether sessions may be missing from the file that nobody has signed out. */
  areMissingFrom({ damaged, rebuiltAt }: StoredSessions): boolean {
    return damaged || (this.isRead && this.#rebuiltAt !== rebuiltAt);
  }

  /**
   * Restores what is in the copy of the damaged file and this window does not remember, and who was signed out: other
   * windows may remember them. Never rejects.
   */
  async restoreCopy(stored: StoredSessions): Promise<StoredSessions> {
    const text = await this.#reader.readCopy().catch(() => undefined);
    if (text === undefined) {
      return stored;
    }
    const known = new Set([...stored.sessions, ...this.#known.all].map(({ id }) => id));
    const { sessions, signedOut, leftSecrets = [], newer = NOTHING_NEWER } = parseIndex(text);
    const unknown = sessions.filter(({ id }) => !known.has(id));
    this.#pending.restore(unknown.map((session) => this.#withUnknownIntent(session)));
    return {
      ...stored,
      signedOut: [
        ...signedOut.filter(({ id, at }) => !isSignedOut(id, at, stored.signedOut)),
        ...stored.signedOut,
      ],
      leftSecrets: [...(stored.leftSecrets ?? []), ...leftSecrets],
      newer: joinNewer(stored.newer ?? NOTHING_NEWER, newer),
    };
  }

  /** The copy does not say whether somebody has just sent the session's refresh token: whoever goes on waits for that. */
  #withUnknownIntent(session: Session): Session {
    const { state } = session;
    const intent = { ...this.#holder, pid: UNKNOWN_PID, tokenHash: UNKNOWN_TOKEN, at: this.#clock.now() };
    return state.kind === 'signedIn' ? { ...session, state: { ...state, intent } } : session;
  }

  /**
   * Restores what this window remembers and the file has lost, or has in an earlier version, as the copy may have had it.
   * To be called before the window takes over `stored`.
   */
  restoreKnown(stored: StoredSessions): void {
    if (this.areMissingFrom(stored)) {
      const found = new Map(stored.sessions.map((session) => [session.id, session]));
      const isLost = (session: Session): boolean => {
        const present = found.get(session.id);
        return present === undefined
          ? !isSignedOut(session.id, session.signedInAt, stored.signedOut)
          : isLater(session, present);
      };
      this.#pending.restore(this.#known.all.filter(isLost));
    }
    this.#rebuiltAt = stored.rebuiltAt;
  }

  /** This window has written the file. */
  noteWritten({ rebuiltAt }: Pick<StoredSessions, 'rebuiltAt'>): void {
    this.#rebuiltAt = rebuiltAt;
  }
}
