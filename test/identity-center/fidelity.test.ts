import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { RegisterClientCommand, SSOOIDCServiceException } from '@aws-sdk/client-sso-oidc';
import { SdkClient } from './sdk.ts';
import type { IdentityCenter, IdentityCenterOptions } from './server.ts';
import { startIdentityCenter } from './server.ts';

/** What the SDK made of a refusal. */
function refusal(name: string, httpStatusCode: number, error: string) {
  return (thrown: unknown): boolean => {
    assert.ok(thrown instanceof SSOOIDCServiceException, `not a service exception: ${String(thrown)}`);
    assert.equal(thrown.name, name);
    assert.equal(thrown.$metadata.httpStatusCode, httpStatusCode);
    assert.match(thrown.$metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
    assert.equal((thrown as { error?: string }).error, error);
    assert.notEqual((thrown as { error_description?: string }).error_description ?? '', '');
    return true;
  };
}

describe("the embedded Identity Center, as AWS's SDK for sso-oidc sees it", () => {
  const centers: IdentityCenter[] = [];
  const clients: SdkClient[] = [];

  async function start(options: IdentityCenterOptions = {}): Promise<IdentityCenter> {
    const center = await startIdentityCenter(options);
    centers.push(center);
    return center;
  }

  async function register(...parameters: Parameters<typeof SdkClient.register>): Promise<SdkClient> {
    const client = await SdkClient.register(...parameters);
    clients.push(client);
    return client;
  }

  // Lifetimes are passed by moving the process's clock, which the engine reads, too.
  beforeEach(() => mock.timers.enable({ apis: ['Date'], now: Date.now() }));

  afterEach(async () => {
    mock.timers.reset();
    for (const client of clients.splice(0)) {
      client.dispose();
    }
    await Promise.all(centers.splice(0).map((center) => center.close()));
  });

  describe('RegisterClient', () => {
    it('registers a public client for 90 days', async () => {
      const { oidc } = await register(await start());
      const answer = await oidc.send(new RegisterClientCommand({ clientName: 'x', clientType: 'public' }));
      assert.match(answer.clientId ?? '', /./);
      assert.match(answer.clientSecret ?? '', /./);
      assert.equal((answer.clientSecretExpiresAt ?? 0) - (answer.clientIdIssuedAt ?? 0), 90 * 86_400);
      assert.ok(Math.abs((answer.clientIdIssuedAt ?? 0) * 1000 - Date.now()) < 5000, 'issued now');
      assert.match(answer.$metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
    });

    it('refuses a confidential client, no name, an unknown scope, an unknown grant type and a foreign redirect URI', async () => {
      const center = await start();
      await assert.rejects(
        register(center, { clientType: 'confidential' }),
        refusal('InvalidClientMetadataException', 400, 'invalid_client_metadata'),
      );
      await assert.rejects(
        register(center, { clientName: '' }),
        refusal('InvalidRequestException', 400, 'invalid_request'),
      );
      await assert.rejects(
        register(center, { scopes: ['no:such:scope'] }),
        refusal('InvalidScopeException', 400, 'invalid_scope'),
      );
      await assert.rejects(
        register(center, { grantTypes: ['password'] }),
        refusal('UnsupportedGrantTypeException', 400, 'unsupported_grant_type'),
      );
      await assert.rejects(
        register(center, {
          grantTypes: ['authorization_code'],
          redirectUris: ['http://evil.example/callback'],
        }),
        refusal('InvalidRedirectUriException', 400, 'invalid_redirect_uri'),
      );
    });

    it('ends a registration at its time', async () => {
      const client = await register(await start({ clientTtlSeconds: 2 }));
      await client.startDeviceAuthorization();
      mock.timers.tick(2100);
      await assert.rejects(
        client.startDeviceAuthorization(),
        refusal('InvalidClientException', 401, 'invalid_client'),
      );
    });
  });

  describe('StartDeviceAuthorization', () => {
    it('gives codes, both page addresses, ten minutes and an interval of one second', async () => {
      const center = await start();
      const answer = await (await register(center)).startDeviceAuthorization();
      assert.match(answer.userCode, /^[A-Z]{4}-[A-Z]{4}$/);
      assert.equal(answer.verificationUri, `${center.pageUrl}/device`);
      assert.equal(answer.verificationUriComplete, `${center.pageUrl}/device?user_code=${answer.userCode}`);
      assert.equal(answer.expiresIn, 600);
      assert.equal(answer.interval, 1);
    });

    it('refuses a start URL it does not know', async () => {
      const client = await register(await start());
      await assert.rejects(
        client.startDeviceAuthorization('https://d-0000000000.awsapps.com/start'),
        refusal('InvalidRequestException', 400, 'invalid_request'),
      );
    });

    it('refuses a client it does not know, or no longer', async () => {
      const center = await start();
      const client = await register(center);
      center.invalidateClients();
      await assert.rejects(
        client.startDeviceAuthorization(),
        refusal('InvalidClientException', 401, 'invalid_client'),
      );
    });

    it('refuses a client that is not registered for the device flow', async () => {
      const client = await register(await start(), {
        grantTypes: ['authorization_code', 'refresh_token'],
        redirectUris: ['http://127.0.0.1/oauth/callback'],
      });
      await assert.rejects(
        client.startDeviceAuthorization(),
        refusal('UnauthorizedClientException', 400, 'unauthorized_client'),
      );
    });
  });

  describe('CreateToken with a device code', () => {
    it('is pending until the user approves, then gives tokens once', async () => {
      const center = await start({ intervalSeconds: 0 });
      const client = await register(center);
      const authorization = await client.startDeviceAuthorization();
      await assert.rejects(
        client.poll(authorization),
        refusal('AuthorizationPendingException', 400, 'authorization_pending'),
      );
      await center.approve(authorization.userCode);
      const tokens = await client.poll(authorization);
      assert.equal(tokens.tokenType, 'Bearer');
      assert.equal(tokens.expiresIn, 3600);
      assert.match(tokens.refreshToken ?? '', /./);
      assert.equal(await center.isTokenActive(tokens.accessToken ?? ''), true);
      await assert.rejects(
        client.poll(authorization),
        refusal('InvalidGrantException', 400, 'invalid_grant'),
      );
    });

    it('responds with slow_down when polled faster than the interval, and expects five seconds more from then on', async () => {
      const center = await start({ intervalSeconds: 1 });
      const client = await register(center);
      const [hasty, patient] = [
        await client.startDeviceAuthorization(),
        await client.startDeviceAuthorization(),
      ];
      await assert.rejects(client.poll(hasty), { name: 'AuthorizationPendingException' });
      await assert.rejects(client.poll(patient), { name: 'AuthorizationPendingException' });
      await assert.rejects(client.poll(hasty), refusal('SlowDownException', 400, 'slow_down'));
      mock.timers.tick(1000);
      await assert.rejects(client.poll(hasty), { name: 'SlowDownException' });
      await assert.rejects(client.poll(patient), { name: 'AuthorizationPendingException' });
    });

    it('is denied when the user denies', async () => {
      const center = await start();
      const client = await register(center);
      const authorization = await client.startDeviceAuthorization();
      await center.deny(authorization.userCode);
      await assert.rejects(
        client.poll(authorization),
        refusal('AccessDeniedException', 400, 'access_denied'),
      );
    });

    it('expires when nobody answers', async () => {
      const client = await register(await start({ deviceCodeTtlSeconds: 1 }));
      const authorization = await client.startDeviceAuthorization();
      mock.timers.tick(1100);
      await assert.rejects(
        client.poll(authorization),
        refusal('ExpiredTokenException', 400, 'expired_token'),
      );
    });

    it('expires on demand', async () => {
      const center = await start();
      const client = await register(center);
      const authorization = await client.startDeviceAuthorization();
      await center.expire(authorization.userCode);
      await assert.rejects(
        client.poll(authorization),
        refusal('ExpiredTokenException', 400, 'expired_token'),
      );
    });

    it("refuses another client's device code, a made-up one and none", async () => {
      const center = await start();
      const [client, other] = [await register(center), await register(center)];
      const authorization = await client.startDeviceAuthorization();
      const invalidGrant = refusal('InvalidGrantException', 400, 'invalid_grant');
      await assert.rejects(other.poll(authorization), invalidGrant);
      await assert.rejects(client.createToken({ deviceCode: 'made-up' }), invalidGrant);
      await assert.rejects(
        client.createToken({}),
        refusal('InvalidRequestException', 400, 'invalid_request'),
      );
    });

    it('refuses a wrong client secret and an unsupported grant type', async () => {
      const client = await register(await start());
      await assert.rejects(
        client.createToken({ clientSecret: 'wrong', deviceCode: 'any' }),
        refusal('InvalidClientException', 401, 'invalid_client'),
      );
      await assert.rejects(
        client.createToken({ grantType: 'password' }),
        refusal('UnsupportedGrantTypeException', 400, 'unsupported_grant_type'),
      );
    });

    it('refuses a grant type that the client is not registered for', async () => {
      const client = await register(await start());
      await assert.rejects(
        client.createToken({ grantType: 'authorization_code', code: 'any' }),
        refusal('UnauthorizedClientException', 400, 'unauthorized_client'),
      );
    });

    it('gives a registration without scopes eight hours and no refresh token', async () => {
      const center = await start();
      const client = await register(center, { scopes: [] });
      const authorization = await client.startDeviceAuthorization();
      await center.approve(authorization.userCode);
      const tokens = await client.poll(authorization);
      assert.equal(tokens.expiresIn, 8 * 3600);
      assert.equal(tokens.refreshToken, undefined);
    });

    it('names the user in the ID token when openid and email are among the scopes', async () => {
      const center = await start();
      const client = await register(center, { scopes: ['sso:account:access', 'openid', 'email'] });
      const authorization = await client.startDeviceAuthorization();
      await center.approve(authorization.userCode, '9067642ac7-john');
      const { idToken } = await client.poll(authorization);
      const claims: unknown = JSON.parse(
        Buffer.from((idToken ?? '').split('.')[1] ?? '', 'base64url').toString(),
      );
      assert.equal((claims as { email?: string }).email, 'john@example.com');
    });

    it('gives an ID token that is no JWT without openid', async () => {
      const center = await start();
      const client = await register(center);
      const authorization = await client.startDeviceAuthorization();
      await center.approve(authorization.userCode);
      assert.match((await client.poll(authorization)).idToken ?? '', /^[\w-]+$/);
    });
  });

  describe('CreateToken with a refresh token', () => {
    it('rotates the refresh token', async () => {
      const center = await start();
      const client = await register(center);
      const first = await client.signIn(center);
      const second = await client.refresh(first.refreshToken);
      assert.notEqual(second.accessToken, first.accessToken);
      assert.notEqual(second.refreshToken, first.refreshToken);
      assert.equal(await center.isTokenActive(second.accessToken ?? ''), true);
    });

    it('treats the reuse of a refresh token as theft and ends the session', async () => {
      const center = await start();
      const client = await register(center);
      const first = await client.signIn(center);
      const second = await client.refresh(first.refreshToken);
      const invalidGrant = refusal('InvalidGrantException', 400, 'invalid_grant');
      await assert.rejects(client.refresh(first.refreshToken), invalidGrant);
      await assert.rejects(client.refresh(second.refreshToken ?? ''), invalidGrant);
      assert.equal(await center.isTokenActive(second.accessToken ?? ''), false);
    });

    it('notices reuse in requests that arrive at the same moment', async () => {
      const center = await start();
      const client = await register(center);
      const { refreshToken } = await client.signIn(center);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () => client.refresh(refreshToken)),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    });

    it('refuses scopes beyond the session’s', async () => {
      const center = await start();
      const client = await register(center, { scopes: ['sso:account:access'] });
      const { refreshToken } = await client.signIn(center);
      await assert.rejects(
        client.refresh(refreshToken, ['sso:account:access', 'openid']),
        refusal('InvalidScopeException', 400, 'invalid_scope'),
      );
    });

    it('refuses once the session has ended: by time, by an administrator, for one or for all', async () => {
      const center = await start({ sessionTtlSeconds: 2 });
      const client = await register(center);
      const invalidGrant = refusal('InvalidGrantException', 400, 'invalid_grant');
      const lapsed = await client.signIn(center);
      mock.timers.tick(2100);
      await assert.rejects(client.refresh(lapsed.refreshToken), invalidGrant);

      const other = await start();
      const otherClient = await register(other);
      const [one, two] = [await otherClient.signIn(other), await otherClient.signIn(other)];
      await other.revokeSession(one.accessToken);
      await assert.rejects(otherClient.refresh(one.refreshToken), invalidGrant);
      assert.equal(await other.isTokenActive(two.accessToken), true);
      other.revokeAll();
      assert.equal(await other.isTokenActive(two.accessToken), false);
      await assert.rejects(otherClient.refresh(two.refreshToken), invalidGrant);
    });

    it('refuses a client that was forgotten', async () => {
      const center = await start();
      const client = await register(center);
      const { refreshToken } = await client.signIn(center);
      center.invalidateClients();
      await assert.rejects(
        client.refresh(refreshToken),
        refusal('InvalidClientException', 401, 'invalid_client'),
      );
    });
  });

  it('lets access tokens live as long as they say and hardly longer, and a refresh carries on', async () => {
    const center = await start({ accessTokenTtlSeconds: 1 });
    const client = await register(center);
    const { accessToken, refreshToken } = await client.signIn(center);
    mock.timers.tick(900);
    assert.equal(await center.isTokenActive(accessToken), true);
    mock.timers.tick(1200);
    assert.equal(await center.isTokenActive(accessToken), false);
    const renewed = await client.refresh(refreshToken);
    assert.equal(renewed.expiresIn, 1);
  });
});
