import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mock } from 'node:test';
import { CreateTokenWithIAMCommand, SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import type {
  CreateTokenWithIAMCommandOutput,
  CreateTokenWithIAMRequest,
  SSOOIDCClientConfig,
  SSOOIDCServiceException,
} from '@aws-sdk/client-sso-oidc';
import { decodeJwt } from 'jose';
import { systemClock } from '../../src/common/clock.ts';
import { signatureV4 } from '../../src/oidc/sigv4.ts';
import { Browser } from './browser.ts';
import { GRANT_TYPES, TOKEN_TYPES } from './grants.ts';
import { present, SdkClient } from './sdk.ts';
import { startIdentityCenter } from './server.ts';
import type { IdentityCenter } from './server.ts';
import { startTokenIssuer } from './tokenIssuer.ts';
import type { TokenIssuer } from './tokenIssuer.ts';

const REDIRECT_URI = 'http://127.0.0.1:49152/oauth/callback';
const JANE = { sub: 'jane', email: 'jane@example.com' };

describe("the embedded Identity Center's CreateTokenWithIAM, as AWS's SDK sees it", () => {
  let issuer: TokenIssuer;
  let center: IdentityCenter;

  before(async () => {
    issuer = await startTokenIssuer();
    center = await startIdentityCenter({ trustedIssuers: [issuer], region: 'eu-west-1' });
  });
  after(() => Promise.all([issuer.close(), center.close()]));

  async function send(
    request: Partial<CreateTokenWithIAMRequest>,
    configuration: Partial<SSOOIDCClientConfig> = {},
    at: IdentityCenter = center,
  ): Promise<CreateTokenWithIAMCommandOutput> {
    const { credentials, region, applicationArn: clientId } = at.iam;
    const client = new SSOOIDCClient({
      endpoint: at.url,
      region,
      credentials,
      maxAttempts: 1,
      ...configuration,
    });
    try {
      return await client.send(new CreateTokenWithIAMCommand({ clientId, grantType: undefined, ...request }));
    } finally {
      client.destroy();
    }
  }

  const bearer = async (more: Partial<CreateTokenWithIAMRequest> = {}) => ({
    grantType: GRANT_TYPES.jwtBearer,
    assertion: await issuer.issue(JANE),
    ...more,
  });

  describe('with a JSON Web Token', () => {
    it('gives tokens for the user it names, with all that the model promises', async () => {
      const tokens = await send(await bearer());
      assert.equal(tokens.tokenType, 'Bearer');
      assert.equal(tokens.expiresIn, 3600);
      assert.equal(tokens.issuedTokenType, TOKEN_TYPES.accessToken);
      assert.equal(decodeJwt(present(tokens.idToken))['email'], 'jane@example.com');
      assert.ok(tokens.scope?.includes('sts:identity_context'), `scopes: ${tokens.scope?.join(' ')}`);
      assert.match(present(tokens.awsAdditionalDetails?.identityContext), /^[\w+/]+=*$/);
      assert.equal(await center.isTokenActive(present(tokens.accessToken)), true);
    });

    it('gives no more scopes than were asked for, and an ID token all the same', async () => {
      const tokens = await send(await bearer({ scope: ['sso:account:access'] }));
      assert.deepEqual(tokens.scope, ['sso:account:access', 'openid']);
      assert.equal(tokens.awsAdditionalDetails, undefined);
      assert.equal(decodeJwt(present(tokens.idToken)).sub, '9067642ac7-jane');
    });

    it('refuses one that is over, for somebody else, of a stranger, for nobody here, tampered with or none', async () => {
      const stranger = await startTokenIssuer();
      const [header, , signature] = (await issuer.issue(JANE)).split('.');
      const payload = Buffer.from(JSON.stringify({ ...decodeJwt(await issuer.issue(JANE)), email: 'x' }));
      try {
        for (const assertion of [
          await issuer.issue(JANE, Math.floor(Date.now() / 1000) - 60),
          await issuer.issue({ ...JANE, aud: 'another application' }),
          await stranger.issue(JANE),
          await stranger.issue({ ...JANE, iss: issuer.issuer }),
          await issuer.issue({ sub: 'nobody', email: 'nobody@example.com' }),
          await issuer.issue({ sub: 'nobody' }),
          `${header}.${payload.toString('base64url')}.${signature}`,
          'not a token',
        ]) {
          await assert.rejects(
            send(await bearer({ assertion })),
            { name: 'InvalidGrantException' },
            assertion,
          );
        }
      } finally {
        await stranger.close();
      }
    });
  });

  it('exchanges an access token of a session, and no other', async () => {
    const client = await SdkClient.register(center);
    try {
      const { accessToken: subjectToken } = await client.signIn(center);
      const exchange = {
        grantType: GRANT_TYPES.tokenExchange,
        subjectToken,
        subjectTokenType: TOKEN_TYPES.accessToken,
      };
      const tokens = await send({ ...exchange, requestedTokenType: TOKEN_TYPES.refreshToken });
      assert.equal(tokens.issuedTokenType, TOKEN_TYPES.refreshToken);
      assert.equal(decodeJwt(present(tokens.idToken)).sub, '9067642ac7-jane');
      await center.revokeSession(subjectToken);
      await assert.rejects(send(exchange), { name: 'InvalidGrantException' });
      await assert.rejects(send({ ...exchange, subjectTokenType: 'urn:x' }), {
        name: 'InvalidRequestException',
      });
    } finally {
      client.dispose();
    }
  });

  it('exchanges an authorization code of the application, once, with its verifier', async () => {
    const codeVerifier = randomBytes(48).toString('base64url');
    const url = new URL(`${center.pageUrl}/authorize`);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: center.iam.applicationArn,
      redirect_uri: REDIRECT_URI,
      code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      scopes: 'sso:account:access openid',
    }).toString();
    const { url: callback } = await new Browser().decide(url, 'approve');
    const code = present(callback.searchParams.get('code') ?? undefined);
    const request = {
      grantType: GRANT_TYPES.authorizationCode,
      code,
      redirectUri: REDIRECT_URI,
      codeVerifier,
    };
    assert.equal(decodeJwt(present((await send(request)).idToken)).sub, '9067642ac7-jane');
    await assert.rejects(send(request), { name: 'InvalidGrantException' });
  });

  it('refreshes, rotates the refresh token and treats its reuse as theft', async () => {
    const first = await send(await bearer());
    const refresh = { grantType: GRANT_TYPES.refreshToken, refreshToken: first.refreshToken };
    const second = await send(refresh);
    assert.notEqual(second.refreshToken, first.refreshToken);
    assert.equal(decodeJwt(present(second.idToken)).sub, '9067642ac7-jane');
    await assert.rejects(send(refresh), { name: 'InvalidGrantException' });
    assert.equal(await center.isTokenActive(present(second.accessToken)), false);
  });

  it('refuses another application, a scope it lacks and a grant type it does not allow', async () => {
    await assert.rejects(send(await bearer({ clientId: 'arn:aws:sso::1:application/x' })), {
      name: 'InvalidClientException',
    });
    await assert.rejects(send(await bearer({ scope: ['no:such'] })), { name: 'InvalidScopeException' });
    await using strict = await disposable({ applicationGrantTypes: [GRANT_TYPES.jwtBearer] });
    const tokens = await send(await bearer(), {}, strict);
    assert.equal(tokens.refreshToken, undefined);
    await assert.rejects(send({ grantType: GRANT_TYPES.refreshToken, refreshToken: 'any' }, {}, strict), {
      name: 'UnauthorizedClientException',
    });
  });

  async function disposable(options: Parameters<typeof startIdentityCenter>[0]) {
    const started = await startIdentityCenter({ trustedIssuers: [issuer], ...options });
    return { ...started, [Symbol.asyncDispose]: () => started.close() };
  }

  describe('and the signature', () => {
    it('names the region to use when it is made for another one', async () => {
      await assert.rejects(send(await bearer(), { region: 'us-east-1' }), {
        name: 'InvalidRequestRegionException',
        endpoint: center.url,
        region: 'eu-west-1',
      });
    });

    it('is refused with a wrong secret, an unknown key and another session token', async () => {
      const { credentials } = center.iam;
      for (const [wrong, name] of [
        [{ secretAccessKey: 'wrong' }, 'InvalidSignatureException'],
        [{ accessKeyId: 'AKIDEXAMPLE' }, 'UnrecognizedClientException'],
        [{ sessionToken: 'wrong' }, 'UnrecognizedClientException'],
      ] as const) {
        const refused = send(await bearer(), { credentials: { ...credentials, ...wrong } });
        await assert.rejects(refused, (error: SSOOIDCServiceException) => {
          assert.deepEqual([error.name, error.$metadata.httpStatusCode], [name, 403]);
          return true;
        });
      }
    });

    it('is refused when it is over', async () => {
      const request = await bearer();
      mock.timers.enable({ apis: ['Date'], now: Date.now() - 6 * 60_000 });
      const client = new SSOOIDCClient({
        endpoint: center.url,
        region: 'eu-west-1',
        credentials: center.iam.credentials,
        maxAttempts: 1,
      });
      client.middlewareStack.add(
        (next) => (args) => {
          mock.timers.reset();
          return next(args);
        },
        { step: 'deserialize', priority: 'low' },
      );
      try {
        const { applicationArn: clientId } = center.iam;
        await assert.rejects(client.send(new CreateTokenWithIAMCommand({ clientId, ...request })), {
          name: 'InvalidSignatureException',
          message: /expired/,
        });
      } finally {
        mock.timers.reset();
        client.destroy();
      }
    });

    it('is refused when it is missing, or does not cover what is sent', async () => {
      assert.equal(await post({}, '{}'), 'MissingAuthenticationTokenException');
      assert.equal(await post({ authorization: 'Bearer x' }, '{}'), 'IncompleteSignatureException');
      const signed = await sign(await bearer());
      assert.equal(await post(signed.headers, `${signed.body} `), 'InvalidSignatureException');
      assert.equal(
        await post({ ...signed.headers, 'x-amz-more': '1' }, signed.body),
        'InvalidSignatureException',
      );
      assert.equal(await post(signed.headers, signed.body), undefined);
    });
  });

  /** A signed request, not sent yet. */
  async function sign(members: object): Promise<{ headers: Record<string, string>; body: string }> {
    const { applicationArn: clientId, region, credentials } = center.iam;
    const body = JSON.stringify({ clientId, ...members });
    const request = {
      operation: 'CreateTokenWithIAM',
      method: 'POST',
      url: new URL(`${center.url}/token?aws_iam=t`),
      headers: {},
      body,
      secrets: [],
    } as const;
    const { headers } = await signatureV4(systemClock)(request, {
      service: 'sso-oauth',
      region,
      credentials,
    });
    return { headers: { ...headers }, body };
  }

  /** The exception in the answer, if it is one. */
  async function post(headers: Record<string, string>, body: string): Promise<string | undefined> {
    const response = await fetch(`${center.url}/token?aws_iam=t`, { method: 'POST', headers, body });
    return response.headers.get('x-amzn-errortype')?.split(':')[0];
  }
});
