import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';

import type * as published from '../../../api/aws-sso-auth.d.ts';
import { createApi } from '../../../src/services/api.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { systemRandom } from '../../../src/common/random.ts';
import type * as connections from '../../../src/connections/connection.ts';
import type { CallOptions, SsoOidcClient } from '../../../src/oidc/client.ts';
import { SsoOidcError } from '../../../src/wire/errors.ts';
import type * as model from '../../../src/oidc/model.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter } from '../../identity-center/server.ts';
import { startTokenIssuer } from '../../identity-center/tokenIssuer.ts';

/** `true` where each of two types may stand for the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Origin = Pick<connections.ConfiguredConnection, 'origin'>;

/** The published declarations say what the source says: this does not compile otherwise. */
const SAME: {
  readonly client: Same<published.OidcClient, Pick<SsoOidcClient, keyof SsoOidcClient>>;
  readonly callOptions: Same<published.CallOptions, CallOptions>;
  readonly registerClient: Same<published.RegisterClientRequest, model.RegisterClientRequest>;
  readonly start: Same<published.StartDeviceAuthorizationRequest, model.StartDeviceAuthorizationRequest>;
  readonly createToken: Same<published.CreateTokenRequest, model.CreateTokenRequest>;
  readonly withIAM: Same<published.CreateTokenWithIAMRequest, model.CreateTokenWithIAMRequest>;
  readonly registered: Same<
    Required<published.RegisterClientResponse>,
    Required<model.RegisterClientResponse>
  >;
  readonly started: Same<
    Required<published.StartDeviceAuthorizationResponse>,
    Required<model.StartDeviceAuthorizationResponse>
  >;
  readonly tokens: Same<Required<published.CreateTokenResponse>, Required<model.CreateTokenResponse>>;
  readonly tokensWithIAM: Same<
    Required<published.CreateTokenWithIAMResponse>,
    Required<model.CreateTokenWithIAMResponse>
  >;
  readonly metadata: Same<published.ResponseMetadata, model.ResponseMetadata>;
  readonly interactive: Same<published.InteractiveConnection, connections.InteractiveConnection & Origin>;
  readonly exchange: Same<published.ExchangeConnection, connections.ExchangeConnection & Origin>;
  readonly error: SsoOidcError extends published.OidcError ? true : false;
} = {
  client: true,
  callOptions: true,
  registerClient: true,
  start: true,
  createToken: true,
  withIAM: true,
  registered: true,
  started: true,
  tokens: true,
  tokensWithIAM: true,
  metadata: true,
  interactive: true,
  exchange: true,
  error: true,
};

const ACME: connections.ConfiguredConnection = {
  connection: {
    name: 'acme',
    startUrl: 'https://acme.awsapps.com/start',
    region: 'eu-central-1',
    scopes: ['sso:account:access'],
  },
  origin: 'settings',
};

function api(parts: Partial<Parameters<typeof createApi>[1]> = {}): published.AwsSsoApi {
  return createApi(1, {
    readConnections: async () => [ACME],
    onDidChangeConnections: () => ({ dispose: () => undefined }),
    fetch: globalThis.fetch,
    clock: systemClock,
    random: systemRandom,
    ...parts,
  });
}

describe('the API for other extensions', () => {
  let center: IdentityCenter;
  before(async () => (center = await startIdentityCenter()));
  after(() => center.close());

  it('is declared as it is', () => {
    assert.ok(Object.values(SAME).every(Boolean));
  });

  it('has version 1, and says so to whoever asks for another', () => {
    assert.equal(api().version, 1);
    assert.throws(() => createApi(2, undefined as never), /no version 2 of its API, but version 1/);
  });

  it('lists the connections, as copies', async () => {
    const [connection] = await api().getConnections();
    assert.deepEqual(connection, { ...ACME.connection, origin: 'settings' });
    (connection as unknown as { scopes: string[] }).scopes.push('changed');
    assert.deepEqual(ACME.connection.scopes, ['sso:account:access']);
  });

  it('tells when they may have changed', () => {
    const emitter = new EventEmitter();
    let changes = 0;
    const subscription = api({
      onDidChangeConnections: (listener) => {
        emitter.on('change', listener);
        return { dispose: () => emitter.off('change', listener) };
      },
    }).onDidChangeConnections(() => (changes += 1));
    emitter.emit('change');
    subscription.dispose();
    emitter.emit('change');
    assert.equal(changes, 1);
  });

  it("signs in with the caller's own registration, over the editor's network", async () => {
    const requested: string[] = [];
    const fetch: typeof globalThis.fetch = (url, init) => {
      requested.push(new URL(url instanceof Request ? url.url : url).pathname);
      return globalThis.fetch(url, init);
    };
    const client = api({ fetch }).createOidcClient({ endpoint: center.url });
    const { clientId = '', clientSecret = '' } = await client.registerClient({
      clientName: 'another extension',
      clientType: 'public',
      scopes: ['sso:account:access'],
    });
    const { startUrl } = center;
    const { userCode = '', deviceCode = '' } = await client.startDeviceAuthorization({
      clientId,
      clientSecret,
      startUrl,
    });
    await center.approve(userCode);
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    const { accessToken = '' } = await client.createToken({ clientId, clientSecret, grantType, deviceCode });
    assert.ok(await center.isTokenActive(accessToken));
    assert.deepEqual(requested, ['/client/register', '/device_authorization', '/token']);
  });

  it("calls CreateTokenWithIAM with the caller's credentials", async () => {
    const issuer = await startTokenIssuer();
    const trusting = await startIdentityCenter({ trustedIssuers: [issuer] });
    try {
      const { applicationArn: clientId, region, credentials } = trusting.iam;
      const client = api().createOidcClient({
        endpoint: trusting.url,
        region,
        credentials: async () => credentials,
      });
      const assertion = await issuer.issue({ email: 'jane@example.com' });
      const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
      const { accessToken = '' } = await client.createTokenWithIAM({ clientId, grantType, assertion });
      assert.ok(await trusting.isTokenActive(accessToken));
    } finally {
      await Promise.all([issuer.close(), trusting.close()]);
    }
  });

  it('never signs with credentials that the caller did not bring', async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...rest } = process.env;
    process.env = { ...rest, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
    try {
      const client = api().createOidcClient({ endpoint: center.url, region: 'us-east-1' });
      const grant = { grantType: 'refresh_token', refreshToken: 'any' } as const;
      await assert.rejects(
        client.createTokenWithIAM({ clientId: 'arn:aws:sso::1:application/x', ...grant }),
        {
          code: 'SigningUnavailable',
        },
      );
    } finally {
      process.env = {
        ...rest,
        ...(AWS_ACCESS_KEY_ID !== undefined && { AWS_ACCESS_KEY_ID }),
        ...(AWS_SECRET_ACCESS_KEY !== undefined && { AWS_SECRET_ACCESS_KEY }),
      };
    }
  });

  it('hands out functions, and no way to what they share with us', async () => {
    const client = api().createOidcClient({ endpoint: center.url });
    for (const shared of [api(), client]) {
      assert.ok(Object.isFrozen(shared));
      assert.equal(Object.getPrototypeOf(shared), Object.prototype);
    }
  });

  it('refuses an endpoint that is not safe', () => {
    assert.throws(() => api().createOidcClient({ endpoint: 'http://example.com' }), SsoOidcError);
  });
});
