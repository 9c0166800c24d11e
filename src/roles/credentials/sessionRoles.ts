import { l10n, WordedError } from '../../common/words.ts';
import type { Event } from '../../common/event.ts';
import type { Connection } from '../../connections/connection.ts';
import type { SsoPortalClient } from '../../portal/client.ts';
import type { LiveSession, Session, Version } from '../../sessions/session.ts';
import { isSameVersion } from '../../sessions/sessionVersions.ts';
import type { RefreshOutcome } from '../../sessions/refresh/outcome.ts';
import type { SessionFilter } from '../../sessions/liveSessions.ts';
import { SsoOidcError } from '../../wire/errors.ts';
import type { RoleSessions, SessionAnswer } from './roleSessions.ts';
import type { RoleCredentials, SessionRole } from './roleCredentials.ts';

/** The sessions that roles are taken with: `SessionManager`, as far as it is needed. */
export interface Sessions {
  readonly sessions: readonly Session[];
  readonly onDidUpdate: Event<void>;
  getSessions(filter: SessionFilter): Promise<readonly LiveSession[]>;
}

interface RefreshableSessions extends Sessions {
  refreshNow(id: string): Promise<RefreshOutcome>;
}

/** @param portal a client of the access portal of a connection */
export function sessionRoles(
  sessions: RefreshableSessions,
  portal: (connection: Connection) => SsoPortalClient,
): RoleSessions {
  const requests = new RoleRequests(sessions, portal);
  return {
    ask: async (sessionId): Promise<SessionAnswer> => {
      const session = sessions.sessions.find(({ id }) => id === sessionId);
      if (session === undefined) {
        return { kind: 'signedOut' };
      }
      return session.state.kind === 'needsSignIn'
        ? { kind: 'needsSignIn' }
        : { kind: 'signedIn', getCredentials: (role, signal) => requests.send(session, role, signal) };
    },
    onDidChange: sessions.onDidUpdate,
  };
}

/** Requests for credentials, each with the token that its session has by then. */
class RoleRequests {
  readonly #sessions: RefreshableSessions;
  readonly #portal: (connection: Connection) => SsoPortalClient;
  /** By the ids of their sessions, the tokens that were rejected though they came for a rejected one. */
  readonly #rejected = new Map<string, Version>();

  constructor(sessions: RefreshableSessions, portal: (connection: Connection) => SsoPortalClient) {
    this.#sessions = sessions;
    this.#portal = portal;
  }

  /** @throws what the portal's client throws; WordedError where there is no token just now */
  async send(session: Session, role: SessionRole, signal: AbortSignal): Promise<RoleCredentials> {
    const live = await liveSession(this.#sessions, session);
    if (live === undefined) {
      throw new WordedError(l10n.t("The sign-in's token can't be read right now."));
    }
    try {
      return await this.#sendWith(live, role, signal);
    } catch (error) {
      const newer = isTokenRejected(error) ? await this.#newerThan(live) : undefined;
      if (newer === undefined) {
        throw error;
      }
      return this.#sendWith(newer, role, signal).catch((again: unknown) => {
        this.#noteRejected(newer, again);
        throw again;
      });
    }
  }

  #sendWith(
    { session, tokens: { accessToken } }: LiveSession,
    role: SessionRole,
    signal: AbortSignal,
  ): Promise<RoleCredentials> {
    return requestCredentials(this.#portal(session.connection), accessToken, role, signal);
  }

  /** A token may end before its time: the refresh decides whether the session has ended with it. */
  async #newerThan({ session, tokens }: LiveSession): Promise<LiveSession | undefined> {
    const now = await liveSession(this.#sessions, session);
    if (now === undefined || !isSameVersion(now.tokens, tokens)) {
      return now;
    }
    const rejected = this.#rejected.get(session.id);
    // Where a new token is rejected as well, another one would be.
    if (rejected !== undefined && isSameVersion(rejected, tokens)) {
      return undefined;
    }
    const isRefreshed = (await this.#sessions.refreshNow(session.id)).kind === 'fresh';
    return isRefreshed ? liveSession(this.#sessions, session) : undefined;
  }

  #noteRejected({ session, tokens: { signedInAt, generation } }: LiveSession, error: unknown): void {
    if (isTokenRejected(error)) {
      this.#rejected.set(session.id, { signedInAt, generation });
    }
  }
}

async function requestCredentials(
  portal: SsoPortalClient,
  accessToken: string,
  { accountId, roleName }: SessionRole,
  signal: AbortSignal,
): Promise<RoleCredentials> {
  const { roleCredentials } = await portal.getRoleCredentials(
    { accessToken, accountId, roleName },
    { signal },
  );
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = roleCredentials ?? {};
  if (!accessKeyId || !secretAccessKey || !sessionToken || expiration === undefined) {
    throw new WordedError(l10n.t("The access portal's response doesn't have the role's credentials."));
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}

/** The session with its token as of now, refreshed where that is due; `undefined` where there is none to be had. */
export async function liveSession(
  sessions: Sessions,
  { id, account }: Pick<Session, 'id' | 'account'>,
): Promise<LiveSession | undefined> {
  return (await sessions.getSessions({ account })).find(({ session }) => session.id === id);
}

/** Whether the service itself says that the user may not take the role: not a proxy, and not the network. */
export function isRoleForbidden(error: unknown): boolean {
  return (
    error instanceof SsoOidcError &&
    error.isDefinitive &&
    (error.code === 'ForbiddenException' || error.code === 'ResourceNotFoundException')
  );
}

/** Whether the portal itself says that the access token is not valid. */
function isTokenRejected(error: unknown): boolean {
  return error instanceof SsoOidcError && error.isDefinitive && error.code === 'UnauthorizedException';
}
