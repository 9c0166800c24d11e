import assert from 'node:assert/strict';

import { systemClock } from '../../../src/common/clock.ts';
import { oidcEndpoint } from '../../../src/connections/connection.ts';
import type { ExchangeConnection } from '../../../src/connections/connection.ts';
import { exchangeFlow, renewExchange } from '../../../src/flows/exchange.ts';
import type { ExchangeContext, ForeignTokens } from '../../../src/flows/exchange.ts';
import { userOf } from '../../../src/flows/idToken.ts';
import type { IssuedTokens } from '../../../src/flows/tokens.ts';
import { SsoOidcClient } from '../../../src/oidc/client.ts';
import { signatureV4 } from '../../../src/oidc/sigv4.ts';
import { IAM_GRANT_TYPES } from '../../identity-center/grants.ts';
import { SdkClient } from '../../identity-center/sdk.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter, IdentityCenterOptions } from '../../identity-center/server.ts';
import { startTokenIssuer } from '../../identity-center/tokenIssuer.ts';
import type { TokenIssuer } from '../../identity-center/tokenIssuer.ts';
import { scriptedUser, SCOPES } from './support.ts';

const NOBODY = scriptedUser({});
const JANE = { sub: 'jane', email: 'jane@example.com' };
const JOHN = { sub: 'john', email: 'john@example.com' };
const { signal } = new AbortController();

function connectionTo(
  { url, iam }: IdentityCenter,
  more: Partial<ExchangeConnection> = {},
): ExchangeConnection {
  return {
    name: 'acme',
    flow: 'jwtBearer',
    applicationArn: iam.applicationArn,
    region: iam.region,
    endpointUrl: url,
    assertionFrom: { providerId: 'microsoft', scopes: ['openid'] },
    ...more,
  };
}

/** All of it real but the other account. Notes what that was asked for. */
function contextOf(
  { iam }: IdentityCenter,
  account: (interactive: boolean) => Promise<ForeignTokens | undefined>,
): ExchangeContext & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  return {
    asked,
    clock: systemClock,
    assertions: {
      get: (providerId, scopes, interactive) => {
        asked.push({ providerId, scopes, interactive });
        return account(interactive);
      },
    },
    oidcClient: (connection) =>
      new SsoOidcClient({
        endpoint: oidcEndpoint(connection),
        region: connection.region,
        credentials: async () => iam.credentials,
        signer: signatureV4(systemClock),
      }),
  };
}

