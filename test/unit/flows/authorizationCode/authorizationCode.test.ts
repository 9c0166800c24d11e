import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';

import { authorizationCodeFlow } from '../../../../src/flows/authorizationCode/authorizationCode.ts';
import { switchableFlow } from '../../../../src/flows/browserFlow.ts';
import { deviceCodeFlow } from '../../../../src/flows/deviceCode/deviceCode.ts';
import type { BrowserPrompt } from '../../../../src/flows/flow.ts';
import type { IssuedTokens, RegisteredClient } from '../../../../src/flows/tokens.ts';
import { Browser } from '../../../identity-center/browser.ts';
import { SCOPE_FOR_URLS } from '../../../identity-center/scopes.ts';
import { startIdentityCenter } from '../../../identity-center/server.ts';
import type { IdentityCenter } from '../../../identity-center/server.ts';
import { CLIENT } from '../../support/sessions.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { flowContext, MemoryRegistrations, scriptedUser, SCOPES } from '../support.ts';

/** Sends a request as no browser would follow it, and gives back its answer. */
async function send(url: URL | string, options: { method?: string; headers?: Record<string, string> } = {}) {
  const sent = request(url, options).end();
  // A refused request may break off after its answer.
  sent.on('error', () => undefined);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = await response.toArray();
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

/** Where the service sends the browser after the user has decided. */
async function decide(url: string, decision: 'approve' | 'deny'): Promise<URL> {
  return (await new Browser().decide(url, decision)).url;
}

function redirectUriOf(url: string): URL {
  return new URL(new URL(url).searchParams.get('redirect_uri') ?? '');
}

describe('the authorization code flow at a real Identity Center', () => {
  let identityCenter: IdentityCenter;
  before(async () => {
    identityCenter = await startIdentityCenter();
  });
  after(() => identityCenter.close());

  /** Signs in; `inBrowser` is what happens once the page is open. Both have to succeed. */
  async function signIn(
    inBrowser: (url: string) => Promise<unknown>,
    scopes: readonly string[] = SCOPES,
  ): Promise<IssuedTokens> {
    const opened = Promise.withResolvers<string>();
    const flow = authorizationCodeFlow(flowContext());
    const interaction = scriptedUser({ showBrowserSignIn: ({ url }) => opened.resolve(url) });
    const tokens = flow(identityCenter.connection, scopes, interaction, new AbortController().signal);
    tokens.catch(() => undefined);
    await inBrowser(await opened.promise);
    return tokens;
  }

  it('brings tokens that work, and shows in the browser that it did', async () => {
    const tokens = await signIn(async (url) => {
      const page = await send(await decide(url, 'approve'));
      assert.equal(page.status, 200);
      assert.match(page.body, /You&#39;re signed in/);
    });
    assert.ok(await identityCenter.isTokenActive(tokens.accessToken));
    assert.ok(tokens.refreshToken !== undefined);
  });

  it('asks with PKCE, from 127.0.0.1 on a free port, and in the words of AWS', async () => {
    await signIn(async (url) => {
      const { searchParams } = new URL(url);
      assert.equal(searchParams.get('response_type'), 'code');
      assert.equal(searchParams.get('code_challenge_method'), 'S256');
      assert.match(searchParams.get('code_challenge') ?? '', /^[\w-]{43}$/);
      assert.match(searchParams.get('state') ?? '', /^[\w-]{43}$/);
      assert.equal(searchParams.get('scopes'), 'sso:account:access');
      assert.match(redirectUriOf(url).href, /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/);
      await send(await decide(url, 'approve'));
    });
  });

  it('asks for a scope as it is, whatever it has that means something in a URL', async () => {
    const tokens = await signIn(
      async (url) => {
        const { searchParams } = new URL(url);
        assert.deepEqual(searchParams.getAll('scopes'), [`${SCOPE_FOR_URLS} sso:account:access`]);
        assert.equal([...searchParams].length, 7);
        await send(await decide(url, 'approve'));
      },
      [SCOPE_FOR_URLS, 'sso:account:access'],
    );
    assert.ok(await identityCenter.isTokenActive(tokens.accessToken));
  });

  for (const scope of ['sso:account:access openid', 'a"b', 'a\\b', 'a\nb', 'ü', '']) {
    it(`refuses ${JSON.stringify(scope)} for a scope, with words, before anything is opened or sent`, async () => {
      const before = identityCenter.requests.records.length;
      for (const flow of [authorizationCodeFlow(flowContext()), deviceCodeFlow(flowContext())]) {
        await assert.rejects(
          flow(identityCenter.connection, [scope], scriptedUser({}), new AbortController().signal),
          { code: 'malformedScope', message: /isn't a scope.*Correct the connection's scopes/ },
        );
      }
      assert.equal(identityCenter.requests.records.length, before);
    });
  }

  it('ends with the words of the service when the user denies it, here and in the browser', async () => {
    const denied = signIn(async (url) => {
      const page = await send(await decide(url, 'deny'));
      assert.equal(page.status, 400);
      assert.match(page.body, /Sign-in failed/);
    });
    await assert.rejects(denied, { code: 'accessDenied' });
  });

  it('responds to and ignores all requests but the response it waits for', async () => {
    const tokens = await signIn(async (url) => {
      const callback = redirectUriOf(url);
      const state = new URL(url).searchParams.get('state') ?? '';
      const strangers = [
        await send(`${callback.origin}/favicon.ico`),
        await send(`${callback.href}?code=stolen&state=wrong`),
        await send(`${callback.href}?code=stolen`),
        await send(`${callback.origin}/other?code=stolen&state=${state}`),
        await send(`${callback.href}?code=stolen&state=${state}`, { method: 'HEAD' }),
        await send(`${callback.href}?code=stolen&state=${state}`, { method: 'POST' }),
        await send(callback, { headers: { cookie: 'x'.repeat(100_000) } }),
      ];
      assert.deepEqual(
        strangers.map(({ status }) => status),
        [404, 404, 404, 404, 405, 405, 431],
      );
      // A client that never ends its request holds up nobody.
      const slow = connect(Number(callback.port), '127.0.0.1');
      await once(slow, 'connect');
      slow.on('error', () => undefined).write('GET /oauth/callback HTTP/1.1\r\n');
      assert.equal((await send(await decide(url, 'approve'))).status, 200);
      slow.destroy();
    });
    assert.ok(await identityCenter.isTokenActive(tokens.accessToken));
  });

  it('takes the first response and ignores a second one', async () => {
    const tokens = await signIn(async (url) => {
      const fault = identityCenter.failNext(({ path }) => path === '/token', { kind: 'delay', delayMs: 300 });
      const callback = await decide(url, 'approve');
      const [first, second] = await Promise.all([send(callback), send(callback)]);
      assert.deepEqual(new Set([first.status, second.status]), new Set([200, 404]));
      fault.dispose();
    });
    assert.ok(await identityCenter.isTokenActive(tokens.accessToken));
  });

  it('shows pages that run nothing, load nothing and are kept nowhere', async () => {
    await signIn(async (url) => {
      const pages = [await send(`${redirectUriOf(url).origin}/`), await send(await decide(url, 'approve'))];
      for (const { headers, body } of pages) {
        assert.match(String(headers['content-security-policy']), /^default-src 'none';/);
        assert.equal(headers['cache-control'], 'no-store');
        assert.doesNotMatch(body, /<script|src=|href=/);
      }
    });
  });

  it('shows the words of the service as text, whatever they hold', async () => {
    const refused = signIn(async (url) => {
      const callback = redirectUriOf(url);
      callback.search = new URLSearchParams({
        error: 'server_error',
        error_description: '<img src=x onerror=alert(1)>',
        state: new URL(url).searchParams.get('state') ?? '',
      }).toString();
      const { body } = await send(callback);
      assert.doesNotMatch(body, /<img/);
      assert.match(body, /&#60;img/);
    });
    await assert.rejects(refused, { code: 'browserRefused' });
  });

  it('shows nothing invisible, no other direction of text and no more than a sentence of those words', async () => {
    const refused = signIn(async (url) => {
      const callback = redirectUriOf(url);
      callback.search = new URLSearchParams({
        error: 'server_error',
        error_description: `No\u202E\u200B${'x'.repeat(5000)}`,
        state: new URL(url).searchParams.get('state') ?? '',
      }).toString();
      const { body } = await send(callback);
      assert.match(body, /&#34;No x{196}…&#34;/);
    });
    await assert.rejects(refused, { message: /"No x{196}…"/ });
  });

  for (const authorizationEndpoint of [
    'https://login.evil.example/authorize',
    'http://127.0.0.1.evil.example/authorize',
    'javascript:alert(1)',
    'not a url',
  ]) {
    it(`never opens a page that is not the service's own: ${authorizationEndpoint}`, async () => {
      class Elsewhere extends MemoryRegistrations {
        override async read(): Promise<RegisteredClient> {
          return {
            ...CLIENT,
            issuedAt: Date.now(),
            expiresAt: Date.now() + 86_400_000,
            authorizationEndpoint,
          };
        }
      }
      const flow = authorizationCodeFlow(flowContext(new Elsewhere()));
      // This user is surprised by any page.
      const signedIn = flow(
        identityCenter.connection,
        SCOPES,
        scriptedUser({}),
        new AbortController().signal,
      );
      await assert.rejects(signedIn, { code: 'unsafeVerification' });
    });
  }

  it('stops listening when it is cancelled, and ends at once', async () => {
    const cancel = new AbortController();
    const opened = Promise.withResolvers<string>();
    const interaction = scriptedUser({ showBrowserSignIn: ({ url }) => opened.resolve(url) });
    const flow = authorizationCodeFlow(flowContext());
    const cancelled = flow(identityCenter.connection, SCOPES, interaction, cancel.signal);
    cancelled.catch(() => undefined);
    const callback = redirectUriOf(await opened.promise);
    cancel.abort(new Error('cancelled by the test'));
    await assert.rejects(cancelled, { message: 'cancelled by the test' });
    await assert.rejects(send(callback), { code: 'ECONNREFUSED' });
  });

  it('always shows the region it was sent to while it waits for the browser (aws-toolkit-vscode#3009)', async () => {
    const cancel = new AbortController();
    const opened = Promise.withResolvers<BrowserPrompt>();
    const context = flowContext();
    const flow = switchableFlow(authorizationCodeFlow(context), deviceCodeFlow(context));
    const interaction = scriptedUser({ showBrowserSignIn: (prompt) => opened.resolve(prompt) });
    const cancelled = flow(identityCenter.connection, SCOPES, interaction, cancel.signal);
    assert.equal((await opened.promise).region, identityCenter.connection.region);
    cancel.abort(new Error('cancelled by the test'));
    await assert.rejects(cancelled, { message: 'cancelled by the test' });
  });

  it('never waits forever: it ends after ten minutes, and says so (vscode#180803, vscode#213402)', async () => {
    const clock = new VirtualClock();
    const opened = Promise.withResolvers<BrowserPrompt>();
    const interaction = scriptedUser({ showBrowserSignIn: (prompt) => opened.resolve(prompt) });
    const flow = authorizationCodeFlow({ ...flowContext(), clock });
    const late = flow(identityCenter.connection, SCOPES, interaction, new AbortController().signal);
    late.catch(() => undefined);
    const { url } = await opened.promise;
    await clock.advance(9 * 60_000);
    assert.equal((await send(redirectUriOf(url))).status, 404, 'it still listens');
    await clock.advance(60_000);
    await assert.rejects(late, { code: 'timedOut', message: /took too long.*Sign in again/ });
    await assert.rejects(send(redirectUriOf(url)), { code: 'ECONNREFUSED' });
  });

  it('turns into a device code sign-in when the user asks for one (aws-cli#9228)', async function () {
    this.timeout(10_000);
    const opened = Promise.withResolvers<BrowserPrompt>();
    const context = flowContext();
    const flow = switchableFlow(authorizationCodeFlow(context), deviceCodeFlow(context));
    const interaction = scriptedUser({
      showBrowserSignIn: (prompt) => opened.resolve(prompt),
      showUserCode: ({ userCode }) => void identityCenter.approve(userCode),
    });
    const tokens = flow(identityCenter.connection, SCOPES, interaction, new AbortController().signal);
    const { url, useDeviceCode } = await opened.promise;
    useDeviceCode?.();
    assert.ok(await identityCenter.isTokenActive((await tokens).accessToken));
    await assert.rejects(send(redirectUriOf(url)), { code: 'ECONNREFUSED' });
  });
});
