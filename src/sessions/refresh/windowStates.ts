import type { Random } from '../../common/random.ts';
import type { Session, Version } from '../session.ts';
import { isSameVersion } from '../sessionVersions.ts';

/** What this window knows of one version of a session, and no other window does. */
export interface WindowState extends Version {
  /** From [0, 1): this window's place in the spread. */
  readonly jitter: number;
  /** Milliseconds since the epoch; before that this window does nothing about the session unless someone waits. */
  readonly notBefore: number;
  /** The clock was set back during its lifetime, so that nobody knows how old it is. */
  readonly isDoubtful: boolean;
  /** How often in a row another window had the session's lock. */
  readonly timesBusy: number;
  /** How often in a row the vault has said that there are no tokens, and since when: milliseconds since the epoch. */
  readonly timesMissed: number;
  readonly missedSince?: number;
}

/** When another window refreshes, it is most likely done by then; doubled each time it is not. */
const BUSY_PAUSE_MS = 2000;
const MAX_BUSY_PAUSE_MS = 60_000;
/** A vault that says for so long, and so often, that there are no tokens is to be believed. */
const MIN_MISSED_MS = 10 * 60_000;
const MIN_TIMES_MISSED = 5;

/** What this window knows of each session. Of a new version of a session it knows nothing yet. All times are in milliseconds. */
export class WindowStates {
  readonly #random: Random;
  readonly #states = new Map<string, WindowState>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** Draws the jitter of `session`, if it is new or of a new version. */
  add(session: Session): void {
    if (this.#known(session) === undefined) {
      this.#states.set(session.id, initialState(session, this.#random.uniform()));
    }
  }

  /** Forgets all but these. */
  prune(sessions: readonly Session[]): void {
    const ids = new Set(sessions.map(({ id }) => id));
    for (const id of this.#states.keys()) {
      if (!ids.has(id)) {
        this.#states.delete(id);
      }
    }
  }

  /** Of a version that was not added: as if this window were the first in the spread. */
  of(session: Session): WindowState {
    return this.#known(session) ?? initialState(session, 0);
  }

  #known(session: Session): WindowState | undefined {
    const known = this.#states.get(session.id);
    return known !== undefined && isSameVersion(known, session) ? known : undefined;
  }

  /** The clock was set back. */
  doubtAll(): void {
    for (const [id, known] of this.#states) {
      this.#states.set(id, { ...known, isDoubtful: true, notBefore: 0 });
    }
  }

  pause(session: Session, until: number): void {
    this.#states.set(session.id, { ...this.of(session), notBefore: until });
  }

  /** Another window has the session's lock: leaves it alone for a while. */
  noteBusy(session: Session, now: number): void {
    const known = this.of(session);
    const pauseMs = Math.min(BUSY_PAUSE_MS * 2 ** known.timesBusy, MAX_BUSY_PAUSE_MS);
    this.#states.set(session.id, { ...known, timesBusy: known.timesBusy + 1, notBefore: now + pauseMs });
  }

  /** The vault has no tokens that would do, or, where that is not certain, cannot be read. */
  noteMissedTokens(session: Session, isCertain: boolean, now: number): void {
    const known = this.of(session);
    const missedSince = isCertain ? (known.missedSince ?? now) : now;
    const timesMissed = isCertain ? known.timesMissed + 1 : 0;
    this.#states.set(session.id, { ...known, timesMissed, missedSince });
  }

  /** Whether the vault has said so for so long that it is to be believed. */
  areTokensLost(session: Session, now: number): boolean {
    const { timesMissed, missedSince = now } = this.of(session);
    return timesMissed >= MIN_TIMES_MISSED && now - missedSince >= MIN_MISSED_MS;
  }
}

function initialState({ signedInAt, generation }: Session, jitter: number): WindowState {
  return {
    signedInAt,
    generation,
    jitter,
    notBefore: 0,
    isDoubtful: false,
    timesBusy: 0,
    timesMissed: 0,
  };
}
