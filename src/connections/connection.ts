import type { Words } from '../common/words.ts';
import { resolveOidcEndpoint, resolvePortalEndpoint } from '../oidc/endpoint.ts';
import type { EndpointOptions } from '../oidc/endpoint.ts';
import type { ExchangeFlow, InteractiveFlow } from './flowNames.ts';
import { isDualStackHost } from './startUrl/hosts.ts';

interface ConnectionBase {
  /** What the user calls it: unique among the connections. */
  readonly name: string;
  /** The region of the Identity Center. */
  readonly region: string;
  /** The scopes to ask for when the consumer asks for none. */
  readonly scopes?: readonly string[];
  /** Replaces both service hosts: https, or http to loopback. Never together with FIPS or dual-stack. */
  readonly endpointUrl?: string;
  /** Replaces the portal service's host alone, as `endpointUrl` does both; of the two it counts for the portal. */
  readonly portalEndpointUrl?: string;
  readonly useFipsEndpoint?: boolean;
  readonly useDualstackEndpoint?: boolean;
  /** The region of its role terminals. Absent: the one a role had last, or the one the user chooses. */
  readonly defaultRegion?: string;
}

/** A connection to which a user signs in, in a browser. */
export interface InteractiveConnection extends ConnectionBase {
  /** The access portal's URL as `normalizeStartUrl` returns it. */
  readonly startUrl: string;
  /** What it is configured by, where that is a company's own domain in front of the portal: never a setting. */
  readonly configuredStartUrl?: string;
  /** Absent: as the setting `awsSso.signInFlow` says. */
  readonly flow?: InteractiveFlow;
  /** RegisterClient's `issuerUrl`. Absent: the start URL. */
  readonly issuerUrl?: string;
  /** RegisterClient's `entitledApplicationArn`. */
  readonly entitledApplicationArn?: string;
}

/** A connection that exchanges another provider's token (CreateTokenWithIAM; RFC 7523 and RFC 8693). */
export interface ExchangeConnection extends ConnectionBase {
  /** The Identity Center application: CreateTokenWithIAM's `clientId`. */
  readonly applicationArn: string;
  readonly flow: ExchangeFlow;
  /** Whose token is exchanged: an authentication provider of VS Code, other than ours. */
  readonly assertionFrom: { readonly providerId: string; readonly scopes: readonly string[] };
}

/** How to reach one Identity Center, and how to sign in to it. */
export type Connection = InteractiveConnection | ExchangeConnection;

/** A connection and where the user configured it. */
export interface ConfiguredConnection {
  readonly connection: Connection;
  readonly origin: 'settings' | 'awsConfig';
}

/** Why something the user configured cannot be used. */
export interface ConnectionProblem {
  /** The entry: its name in quotes, else its place, such as `#2` or `[sso-session acme]`. */
  readonly entry: Words;
  /** The member at fault, as a path such as `assertionFrom.providerId`; absent when it is the whole entry. */
  readonly member?: string;
  /** One sentence for the user, naming entry, member and what is wrong. */
  readonly message: Words;
}

/** Whether the connection exchanges another provider's token; if not, a user signs in to it. */
export function isExchangeConnection(connection: Connection): connection is ExchangeConnection {
  return 'applicationArn' in connection;
}

/**
 * The base URL of the connection's sso-oidc service.
 * @throws what `resolveOidcEndpoint` throws: never for a connection that `parseConnections` returned.
 */
export function oidcEndpoint(connection: Connection): URL {
  return resolveOidcEndpoint(endpointParameters(connection, connection.endpointUrl));
}

/**
 * The base URL of the connection's portal service.
 * @throws what `resolvePortalEndpoint` throws: never for a connection that `parseConnections` returned.
 */
export function portalEndpoint(connection: Connection): URL {
  const { portalEndpointUrl, endpointUrl } = connection;
  return resolvePortalEndpoint(endpointParameters(connection, portalEndpointUrl ?? endpointUrl));
}

function endpointParameters(connection: Connection, endpoint: string | undefined): EndpointOptions {
  const { region, useFipsEndpoint, useDualstackEndpoint } = connection;
  return {
    region,
    useFips: useFipsEndpoint ?? false,
    useDualStack: useDualstackEndpoint ?? (endpoint === undefined && hasDualStackPortal(connection)),
    ...(endpoint !== undefined && { endpoint }),
  };
}

function hasDualStackPortal(connection: Connection): boolean {
  return !isExchangeConnection(connection) && isDualStackHost(new URL(connection.startUrl).hostname);
}
