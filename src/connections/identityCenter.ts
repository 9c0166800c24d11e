import { isExchangeConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { comparableStartUrl } from './startUrl.ts';

/**
 * What tells one Identity Center from another, as one line of text: the endpoint that replaces the service's hosts, if
 * any, the region, and the start URL or, for an exchange, the application. FIPS and dual-stack hosts lead to the same
 * Identity Center, and a connection's name, scopes and flow say nothing about it.
 */
export function identityCenterKey(connection: Connection): string {
  const { endpointUrl, region } = connection;
  const endpoint = endpointUrl === undefined ? '' : comparableUrl(endpointUrl);
  const place = isExchangeConnection(connection)
    ? connection.applicationArn
    : comparableStartUrl(connection.startUrl);
  return [endpoint, region, place].join(' ');
}

/** Whether two connections lead to the same Identity Center, and so to the same people and tokens. */
export function isSameIdentityCenter(a: Connection, b: Connection): boolean {
  return identityCenterKey(a) === identityCenterKey(b);
}

function comparableUrl(url: string): string {
  return URL.parse(url)?.href.replace(/\/+$/, '') ?? url;
}
