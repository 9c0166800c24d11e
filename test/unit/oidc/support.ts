import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { Clock } from '../../../src/common/clock.ts';
import { systemRandom } from '../../../src/common/random.ts';
import type { Random } from '../../../src/common/random.ts';
import { SsoOidcClient } from '../../../src/oidc/client.ts';
import type { SsoOidcClientOptions } from '../../../src/oidc/client.ts';
import { SsoOidcError } from '../../../src/wire/errors.ts';
import { HastyClock } from '../../support/hastyClock.ts';
import { listen } from '../../support/listen.ts';
import type { Listening } from '../../support/listen.ts';

export function httpServer(listener: RequestListener): Promise<Listening> {
  return listen(createServer(listener));
}

/** A server that gives the same answer to everything. */
export function answering(
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<Listening> {
  return httpServer((_, response) => response.writeHead(status, headers).end(body));
}

export const mostJitter: Random = { ...systemRandom, uniform: () => 1 };

export const SECRETS = {
  clientSecret: 'client-secret-7e1f4d2c9ab8',
  deviceCode: 'device-code-55d0c1f3e2a7',
  refreshToken: 'aorAAAAAGrefresh+token/0123456789==:MGQCMH',
} as const;

export const REGISTRATION = { clientName: 'unit tests', clientType: 'public' } as const;
export const DEVICE_POLL = {
  clientId: 'client-id',
  clientSecret: SECRETS.clientSecret,
  grantType: 'urn:ietf:params:oauth:grant-type:device_code',
  deviceCode: SECRETS.deviceCode,
} as const;
export const REFRESH = {
  clientId: 'client-id',
  clientSecret: SECRETS.clientSecret,
  grantType: 'refresh_token',
  refreshToken: SECRETS.refreshToken,
} as const;

/** A client that neither waits nor gives up early. */
export function clientOf(
  { url }: { readonly url: URL },
  clock: Clock = new HastyClock(),
  signing: Pick<SsoOidcClientOptions, 'region' | 'credentials' | 'signer'> = {},
): SsoOidcClient {
  return new SsoOidcClient({ endpoint: url, clock, random: mostJitter, ...signing });
}

/** The error `work` must fail with. */
export async function errorOf(work: Promise<unknown>): Promise<SsoOidcError> {
  try {
    await work;
  } catch (error) {
    assert(error instanceof SsoOidcError, `not an SsoOidcError: ${String(error)}`);
    return error;
  }
  assert.fail('the call succeeded');
}
