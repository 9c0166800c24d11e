import { isExchangeConnection, oidcEndpoint, portalEndpoint } from './connection.ts';
import type { Connection } from './connection.ts';
import { comparableStartUrl } from './startUrl/startUrl.ts';
import { regionFromStartUrl } from './startUrl/portalUrl.ts';

/**
 * What distinguishes one Identity Center from another, as one line of text: the endpoint that replaces the service's
 * hosts, if any, the region, and the start URL or, for an exchange, the application. FIPS and dual-stack hosts lead to
 * the same Identity Center, and a connection's name, scopes and flow say nothing about it.
 */
export function identityCenterKey(connection: Connection): string {
  const { endpointUrl, region } = connection;
  const endpoint = endpointUrl === undefined ? '' : comparableUrl(endpointUrl);
  const place = isExchangeConnection(connection)
    ? connection.applicationArn
    : comparableStartUrl(connection.startUrl);
  return [endpoint, region, place].join(' ');
}

/** Whether two connections lead to the same Identity Center, and so to the same users and tokens. */
export function isSameIdentityCenter(a: Connection, b: Connection): boolean {
  return identityCenterKey(a) === identityCenterKey(b);
}

/**
 * Whether `configured` names a company's own domain, and `resolved` is the Identity Center that was found behind it.
 * Where the portal's page names its region, the configured one does not count.
 */
export function isBehind(resolved: Connection, configured: Connection): boolean {
  if (isExchangeConnection(resolved) || resolved.configuredStartUrl === undefined) {
    return false;
  }
  const { configuredStartUrl: startUrl, ...rest } = resolved;
  const tellsRegion = regionFromStartUrl(resolved.startUrl) !== undefined;
  return isSameIdentityCenter(
    { ...rest, startUrl, ...(tellsRegion && { region: configured.region }) },
    configured,
  );
}

/**
 * Whether tokens of one connection may be sent for the other: to the same hosts of the same Identity Center, and, for
 * an exchange, in return for the token of the same account elsewhere. Whatever cannot be resolved is not the same.
 */
export function hasSameServices(a: Connection, b: Connection): boolean {
  return isSameIdentityCenter(a, b) && servicesOf(a) !== undefined && servicesOf(a) === servicesOf(b);
}

function servicesOf(connection: Connection): string | undefined {
  const exchange = isExchangeConnection(connection) ? [connection.flow, connection.assertionFrom] : [];
  try {
    return JSON.stringify([oidcEndpoint(connection).href, portalEndpoint(connection).href, ...exchange]);
  } catch {
    return undefined;
  }
}

function comparableUrl(url: string): string {
  return URL.parse(url)?.href.replace(/\/+$/, '') ?? url;
}
