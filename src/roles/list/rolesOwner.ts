import { isExchangeConnection } from '../../connections/connection.ts';
import type { Connection } from '../../connections/connection.ts';
import { identityCenterKey } from '../../connections/identityCenter.ts';
import { isBuilderId } from '../../connections/startUrl/builderId.ts';
import { DEFAULT_SCOPE, parseScopes } from '../../sessions/scopes.ts';
import { needsUser } from '../../sessions/session.ts';
import type { Account, Session } from '../../sessions/session.ts';

/** Whose roles are listed: one user of one Identity Center, by one of the sessions that this user has there. */
export interface RolesOwner {
  /** The same for every session of the user there, and for nobody else's: the listing belongs to it. */
  readonly key: string;
  readonly sessionId: string;
  readonly connection: Connection;
  readonly account: Account;
  /** The roles stay in the list, and choosing one signs in first. */
  readonly needsSignIn: boolean;
}

/** The owners behind the sessions, each once: by a session that can be used, where there is one. */
export function rolesOwners(sessions: readonly Session[]): readonly RolesOwner[] {
  const owners = new Map<string, RolesOwner>();
  for (const session of sessions) {
    const owner = ownerOf(session);
    const known = owners.get(owner.key);
    if (canList(session) && (known === undefined || (known.needsSignIn && !owner.needsSignIn))) {
      owners.set(owner.key, owner);
    }
  }
  return [...owners.values()];
}

/**
 * The accounts of users whose roles can't be listed because none of their sessions has the scope for it, each once. An
 * AWS Builder ID is none of them: it has no AWS accounts, whatever the scope.
 */
export function accountsWithoutScope(sessions: readonly Session[]): readonly Account[] {
  const listed = new Set(rolesOwners(sessions).map(({ key }) => key));
  const missing = sessions.filter(
    (session) => !listed.has(ownerOf(session).key) && !isBuilderIdSession(session),
  );
  return [...new Map(missing.map(({ account }) => [account.id, account])).values()];
}

function isBuilderIdSession({ connection }: Session): boolean {
  return !isExchangeConnection(connection) && isBuilderId(connection.startUrl);
}

function ownerOf(session: Session): RolesOwner {
  const { id, connection, account } = session;
  const key = JSON.stringify([identityCenterKey(connection), account.id]);
  return { key, sessionId: id, connection, account, needsSignIn: needsUser(session) };
}

/** The portal lists nothing for a token without this scope. */
function canList({ scopes }: Session): boolean {
  return parseScopes(scopes).wire.includes(DEFAULT_SCOPE);
}