describe('an exchange', () => {
  let issuer: TokenIssuer;
  let center: IdentityCenter;

  before(async () => {
    issuer = await startTokenIssuer();
    center = await start({});
  });
  after(() => Promise.all([issuer.close(), center.close()]));

  const start = (options: IdentityCenterOptions): Promise<IdentityCenter> =>
    startIdentityCenter({ trustedIssuers: [issuer], ...options });

  const withIdToken = async (claims = JANE): Promise<ForeignTokens> => ({
    accessToken: 'opaque',
    idToken: await issuer.issue(claims),
  });

  const signIn = (
    context: ExchangeContext,
    connection: ExchangeConnection = connectionTo(center),
  ): Promise<IssuedTokens> => exchangeFlow(context)(connection, SCOPES, NOBODY, signal);

  it("turns the other account's ID token into a session of the same user, without a browser", async () => {
    const context = contextOf(center, () => withIdToken());
    const tokens = await signIn(context);
    assert.deepEqual(context.asked, [{ providerId: 'microsoft', scopes: ['openid'], interactive: true }]);
    assert.ok(await center.isTokenActive(tokens.accessToken));
    assert.equal(userOf(tokens.idToken)?.subject, '9067642ac7-jane');
    assert.ok(tokens.refreshToken !== undefined);
    assert.equal(tokens.client, undefined);
    assert.match(tokens.requestId ?? '', /^[\da-f-]{36}$/);
  });

  it('takes the access token where there is no ID token', async () => {
    const tokens = await signIn(contextOf(center, async () => ({ accessToken: await issuer.issue(JOHN) })));
    assert.equal(userOf(tokens.idToken)?.subject, '9067642ac7-john');
  });

  it('never sends away a token that is no JSON Web Token', async () => {
    const sent = center.requests.records.length;
    await assert.rejects(
      signIn(contextOf(center, async () => ({ accessToken: 'gho_SECRET' }))),
      (error: Error) => {
        assert.equal('code' in error && error.code, 'assertionNotJwt');
        assert.doesNotMatch(error.message, /SECRET/);
        return true;
      },
    );
    assert.equal(center.requests.records.length, sent);
  });

  it("exchanges another application's access token", async () => {
    const client = await SdkClient.register(center);
    const { accessToken } = await client.signIn(center);
    client.dispose();
    const connection = connectionTo(center, { flow: 'tokenExchange' });
    const tokens = await signIn(
      contextOf(center, async () => ({ accessToken })),
      connection,
    );
    assert.equal(userOf(tokens.idToken)?.subject, '9067642ac7-jane');
  });

  it('says what to do where nobody is signed in there', async () => {
    await assert.rejects(signIn(contextOf(center, async () => undefined)), {
      code: 'noAssertion',
      message: /acme.*"microsoft".*Sign in to one/,
    });
  });

  it('ends at once when it is cancelled while the other provider asks', async () => {
    const controller = new AbortController();
    const context = contextOf(center, () => new Promise(() => undefined));
    const pending = exchangeFlow(context)(connectionTo(center), SCOPES, NOBODY, controller.signal);
    const reason = new Error('cancelled');
    controller.abort(reason);
    await assert.rejects(pending, reason);
  });

  it('goes to the region that the service names, once', async () => {
    const connection = connectionTo(center, { region: 'eu-north-1' });
    const before = center.requests.records.length;
    const tokens = await signIn(
      contextOf(center, () => withIdToken()),
      connection,
    );
    assert.ok(await center.isTokenActive(tokens.accessToken));
    assert.deepEqual(
      center.requests.records.slice(before).map(({ exception, status }) => exception ?? status),
      ['InvalidRequestRegionException', 200],
    );
  });

  for (const region of ['cn-north-1', 'not a region']) {
    it(`does not go to "${region}" because a server says so`, async () => {
      const elsewhere = await start({ region });
      try {
        const connection = connectionTo(elsewhere, { region: 'eu-west-1' });
        await assert.rejects(
          signIn(
            contextOf(elsewhere, () => withIdToken()),
            connection,
          ),
          { code: 'InvalidRequestRegionException' },
        );
        assert.equal(elsewhere.requests.records.length, 1);
      } finally {
        await elsewhere.close();
      }
    });
  }

  const grants = (from: number): readonly (string | undefined)[] =>
    center.requests.records.slice(from).map(({ grantType }) => grantType?.replace(/.*:/, ''));

  const renew = (context: ExchangeContext, { refreshToken, idToken }: IssuedTokens): Promise<IssuedTokens> =>
    renewExchange(
      context,
      {
        connection: connectionTo(center),
        scopes: SCOPES,
        ...(refreshToken !== undefined && { refreshToken }),
        ...(idToken !== undefined && { idToken }),
      },
      signal,
    );

  describe('is renewed', () => {
    it('by its refresh token, without the other account', async () => {
      const first = await signIn(contextOf(center, () => withIdToken()));
      const context = contextOf(center, () => assert.fail('nobody should be asked'));
      const from = center.requests.records.length;
      const second = await renew(context, first);
      assert.ok(await center.isTokenActive(second.accessToken));
      assert.notEqual(second.refreshToken, first.refreshToken);
      assert.deepEqual(grants(from), ['refresh_token']);
    });

    it('by another exchange, for which nobody is asked, when the refresh token is refused', async () => {
      const first = await signIn(contextOf(center, () => withIdToken()));
      await center.revokeSession(first.accessToken);
      const context = contextOf(center, () => withIdToken());
      const from = center.requests.records.length;
      const second = await renew(context, first);
      assert.ok(await center.isTokenActive(second.accessToken));
      assert.deepEqual(grants(from), ['refresh_token', 'jwt-bearer']);
      assert.deepEqual(context.asked, [{ providerId: 'microsoft', scopes: ['openid'], interactive: false }]);
    });

    it('by another exchange where the application gives no refresh tokens', async () => {
      const applicationGrantTypes = IAM_GRANT_TYPES.filter((grantType) => grantType !== 'refresh_token');
      const strict = await start({ applicationGrantTypes });
      try {
        const context = contextOf(strict, () => withIdToken());
        const connection = connectionTo(strict);
        const { refreshToken } = await signIn(context, connection);
        assert.equal(refreshToken, undefined);
        const renewed = await renewExchange(context, { connection, scopes: SCOPES }, signal);
        assert.ok(await strict.isTokenActive(renewed.accessToken));
      } finally {
        await strict.close();
      }
    });

    it('with no other exchange when the service only fails', async () => {
      const first = await signIn(contextOf(center, () => withIdToken()));
      const fault = { kind: 'exception', status: 500, exception: 'InternalServerException' } as const;
      using _ = asDisposable(center.failNext(({ path }) => path === '/token', fault));
      const context = contextOf(center, () => assert.fail('nobody should be asked'));
      await assert.rejects(renew(context, first), { code: 'InternalServerException' });
    });

    it('never with the token of another user', async () => {
      const first = await signIn(contextOf(center, () => withIdToken()));
      await center.revokeSession(first.accessToken);
      const context = contextOf(center, () => withIdToken(JOHN));
      await assert.rejects(renew(context, first), { code: 'noAssertion' });
    });
  });
});

function asDisposable(disposable: { dispose(): void }): Disposable {
  return { [Symbol.dispose]: () => disposable.dispose() };
}
