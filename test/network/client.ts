import assert from 'node:assert/strict';
import { systemRandom } from '../../src/common/random.ts';
import type { Random } from '../../src/common/random.ts';
import { fallbackFetch } from '../../src/network/fallbackFetch.ts';
import type { NetworkSettings } from '../../src/network/networkSettings.ts';
import { undiciFetch } from '../../src/network/undiciFetch.ts';
import { SsoOidcClient } from '../../src/oidc/client.ts';
import { SsoOidcError } from '../../src/wire/errors.ts';
import type { Authority, Service } from './service.ts';

export const REFRESH_TOKEN = 'refresh-token-0123456789';
const REFRESH = {
  clientId: 'id',
  clientSecret: 'secret-0123456789',
  grantType: 'refresh_token',
  refreshToken: REFRESH_TOKEN,
} as const;

const NO_SETTINGS: NetworkSettings = {
  httpProxy: '',
  noProxy: [],
  strictSSL: true,
  systemCertificates: true,
  environment: {},
};

/** Everything about the network that a test decides. */
export interface Network {
  readonly settings?: Partial<NetworkSettings>;
  readonly trusted: readonly Authority[];
}

/** The second transport in this network. */
export function secondFetch({ settings, trusted }: Network): typeof globalThis.fetch {
  return undiciFetch({
    readSettings: () => ({ ...NO_SETTINGS, ...settings }),
    readAuthorities: async () => ({ wellKnown: trusted.map(({ cert }) => cert), local: [], unread: [] }),
  });
}

/** Both transports. The first is Node's `fetch`, which knows no proxy and does not find the host of the service. */
export function bothFetches(network: Network): typeof globalThis.fetch {
  return fallbackFetch(globalThis.fetch, secondFetch(network));
}

/** Repeats follow at once. */
const noJitter: Random = { ...systemRandom, uniform: () => 0 };

/** Uses up a refresh token at the service, which must be used once. */
export async function refresh({ url }: Service, fetch: typeof globalThis.fetch): Promise<string | undefined> {
  const client = new SsoOidcClient({ endpoint: url, fetch, random: noJitter });
  return (await client.createToken(REFRESH)).accessToken;
}

/** The error that `work` must fail with. It never shows a secret. */
export async function errorOf(work: Promise<unknown>, ...secrets: readonly string[]): Promise<SsoOidcError> {
  const error: unknown = await work.then(
    () => assert.fail('the request succeeded'),
    (thrown: unknown) => thrown,
  );
  assert(error instanceof SsoOidcError, `not an SsoOidcError: ${String(error)}`);
  for (const secret of [REFRESH_TOKEN, ...secrets]) {
    assert.ok(!error.message.includes(secret), `a secret in: ${error.message}`);
  }
  return error;
}
