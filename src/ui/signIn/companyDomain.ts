import { isExchangeConnection } from '../../connections/connection.ts';
import type { Connection } from '../../connections/connection.ts';
import { isOwnedHost } from '../../connections/startUrl/hosts.ts';
import { StartUrlError } from '../../connections/startUrl/resolveStartUrl.ts';
import {
  isSameStartUrl,
  normalizeStartUrl,
  regionFromStartUrl,
} from '../../connections/startUrl/startUrl.ts';
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
 * The connection with the portal behind the company's own domain that it is configured by, and the region that the
 * portal tells, as the AWS CLI finds them at each sign-in. A portal that is known still counts while the domain cannot
 * be reached. Where an endpoint URL replaces AWS's hosts, the start URL is its own affair.
 * @throws StartUrlError
 */
export async function withPortalBehind(
  connection: Connection,
  resolve: ResolveDomain,
  signal: AbortSignal,
): Promise<Connection> {
  if (isExchangeConnection(connection) || connection.endpointUrl !== undefined) {
    return connection;
  }
  const { configuredStartUrl, region } = connection;
  const domain = ownDomain(configuredStartUrl ?? connection.startUrl);
  if (domain === undefined) {
    return connection;
  }
  try {
    const startUrl = await resolve(domain, signal);
    return {
      ...connection,
      startUrl,
      region: regionFromStartUrl(startUrl) ?? region,
      configuredStartUrl: domain,
    };
  } catch (error) {
    if (error instanceof StartUrlError && error.code === 'unreachable' && configuredStartUrl !== undefined) {
      return connection;
    }
    throw error;
  }
}

/** A start URL that is neither AWS's nor on loopback, normalized. */
function ownDomain(startUrl: string | undefined): string | undefined {
  const result = normalizeStartUrl(startUrl ?? '');
  return result.ok && !isOwnedHost(new URL(result.startUrl).hostname) ? result.startUrl : undefined;
}
