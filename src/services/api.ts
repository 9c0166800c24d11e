import type {
  AwsSsoApi,
  EndpointOptions,
  OidcClient,
  OidcClientOptions,
  PortalClient,
} from '../../api/aws-sso-auth.d.ts';
import type { Clock } from '../common/clock.ts';
import type { Random } from '../common/random.ts';
import type { ConfiguredConnection } from '../connections/connection.ts';
import { SsoOidcClient } from '../oidc/client.ts';
import { resolveOidcEndpoint, resolvePortalEndpoint } from '../oidc/endpoint.ts';
import { lazySigner } from '../oidc/lazySigner.ts';
import { SsoPortalClient } from '../portal/client.ts';
import { paginateListAccountRoles, paginateListAccounts } from '../portal/paginators.ts';

/** What the API stands on. None of it can sign anybody in. */
export interface ApiParts {
  readonly readConnections: () => Promise<readonly ConfiguredConnection[]>;
  readonly onDidChangeConnections: AwsSsoApi['onDidChangeConnections'];
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * What other extensions may use, described in `api/aws-sso-auth.d.ts`. Callers can't be identified, so nothing of ours
 * is available through it: callers bring their own registration, credentials and access tokens, which they get from VS
 * Code.
 * @throws Error for a version that does not exist
 */
export function createApi(version: number, parts: ApiParts): AwsSsoApi {
  if (version !== 1) {
    throw new Error(
      `AWS SSO has no version ${version} of its API, but version 1. Update whichever is older.`,
    );
  }
  return Object.freeze<AwsSsoApi>({
    version,
    getConnections: async () =>
      (await parts.readConnections()).map(({ connection, origin }) =>
        Object.assign(structuredClone(connection), { origin }),
      ),
    onDidChangeConnections: parts.onDidChangeConnections,
    createOidcClient: (options) => createOidcClient(options, parts),
    createPortalClient: (options) => createPortalClient(options, parts),
  });
}

/** Functions only: the class behind them is also the one our own requests go through. */
function createOidcClient(
  { credentials, ...where }: OidcClientOptions,
  { fetch, clock, random }: ApiParts,
): OidcClient {
  const client = new SsoOidcClient({
    endpoint: resolveOidcEndpoint(where),
    fetch,
    clock,
    random,
    signer: lazySigner(clock),
    ...(where.region !== undefined && { region: where.region }),
    ...(credentials !== undefined && { credentials }),
  });
  return Object.freeze<OidcClient>({
    registerClient: (request, options) => client.registerClient(request, options),
    startDeviceAuthorization: (request, options) => client.startDeviceAuthorization(request, options),
    createToken: (request, options) => client.createToken(request, options),
    createTokenWithIAM: (request, options) => client.createTokenWithIAM(request, options),
  });
}

/** Functions only, as above. */
function createPortalClient(where: EndpointOptions, { fetch, clock, random }: ApiParts): PortalClient {
  const client = new SsoPortalClient({ endpoint: resolvePortalEndpoint(where), fetch, clock, random });
  return Object.freeze<PortalClient>({
    listAccounts: (request, options) => client.listAccounts(request, options),
    listAccountRoles: (request, options) => client.listAccountRoles(request, options),
    paginateListAccounts: (request, options) => paginateListAccounts(client, request, options),
    paginateListAccountRoles: (request, options) => paginateListAccountRoles(client, request, options),
    getRoleCredentials: (request, options) => client.getRoleCredentials(request, options),
    logout: (request, options) => client.logout(request, options),
  });
}
