import type { AwsSsoApi, OidcClient, OidcClientOptions } from '../../api/aws-sso-auth.d.ts';
import type { Clock } from '../common/clock.ts';
import type { Random } from '../common/random.ts';
import type { ConfiguredConnection } from '../connections/connection.ts';
import { SsoOidcClient } from '../oidc/client.ts';
import { resolveOidcEndpoint } from '../oidc/endpoint.ts';
import { lazySigner } from '../oidc/lazySigner.ts';

/** What the API stands on. None of it can sign anybody in. */
export interface ApiParts {
  readonly readConnections: () => Promise<readonly ConfiguredConnection[]>;
  readonly onDidChangeConnections: AwsSsoApi['onDidChangeConnections'];
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * What other extensions may use, described in `api/aws-sso-auth.d.ts`. Nothing tells who calls, so nothing of ours
 * goes out through it: callers bring their own registration and credentials, and get tokens from VS Code alone.
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
    createOidcClient: (options) => createClient(options, parts),
  });
}

/** Functions only: the class behind them is also the one our own requests go through. */
function createClient(
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
