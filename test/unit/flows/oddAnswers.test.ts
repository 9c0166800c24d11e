import assert from 'node:assert/strict';

import { systemClock } from '../../../src/common/clock.ts';
import { authorizationCodeFlow } from '../../../src/flows/authorizationCode/authorizationCode.ts';
import { authorize, deviceCodeFlow } from '../../../src/flows/deviceCode/deviceCode.ts';
import type { UserCodePrompt } from '../../../src/flows/flow.ts';
import { refreshTokens } from '../../../src/flows/refreshToken.ts';
import { SignInError } from '../../../src/flows/signInError.ts';
import type { IssuedTokens } from '../../../src/flows/tokens.ts';
import { SsoOidcError } from '../../../src/wire/errors.ts';
import { Browser } from '../../identity-center/browser.ts';
import type { Fault } from '../../identity-center/faults.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter } from '../../identity-center/server.ts';
import { flowContext, MemoryRegistrations, oidcClient, scriptedUser, SCOPES } from './support.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function failureOf(work: Promise<unknown>): Promise<SignInError | SsoOidcError> {
  const error: unknown = await work.then(
    () => assert.fail('it should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SignInError || error instanceof SsoOidcError, String(error));
  return error;
}

function assertLifetime(tokens: IssuedTokens, afterMs: number): void {
  const { issuedAt, expiresAt } = tokens;
  assert.ok(Math.abs(expiresAt - issuedAt - afterMs) < 1, `it lives ${expiresAt - issuedAt} ms`);
}

describe('A sign-in and a response that is not as it should be', function () {
  // The service's polling interval is a second.
  this.timeout(15_000);
  const { signal } = new AbortController();
  let center: IdentityCenter;

  before(async () => {
    center = await startIdentityCenter();
  });
  after(() => center.close());

  const failNext = (path: string, fault: Fault): void =>
    void center.failNext((request) => request.path === path, fault);

  const byDeviceCode = (registrations = new MemoryRegistrations()): Promise<IssuedTokens> => {
    const showUserCode = ({ userCode }: UserCodePrompt): void => void center.approve(userCode);
    const flow = deviceCodeFlow(flowContext(registrations));
    return flow(center.connection, SCOPES, scriptedUser({ showUserCode }), signal);
  };

  const byBrowser = (): Promise<IssuedTokens> => {
    const browser = new Browser();
    const showBrowserSignIn = async ({ url }: { readonly url: string }): Promise<void> => {
      const { url: callback } = await browser.decide(url, 'approve');
      await fetch(callback);
    };
    const interaction = scriptedUser({ showBrowserSignIn: (prompt) => void showBrowserSignIn(prompt) });
    return authorizationCodeFlow(flowContext())(center.connection, SCOPES, interaction, signal);
  };

  const refresh = ({ refreshToken = '', client }: IssuedTokens): Promise<IssuedTokens> => {
    assert.ok(client !== undefined);
    const oidc = oidcClient(center.connection);
    return refreshTokens({ oidc, clock: systemClock }, { refreshToken, client }, signal);
  };

  describe('to a refresh', () => {
    let current: IssuedTokens;
    before(async () => {
      current = await byDeviceCode();
    });

    for (const [expiresIn, lifetimeMs] of [
      [0, HOUR_MS],
      [3600.5, HOUR_MS],
      ['1800', HOUR_MS / 2],
      [-3600, HOUR_MS],
      [undefined, HOUR_MS],
      [null, HOUR_MS],
      ['', HOUR_MS],
      ['soon', HOUR_MS],
      [1e308, HOUR_MS],
      [{ seconds: 3600 }, HOUR_MS],
    ] as const) {
      it(`keeps a rotated token whose expiresIn is ${JSON.stringify(expiresIn)}`, async () => {
        const first = current;
        failNext('/token', { kind: 'oddMembers', members: { expiresIn } });
        const second = await refresh(first);
        current = second;
        assertLifetime(second, lifetimeMs);
        assert.ok(await center.isTokenActive(second.accessToken));
        assert.notEqual(second.refreshToken, first.refreshToken);
        // What came with it is good too.
        current = await refresh(second);
        assert.ok(await center.isTokenActive(current.accessToken));
      });
    }

    for (const members of [
      { idToken: 7 },
      { idToken: '' },
      { idToken: {} },
      { tokenType: ['Bearer'] },
      { tokenType: '' },
      { idToken: false, tokenType: 0, expiresIn: [] },
    ]) {
      it(`keeps a rotated token that comes with ${JSON.stringify(members)} (netbird#838)`, async () => {
        const first = current;
        failNext('/token', { kind: 'oddMembers', members });
        const second = await refresh(first);
        current = second;
        assert.equal(second.idToken === undefined, 'idToken' in members);
        current = await refresh(second);
        assert.ok(await center.isTokenActive(current.accessToken));
      });
    }

    for (const refreshToken of ['', 7, null, {}]) {
      it(`keeps the old refresh token where the new one is ${JSON.stringify(refreshToken)} (netbird#838)`, async () => {
        const first = await byDeviceCode();
        failNext('/token', { kind: 'oddMembers', members: { refreshToken } });
        const second = await refresh(first);
        assert.equal(second.refreshToken, first.refreshToken);
        assert.ok(await center.isTokenActive(second.accessToken));
      });
    }
  });

  it('signs in with odd members beside the token, in either flow', async () => {
    for (const signIn of [byDeviceCode, byBrowser]) {
      failNext('/token', { kind: 'oddMembers', members: { expiresIn: '0', idToken: 1, tokenType: {} } });
      const tokens = await signIn();
      assertLifetime(tokens, HOUR_MS);
      assert.ok(await center.isTokenActive(tokens.accessToken));
      assert.equal(tokens.idToken, undefined);
    }
  });

  for (const [interval, intervalMs, members] of [
    [0, undefined, {}],
    ['1', 1000, {}],
    [1.5, 2000, { expiresIn: '600' }],
    ['', undefined, { verificationUriComplete: '' }],
    [2 ** 31 - 1, undefined, { verificationUriComplete: 7, expiresIn: 0 }],
  ] as const) {
    it(`starts with the interval ${JSON.stringify(interval)} and ${JSON.stringify(members)} (netbird#838)`, async () => {
      failNext('/device_authorization', { kind: 'oddMembers', members: { interval, ...members } });
      const authorization = await authorize(flowContext(), center.connection, SCOPES, signal);
      assert.equal(authorization.intervalMs, intervalMs);
      const { expiresAt, verificationUri } = authorization.prompt;
      assert.ok(Math.abs(expiresAt - Date.now() - 600_000) < 5000, 'the code lives ten minutes');
      assert.equal(new URL(verificationUri).origin, center.pageUrl);
    });
  }

  for (const clientSecretExpiresAt of [0, -1, 'never', '', null, {}, 1e300]) {
    it(`registers a client whose secret ends at ${JSON.stringify(clientSecretExpiresAt)}`, async () => {
      failNext('/client/register', {
        kind: 'oddMembers',
        members: { clientSecretExpiresAt, authorizationEndpoint: '', tokenEndpoint: 7 },
      });
      const { client } = await authorize(flowContext(), center.connection, SCOPES, signal);
      assert.ok(Math.abs(client.expiresAt - client.issuedAt - 90 * DAY_MS) < 1, `${client.expiresAt}`);
      assert.equal(client.authorizationEndpoint, undefined);
    });
  }

  for (const [path, member] of [
    ['/client/register', 'clientId'],
    ['/client/register', 'clientSecret'],
    ['/device_authorization', 'deviceCode'],
    ['/device_authorization', 'userCode'],
    ['/token', 'accessToken'],
  ] as const) {
    it(`says so where ${member} is empty`, async () => {
      failNext(path, { kind: 'oddMembers', members: { [member]: '' } });
      const error = await failureOf(byDeviceCode());
      assert.equal(error.code, 'incompleteAnswer', error.message);
      assert.ok(error.message.includes(member) && error.requestId !== undefined, error.message);
    });
  }

  it('ends with words, and does not poll on, when the token cannot be read', async () => {
    const from = center.requests.records.length;
    failNext('/token', { kind: 'oddMembers', members: { accessToken: 7 } });
    const error = await failureOf(byDeviceCode());
    assert.equal(error.code, 'unreadableAnswer', error.message);
    assert.match(error.message, /a code works only once.*Sign in again/);
    assert.ok(error.requestId !== undefined && error.message.includes(error.requestId), error.message);
    const polls = center.requests.records.slice(from).filter(({ path }) => path === '/token');
    assert.equal(polls.length, 1);
  });

  for (const [what, fault] of [
    ['a page of a proxy with 200', { kind: 'html', status: 200 }],
    ['a 403 of a firewall', { kind: 'frontDoor', status: 403, body: { Message: 'Blocked.' } }],
    [
      'a policy that calls itself the service',
      { kind: 'exception', status: 403, exception: 'AccessDeniedException' },
    ],
    ['a 404 of a gateway', { kind: 'frontDoor', status: 404, body: { message: 'no Route matched' } }],
  ] as const) {
    it(`polls on after ${what}: the code may still be confirmed (resource-control-policy-examples#18)`, async () => {
      failNext('/token', fault);
      assert.ok(await center.isTokenActive((await byDeviceCode()).accessToken));
    });
  }

  for (const [exception, error] of [
    ['InvalidRequestException', 'invalid_request'],
    ['InvalidClientMetadataException', 'invalid_client_metadata'],
    ['InvalidScopeException', 'invalid_scope'],
  ] as const) {
    it(`tells RegisterClient's own words for ${exception}, and does not blame the start URL`, async () => {
      failNext('/client/register', { kind: 'exception', status: 400, exception, error });
      const failed = await failureOf(byDeviceCode());
      assert.equal(failed.code, exception);
      assert.match(failed.message, /RegisterClient .*The service said: "This failure was asked for\."/);
      assert.doesNotMatch(failed.message, /start URL/);
      assert.ok(!failed.message.includes(center.connection.startUrl), failed.message);
    });
  }

  it('tells RegisterClient’s own words when it registers again, too', async () => {
    const registrations = new MemoryRegistrations();
    await byDeviceCode(registrations);
    center.invalidateClients();
    failNext('/client/register', {
      kind: 'exception',
      status: 400,
      exception: 'InvalidRequestException',
      error: 'invalid_request',
    });
    assert.equal((await failureOf(byDeviceCode(registrations))).code, 'InvalidRequestException');
  });

  it('says that the start URL is unknown also with a client that was just registered again', async () => {
    const registrations = new MemoryRegistrations();
    await byDeviceCode(registrations);
    const invalid = {
      kind: 'exception',
      status: 401,
      exception: 'InvalidClientException',
      error: 'invalid_client',
    } as const;
    const unknown = {
      ...invalid,
      status: 400,
      exception: 'InvalidRequestException',
      error: 'invalid_request',
    } as const;
    failNext('/device_authorization', invalid);
    failNext('/device_authorization', unknown);
    assert.equal((await failureOf(byDeviceCode(registrations))).code, 'noSuchIdentityCenter');
  });

  for (const [path, exception, error, reason] of [
    ['/device_authorization', 'InvalidRequestException', 'invalid_request', 'KMS_DisabledException'],
    ['/token', 'AccessDeniedException', 'access_denied', 'KMS_AccessDeniedException'],
    ['/token', 'InvalidRequestException', 'invalid_request', 'KMS_InvalidStateException'],
  ] as const) {
    it(`names the key as the cause when ${path} answers ${reason} (iam-identity-center-team#500)`, async () => {
      for (const signIn of path === '/token' ? [byDeviceCode, byBrowser] : [byDeviceCode]) {
        failNext(path, { kind: 'exception', status: 400, exception, error, reason });
        const { message, code } = await failureOf(signIn());
        assert.equal(code, exception);
        assert.match(message, /AWS KMS key.*Ask your administrator/);
        assert.ok(message.includes(reason), message);
        assert.doesNotMatch(message, /denied in the browser|start URL/);
      }
    });
  }

  it('tells the words with which the service denies a sign-in', async () => {
    failNext('/token', {
      kind: 'exception',
      status: 400,
      exception: 'AccessDeniedException',
      error: 'access_denied',
    });
    const { code, message } = await failureOf(byDeviceCode());
    assert.equal(code, 'accessDenied');
    assert.match(message, /The service said: "This failure was asked for\."/);
  });
});
