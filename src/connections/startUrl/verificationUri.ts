import { isLoopbackHost, resolvePortalEndpoint } from '../../oidc/endpoint.ts';
import { oidcEndpoint, portalEndpoint } from '../connection.ts';
import type { InteractiveConnection } from '../connection.ts';
import { isOwnedHost } from './hosts.ts';

/**
 * Whether a `verificationUri` or authorization URL that a server sent may be shown and opened for the connection:
 * https on the default port of a host that AWS owns, of the start URL's host, or of one of the services' hosts.
 * A connection with an `endpointUrl` may also open that host, and, if it is loopback, any loopback host over http.
 *
 * Strict about spelling, because what one URL parser forgives another may read as a different host.
 */
export function isAllowedVerificationUri(uri: string, connection: InteractiveConnection): boolean {
  const url = parseStrictly(uri);
  if (url === undefined) {
    return false;
  }
  if (connection.endpointUrl !== undefined && isOnEndpointHost(url, new URL(connection.endpointUrl))) {
    return true;
  }
  return url.protocol === 'https:' && url.port === '' && isAllowedHost(url.hostname, connection);
}

/** The URL, if it is printable ASCII and its authority is a plain host and port, written as `URL` writes it. */
function parseStrictly(uri: string): URL | undefined {
  const url = URL.parse(uri);
  if (url === null || !/^[\x21-\x7e]+$/.test(uri) || uri.includes('\\')) {
    return undefined;
  }
  const authority = /^https?:\/\/([^/?#]+)/i.exec(uri)?.[1]?.toLowerCase();
  const isPlain = authority === url.host || authority === `${url.host}:443`;
  return isPlain ? url : undefined;
}

function isOnEndpointHost(url: URL, endpoint: URL): boolean {
  if (isLoopbackHost(endpoint.hostname)) {
    return isLoopbackHost(url.hostname);
  }
  return url.protocol === 'https:' && url.hostname === endpoint.hostname;
}

function isAllowedHost(host: string, connection: InteractiveConnection): boolean {
  return (
    isOwnedHost(host) ||
    host === new URL(connection.startUrl).hostname ||
    host === oidcEndpoint(connection).hostname ||
    host === portalEndpoint(connection).hostname ||
    host === devicePageHost(connection.region)
  );
}

/** The page older Identity Centers send users to: `device.sso.{region}.amazonaws.com` and its like. */
function devicePageHost(region: string): string {
  return resolvePortalEndpoint({ region }).hostname.replace(/^portal\./, 'device.');
}
