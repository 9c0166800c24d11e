import type { Clock } from '../../common/clock.ts';
import type { LiveSession, Session } from '../session.ts';
import type { SessionFilter } from '../liveSessions.ts';
import type { SessionManager } from '../sessionManager.ts';

/** Nobody is asked and answers, or approves in a browser, as quickly as this. In milliseconds. */
const QUEUED_MS = 1000;

/**
 * The sign-in that VS Code's queue has let through last. Two extensions may ask while nobody is signed in; the second
 * request then waits in the queue until the first is done, and comes right behind it: what that one brought serves both.
 */
export class RecentSignIn {
  readonly #sessions: SessionManager;
  readonly #clock: Clock;
  #last: { readonly id: string; readonly at: number } | undefined;

  constructor(sessions: SessionManager, clock: Clock) {
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /** To be called when a sign-in that VS Code asked for is done. */
  note({ id }: Session): void {
    this.#last = { id, at: this.#clock.now() };
  }

  /** The session of that sign-in, if it has just been made and answers this request as well. */
  async find(filter: SessionFilter): Promise<LiveSession | undefined> {
    const last = this.#last;
    const age = this.#clock.now() - (last?.at ?? -Infinity);
    if (last === undefined || age < 0 || age > QUEUED_MS) {
      return undefined;
    }
    const live = await this.#sessions.getSessions(filter);
    return live.find(({ session }) => session.id === last.id);
  }
}
