import { isExchangeConnection } from '../../connections/connection.ts';
import type { Connection } from '../../connections/connection.ts';
import { ownDomain, resolveConnection } from '../../connections/resolveConnection.ts';
import { StartUrlError } from '../../connections/startUrl/resolveStartUrl.ts';
import { isSameStartUrl } from '../../connections/startUrl/startUrl.ts';
import type { RequestedScopes } from '../../sessions/scopes.ts';
import type { Session } from '../../sessions/session.ts';

/**
 * Finds the portal behind a company's own domain.
 * @throws StartUrlError when no access portal is behind it
 */
export type ResolveDomain = (startUrl: string, signal: AbortSignal) => Promise<string>;

/**
 * The start URL of the portal behind a company's own domain that the request names; undefined where it names none, or
 * the domain leads to no portal just now.
 */
export async function portalBehind(
  { startUrl }: RequestedScopes,
  sessions: readonly Session[],
  resolve: ResolveDomain,
  signal: AbortSignal,
): Promise<string | undefined> {
  const domain = ownDomain(startUrl);
  if (domain === undefined) {
    return undefined;
  }
  const known = sessions.find(({ aliases = [] }) => aliases.some((alias) => isSameStartUrl(alias, domain)));
  if (known !== undefined && !isExchangeConnection(known.connection)) {
    return known.connection.startUrl;
  }
  try {
    return await resolve(domain, signal);
  } catch (error) {
    if (error instanceof StartUrlError) {
      return undefined;
    }
    throw error;
  }
}

/** By what else than its start URL the connection's portal is found: what the request names it by, and the configuration. */
export function aliasesFor(
  { startUrl }: RequestedScopes,
  portal: string | undefined,
  connection: Connection,
): readonly string[] {
  if (isExchangeConnection(connection)) {
    return [];
  }
  const { configuredStartUrl } = connection;
  const domain = ownDomain(startUrl);
  const isRequested =
    domain !== undefined && portal !== undefined && isSameStartUrl(portal, connection.startUrl);
  const aliases = [isRequested ? domain : undefined, configuredStartUrl].filter(
    (alias) => alias !== undefined,
  );
  return [...new Set(aliases)];
}

export function aliasesAgain({ aliases = [] }: Session, connection: Connection): readonly string[] {
  const configured = isExchangeConnection(connection) ? undefined : connection.configuredStartUrl;
  return configured === undefined || aliases.includes(configured) ? aliases : [...aliases, configured];
}

/**
 * As `resolveConnection`, but a portal that is known still counts while the domain cannot be reached.
 * @throws StartUrlError
 */
export async function withPortalBehind(
  connection: Connection,
  resolve: ResolveDomain,
  signal: AbortSignal,
): Promise<Connection> {
  if (isExchangeConnection(connection)) {
    return connection;
  }
  try {
    return await resolveConnection(connection, (startUrl) => resolve(startUrl, signal));
  } catch (error) {
    const isKnown = connection.configuredStartUrl !== undefined;
    if (isKnown && error instanceof StartUrlError && error.code === 'unreachable') {
      return connection;
    }
    throw error;
  }
}
