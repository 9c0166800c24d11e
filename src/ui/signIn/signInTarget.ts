import type { Connection } from '../../connections/connection.ts';
import { currentConnection } from '../../connections/currentConnection.ts';
import { isSameIdentityCenter } from '../../connections/identityCenter.ts';
import {
  DEFAULT_SCOPE,
  isSameRequest,
  isSelected,
  parseScopes,
  withoutSelectors,
} from '../../sessions/scopes.ts';
import type { RequestedScopes } from '../../sessions/scopes.ts';
import type { Account, Session } from '../../sessions/session.ts';
import { checkRequest, checkSignIn } from '../../sessions/signIn/signInCheck.ts';
import { aliasesAgain, aliasesFor, portalBehind, withPortalBehind } from './companyDomain.ts';
import type { ResolveDomain } from './companyDomain.ts';

/** A sign-in as somebody asked for it. */
export interface SignInRequest {
  /** As requested, selectors included. Absent: those of the connection. */
  readonly scopes?: readonly string[];
  /** What to sign in to, where that is chosen already. */
  readonly connection?: Connection;
  /** Whose sign-in it should be. */
  readonly account?: Account;
  /** The session that the user signs in to again. */
  readonly renews?: Session;
  readonly signal?: AbortSignal;
}

/** What a request comes to before anyone signs in. */
export interface SignInTarget {
  readonly connection: Connection;
  /** As requested, or as the connection has them. */
  readonly scopes: readonly string[];
  readonly account?: Account;
  readonly renews?: string;
  readonly isCorrected?: boolean;
  /** What the request names the portal by, where that is a company's own domain in front of it. */
  readonly aliases: readonly string[];
}

/** What it takes to find the target. */
export interface TargetSources {
  /** The user's connections as they are configured now. */
  readConnections(): Promise<readonly Connection[]>;
  /** The connection that is selected, or the one the user picks or enters. */
  choose(requested: RequestedScopes, signal: AbortSignal): Promise<Connection>;
  readonly resolve: ResolveDomain;
}

/**
 * Finds out what to sign in to: a connection as it is configured now, not as a session remembers it.
 * @param sessions those there are
 * @throws SignInError where the request contradicts itself or names what cannot be; what the sources throw
 */
export async function chooseTarget(
  request: SignInRequest,
  sessions: readonly Session[],
  sources: TargetSources,
  signal: AbortSignal,
): Promise<SignInTarget> {
  if (request.connection !== undefined) {
    return { connection: request.connection, scopes: scopesOf(request.connection), aliases: [] };
  }
  const again = request.renews ?? sessionOf(request, sessions);
  if (again === undefined) {
    return newTarget(request, sessions, sources, signal);
  }
  const current = currentConnection(again.connection, await sources.readConnections());
  const connection = await withPortalBehind(current.connection, sources.resolve, signal);
  const isCorrected = current.isCorrected || !isSameIdentityCenter(connection, current.connection);
  const { renews, account = again.account } = request;
  const target = { connection, account, isCorrected, ...(renews !== undefined && { renews: renews.id }) };
  if (renews !== undefined) {
    return { ...target, scopes: scopesAgain(renews, connection), aliases: aliasesAgain(renews, connection) };
  }
  const scopes = request.scopes ?? scopesOf(connection);
  const requested = parseScopes(scopes);
  checkRequest(requested);
  const portal = await portalBehind(requested, [again], sources.resolve, signal);
  const aliases = aliasesFor(requested, portal, connection);
  checkSignIn({ requested }, { connection, aliases });
  return { ...target, scopes, aliases };
}

async function newTarget(
  { scopes: asked, account }: SignInRequest,
  sessions: readonly Session[],
  sources: TargetSources,
  signal: AbortSignal,
): Promise<SignInTarget> {
  const requested = parseScopes(asked ?? []);
  checkRequest(requested);
  const configured = await sources.readConnections();
  const isKnown = configured.some((connection) => isSelected(connection, requested));
  const before = isKnown ? undefined : await portalBehind(requested, sessions, sources.resolve, signal);
  const isConfigured = configured.some((connection) => isSelected(connection, withPortal(requested, before)));
  // A new connection is named after what the request calls it.
  const chosen = await sources.choose(isConfigured ? withPortal(requested, before) : requested, signal);
  const connection = await withPortalBehind(chosen, sources.resolve, signal);
  const portal = isKnown
    ? undefined
    : (before ?? (await portalBehind(requested, [], sources.resolve, signal)));
  const aliases = aliasesFor(requested, portal, connection);
  checkSignIn({ requested }, { connection, aliases });
  const scopes = asked ?? scopesOf(connection);
  return { connection, scopes, aliases, ...(account !== undefined && { account }) };
}

/** The session of the account that is asked for, the one with these scopes if there are several. */
function sessionOf({ account, scopes }: SignInRequest, sessions: readonly Session[]): Session | undefined {
  const own = sessions.filter((session) => session.account.id === account?.id);
  const requested = parseScopes(scopes ?? []);
  return own.find((session) => isSameRequest(parseScopes(session.scopes), requested)) ?? own[0];
}

function scopesOf({ scopes }: Connection): readonly string[] {
  return scopes ?? [DEFAULT_SCOPE];
}

/** The scopes for signing in again: those of the connection, corrected or not, where the session has got them from it. */
function scopesAgain({ scopes, connection, aliases }: Session, now: Connection): readonly string[] {
  const own = parseScopes(scopes);
  const cameFromConnection = isSameRequest(own, parseScopes(scopesOf(connection)));
  if (cameFromConnection && !isSameRequest(own, parseScopes(scopesOf(now)))) {
    return scopesOf(now);
  }
  return isSelected(now, own, aliases) ? scopes : withoutSelectors(scopes);
}

function withPortal(requested: RequestedScopes, portal: string | undefined): RequestedScopes {
  return portal === undefined ? requested : { ...requested, startUrl: portal };
}
