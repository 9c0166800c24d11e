import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { systemClock } from '../../src/common/clock.ts';
import { readPortalRegion } from '../../src/connections/startUrl/portalPage.ts';
import { Browser } from './browser.ts';
import type { BrowserPage } from './browser.ts';
import { GRANT_TYPES } from './grants.ts';
import { SdkClient } from './sdk.ts';
import type { DeviceAuthorization } from './sdk.ts';
import type { IdentityCenter } from './server.ts';
import { startIdentityCenter } from './server.ts';

describe("the embedded Identity Center's access portal", () => {
  it('names its region in its page, at the path of its start URL', async () => {
    const center = await startIdentityCenter({ region: 'eu-central-1' });
    try {
      // The start URL is AWS's, where no test may ask.
      const here: typeof globalThis.fetch = (input, init) => {
        const { pathname } = new URL(input instanceof Request ? input.url : input);
        return fetch(new URL(pathname, center.url), init);
      };
      const options = { fetch: here, clock: systemClock };
      assert.equal(await readPortalRegion(center.startUrl, options), 'eu-central-1');
    } finally {
      await center.close();
    }
  });
});

describe("the embedded Identity Center's verification page", () => {
  let center: IdentityCenter;
  let client: SdkClient;
  let authorization: DeviceAuthorization;
  let browser: Browser;

  beforeEach(async () => {
    center = await startIdentityCenter();
    client = await SdkClient.register(center, { clientName: 'Editor & <friends>' });
    authorization = await client.startDeviceAuthorization();
    browser = new Browser();
  });

  afterEach(async () => {
    client.dispose();
    await center.close();
  });

  it('shows the code of the complete link, then who is asking and for what, then that it is approved', async () => {
    const code = await browser.open(authorization.verificationUriComplete);
    assert.match(code.html, new RegExp(`id="user-code"[^>]* value="${authorization.userCode}"`));
    const consent = await browser.submit(code);
    assert.match(consent.html, /<dd id="client-name">Editor &#38; &#60;friends&#62;<\/dd>/);
    assert.match(consent.html, /<code>sso:account:access<\/code>/);
    assert.match(consent.html, /name="decision"\s+value="approve"/);
    assert.match(consent.html, /name="decision"\s+value="deny"/);
    const result = await browser.submit(consent, { decision: 'approve' });
    assert.match(result.html, /Request approved/);
    assert.equal((await client.poll(authorization)).tokenType, 'Bearer');
  });

  it('takes a code that is typed, in lower case and without its dash', async () => {
    const typed = authorization.userCode.replace('-', '').toLowerCase();
    const page = await browser.open(authorization.verificationUri);
    const consent = await browser.submit(page, { user_code: typed });
    await browser.submit(consent, { decision: 'approve' });
    assert.equal((await client.poll(authorization)).tokenType, 'Bearer');
  });

  it('asks again, saying why, when the code is unknown', async () => {
    const page = await browser.open(authorization.verificationUri);
    const again = await browser.submit(page, { user_code: 'BBBB-BBBB' });
    assert.match(again.html, /role="alert">The code was not found\./);
    assert.match(again.html, /id="user-code"/);
  });

  it('says so when the code has expired or was used', async () => {
    await browser.decide(authorization.verificationUriComplete, 'approve');
    const used = await browser.submit(await browser.open(authorization.verificationUriComplete));
    assert.match(used.html, /role="alert">Code has already been used\./);
    const expired = await client.startDeviceAuthorization();
    await center.expire(expired.userCode);
    const late = await browser.submit(await browser.open(expired.verificationUriComplete));
    assert.match(late.html, /role="alert">The code has expired\./);
  });

  it('denies', async () => {
    const result = await browser.decide(authorization.verificationUriComplete, 'deny');
    assert.match(result.html, /Request denied/);
    await assert.rejects(client.poll(authorization), { name: 'AccessDeniedException' });
  });

  it('lets the same browser sign in as one user and then as another', async () => {
    const emails = [];
    const openid = await SdkClient.register(center, { scopes: ['openid', 'email'] });
    for (const user of ['9067642ac7-jane', '9067642ac7-john']) {
      const next = await openid.startDeviceAuthorization();
      const consent = await browser.submit(await browser.open(next.verificationUriComplete));
      await browser.submit(consent, { decision: 'approve', user });
      emails.push(email((await openid.poll(next)).idToken));
    }
    assert.deepEqual(emails, ['jane@example.com', 'john@example.com']);
    openid.dispose();
  });

  it('goes on beside another Identity Center in the same browser, whose cookies are the same by host', async () => {
    const other = await startIdentityCenter();
    const page = await browser.open(authorization.verificationUriComplete);
    await browser.open(`${other.pageUrl}/device`);
    await other.close();
    const consent = await browser.submit(page);
    assert.match(consent.html, /name="decision"/);
  });

  it('says so when the request behind a consent is gone', async () => {
    const page = await browser.open(`${center.pageUrl}/interaction/made-up`);
    assert.equal(page.status, 400);
    assert.match(page.html, /This request has expired\. Start the sign-in again\./);
  });

  it('refuses a form that did not come from its own page', async () => {
    const page = await browser.open(authorization.verificationUriComplete);
    const refused = await browser.submit(page, { xsrf: 'forged' });
    assert.equal(refused.status, 400);
    assert.doesNotMatch(refused.html, /name="decision"/);
  });

  it('needs no script, and its policy allows its own style and nothing else', async () => {
    const code = await browser.open(authorization.verificationUriComplete);
    const consent = await browser.submit(code);
    for (const page of [code, consent, await browser.submit(consent, { decision: 'approve' })]) {
      assertStrict(page);
    }
  });
});

describe("the embedded Identity Center's authorization code with PKCE", () => {
  const redirectUri = 'http://127.0.0.1:49152/oauth/callback';
  const codeVerifier = randomBytes(48).toString('base64url');
  let center: IdentityCenter;
  let client: SdkClient;

  beforeEach(async () => {
    center = await startIdentityCenter();
    client = await SdkClient.register(center, {
      grantTypes: ['authorization_code', 'refresh_token'],
      redirectUris: ['http://127.0.0.1/oauth/callback'],
      issuerUrl: center.startUrl,
    });
  });

  afterEach(async () => {
    client.dispose();
    await center.close();
  });

  function authorizeUrl(changes: Readonly<Record<string, string>> = {}): URL {
    const url = new URL('/authorize', center.url);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: client.registration.clientId,
      redirect_uri: redirectUri,
      state: 'the state',
      code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      scopes: 'sso:account:access',
      ...changes,
    }).toString();
    return url;
  }

  async function approvedCode(): Promise<string> {
    const callback = await new Browser().decide(authorizeUrl(), 'approve');
    assert.equal(callback.url.origin + callback.url.pathname, redirectUri);
    assert.equal(callback.url.searchParams.get('state'), 'the state');
    return callback.url.searchParams.get('code') ?? '';
  }

  const exchange = (code: string, changes: { codeVerifier?: string; redirectUri?: string } = {}) =>
    client.createToken({
      grantType: GRANT_TYPES.authorizationCode,
      code,
      redirectUri,
      codeVerifier,
      ...changes,
    });

  it('gives tokens for the approved code, on whatever port the client listens', async () => {
    const tokens = await exchange(await approvedCode());
    assert.equal(await center.isTokenActive(tokens.accessToken ?? ''), true);
    assert.equal((await client.refresh(tokens.refreshToken ?? '')).tokenType, 'Bearer');
  });

  it('refuses a wrong verifier, a wrong redirect URI and a second use of the code', async () => {
    const invalidGrant = { name: 'InvalidGrantException' };
    await assert.rejects(
      exchange(await approvedCode(), { codeVerifier: randomBytes(48).toString('base64url') }),
      invalidGrant,
    );
    await assert.rejects(
      exchange(await approvedCode(), { redirectUri: 'http://127.0.0.1:1/oauth/callback' }),
      invalidGrant,
    );
    const code = await approvedCode();
    const { accessToken } = await exchange(code);
    await assert.rejects(exchange(code), invalidGrant);
    assert.equal(await center.isTokenActive(accessToken ?? ''), false);
  });

  it("lets the browser's policy follow the consent to the client's loopback address", async () => {
    const { headers } = await new Browser().open(authorizeUrl());
    assert.match(String(headers['content-security-policy']), /form-action 'self' http:\/\/127\.0\.0\.1:\*;/);
  });

  it('tells the client that the user denied', async () => {
    const callback = await new Browser().decide(authorizeUrl(), 'deny');
    assert.equal(callback.url.searchParams.get('error'), 'access_denied');
    assert.equal(callback.url.searchParams.get('state'), 'the state');
  });

  it('tells the client that its scope or its challenge is wrong', async () => {
    assert.equal(await errorOf(authorizeUrl({ scopes: 'openid' })), 'invalid_scope');
    const withoutChallenge = authorizeUrl();
    withoutChallenge.searchParams.delete('code_challenge');
    withoutChallenge.searchParams.delete('code_challenge_method');
    assert.equal(await errorOf(withoutChallenge), 'invalid_request');
    assert.equal(await errorOf(authorizeUrl({ code_challenge_method: 'plain' })), 'invalid_request');
  });

  it('shows a page, and redirects nowhere, when the client or its redirect URI is unknown', async () => {
    const browser = new Browser();
    for (const changes of [
      { client_id: 'made-up' },
      { redirect_uri: 'http://127.0.0.1:49152/elsewhere' },
      { redirect_uri: 'http://evil.example/oauth/callback' },
    ]) {
      const page = await browser.open(authorizeUrl(changes));
      assert.equal(page.status, 400);
      assert.match(page.html, /Something is wrong with this request/);
      assertStrict(page);
    }
  });
});

function assertStrict({ html, headers }: BrowserPage): void {
  assert.doesNotMatch(html, /<script|\son\w+=|style="/i);
  assert.doesNotMatch(html, /\s(src|href)=/i);
  const policy = headers['content-security-policy'] ?? '';
  assert.match(String(policy), /^default-src 'none'; /);
  const style = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  assert.ok(
    String(policy).includes(`style-src 'sha256-${hash}'`),
    `the policy does not allow the style: ${String(policy)}`,
  );
  assert.equal(headers['cache-control'], 'no-store');
}

function email(idToken: string | undefined): unknown {
  const claims: unknown = JSON.parse(
    Buffer.from((idToken ?? '').split('.')[1] ?? '', 'base64url').toString(),
  );
  return (claims as { email?: unknown }).email;
}

/** The error the client's redirect URI is opened with. */
async function errorOf(authorizeUrl: URL): Promise<string | null> {
  return (await new Browser().open(authorizeUrl)).url.searchParams.get('error');
}
