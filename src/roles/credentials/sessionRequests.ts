import type { Event } from '../../common/event.ts';
import type { SessionFilter } from '../../sessions/liveSessions.ts';
import type { RefreshOutcome } from '../../sessions/refresh/outcome.ts';
import type { LiveSession, Session, Version } from '../../sessions/session.ts';
import { isSameVersion } from '../../sessions/sessionVersions.ts';
import { SsoOidcError } from '../../wire/errors.ts';

/** The sessions that roles are taken and listed with: `SessionManager`, as far as it is needed. */
export interface Sessions {
  readonly sessions: readonly Session[];
  readonly onDidUpdate: Event<void>;
  getSessions(filter: SessionFilter): Promise<readonly LiveSession[]>;
  refreshNow(id: string): Promise<RefreshOutcome>;
}

/**
 * Requests to the portal, each with the token that its session has by then. A token may end before its time: the portal
 * rejects it, and a refresh decides whether the session has ended with it.
 */
export class SessionRequests {
  readonly #sessions: Sessions;
  /** By the ids of their sessions, the tokens that were rejected though they came for a rejected one. */
  readonly #rejected = new Map<string, Version>();

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /**
   * What `request` brings; sent once more where its token is rejected and there is a newer one.
   * @returns `undefined` where there is no token to be had just now
   * @throws what `request` throws
   */
  async send<T extends object>(
    session: Pick<Session, 'id' | 'account'>,
    request: (live: LiveSession) => Promise<T>,
  ): Promise<T | undefined> {
    const live = await this.#live(session);
    if (live === undefined) {
      return undefined;
    }
    try {
      return await request(live);
    } catch (error) {
      const newer = isTokenRejected(error) ? await this.#newerThan(live) : undefined;
      if (newer === undefined) {
        throw error;
      }
      return request(newer).catch((again: unknown) => {
        this.#noteRejected(newer, again);
        throw again;
      });
    }
  }

  /** The session with its token as of now, refreshed where that is due. */
  async #live({ id, account }: Pick<Session, 'id' | 'account'>): Promise<LiveSession | undefined> {
    return (await this.#sessions.getSessions({ account })).find(({ session }) => session.id === id);
  }

  async #newerThan({ session, tokens }: LiveSession): Promise<LiveSession | undefined> {
    const now = await this.#live(session);
    if (now === undefined || !isSameVersion(now.tokens, tokens)) {
      return now;
    }
    const rejected = this.#rejected.get(session.id);
    // Where a new token is rejected as well, another one would be.
    if (rejected !== undefined && isSameVersion(rejected, tokens)) {
      return undefined;
    }
    const isRefreshed = (await this.#sessions.refreshNow(session.id)).kind === 'fresh';
    return isRefreshed ? this.#live(session) : undefined;
  }

  #noteRejected({ session, tokens: { signedInAt, generation } }: LiveSession, error: unknown): void {
    if (isTokenRejected(error)) {
      this.#rejected.set(session.id, { signedInAt, generation });
    }
  }
}

/** Whether the portal itself says that the access token is not valid. */
function isTokenRejected(error: unknown): boolean {
  return error instanceof SsoOidcError && error.isDefinitive && error.code === 'UnauthorizedException';
}
