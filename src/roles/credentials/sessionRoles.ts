import { l10n, WordedError } from '../../common/words.ts';
import type { Connection } from '../../connections/connection.ts';
import type { SsoPortalClient } from '../../portal/client.ts';
import type { Session } from '../../sessions/session.ts';
import { SsoOidcError } from '../../wire/errors.ts';
import type { RoleSessions, SessionAnswer } from './roleSessions.ts';
import type { RoleCredentials, SessionRole } from './roleCredentials.ts';
import type { SessionRequests, Sessions } from './sessionRequests.ts';

/** @param portal a client of the access portal of a connection */
export function sessionRoles(
  sessions: Pick<Sessions, 'sessions' | 'onDidUpdate'>,
  requests: SessionRequests,
  portal: (connection: Connection) => SsoPortalClient,
): RoleSessions {
  const getCredentials = async (
    session: Session,
    role: SessionRole,
    signal: AbortSignal,
  ): Promise<RoleCredentials> => {
    const credentials = await requests.send(session, ({ session: { connection }, tokens }) =>
      requestCredentials(portal(connection), tokens.accessToken, role, signal),
    );
    if (credentials === undefined) {
      throw new WordedError(l10n.t("The sign-in's token can't be read right now."));
    }
    return credentials;
  };
  return {
    ask: async (sessionId): Promise<SessionAnswer> => {
      const session = sessions.sessions.find(({ id }) => id === sessionId);
      if (session === undefined) {
        return { kind: 'signedOut' };
      }
      return session.state.kind === 'needsSignIn'
        ? { kind: 'needsSignIn' }
        : { kind: 'signedIn', getCredentials: (role, signal) => getCredentials(session, role, signal) };
    },
    onDidChange: sessions.onDidUpdate,
  };
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

/** Whether the service itself says that the user may not take the role: not a proxy, and not the network. */
export function isRoleForbidden(error: unknown): boolean {
  return (
    error instanceof SsoOidcError &&
    error.isDefinitive &&
    (error.code === 'ForbiddenException' || error.code === 'ResourceNotFoundException')
  );
}
