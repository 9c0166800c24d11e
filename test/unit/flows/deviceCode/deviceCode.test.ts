import assert from 'node:assert/strict';

import { systemClock } from '../../../../src/common/clock.ts';
import type { InteractiveConnection } from '../../../../src/connections/connection.ts';
import { deviceCodeFlow } from '../../../../src/flows/deviceCode/deviceCode.ts';
import type { UserCodePrompt } from '../../../../src/flows/flow.ts';
import { refreshTokens } from '../../../../src/flows/refreshToken.ts';
import type { IssuedTokens } from '../../../../src/flows/tokens.ts';
import { startIdentityCenter } from '../../../identity-center/server.ts';
import type { IdentityCenter } from '../../../identity-center/server.ts';
import { startJsonServer } from '../../support/jsonServer.ts';
import { flowContext, MemoryRegistrations, oidcClient, scriptedUser, SCOPES } from '../support.ts';
import { nonEmpty } from '../../support/nonEmpty.ts';

/** Signs in; `onCode` stands for the user in front of the screen. */
function signIn(
  connection: InteractiveConnection,
  onCode: (prompt: UserCodePrompt) => unknown,
  { registrations = new MemoryRegistrations(), signal = new AbortController().signal } = {},
): Promise<IssuedTokens> {
  const flow = deviceCodeFlow(flowContext(registrations));
  const interaction = scriptedUser({ showUserCode: (prompt) => void onCode(prompt) });
  return flow(connection, SCOPES, interaction, signal);
}

describe('the device code flow at a real Identity Center', function () {
  // The service's polling interval is a second, and some of these sign in twice.
  this.timeout(10_000);
  let identityCenter: IdentityCenter;
  before(async () => {
    identityCenter = await startIdentityCenter();
  });
  after(() => identityCenter.close());

  const paths = (from: number): readonly string[] =>
    identityCenter.requests.records.slice(from).map(({ path }) => path);

  it('brings tokens that work and can be refreshed', async () => {
    const tokens = await signIn(identityCenter.connection, ({ userCode }) =>
      identityCenter.approve(userCode),
    );
    assert.ok(await identityCenter.isTokenActive(tokens.accessToken));
    assert.ok(Math.abs(tokens.expiresAt - Date.now() - 3_600_000) < 10_000, 'it lives an hour');
    const { refreshToken, client } = tokens;
    assert.ok(refreshToken !== undefined && client !== undefined);
    const oidc = oidcClient(identityCenter.connection);
    const refreshed = await refreshTokens(
      { oidc, clock: systemClock },
      { refreshToken, client },
      new AbortController().signal,
    );
    assert.ok(await identityCenter.isTokenActive(refreshed.accessToken));
    assert.notEqual(refreshed.accessToken, tokens.accessToken);
  });

  it('shows a code and a page of the service, with the code filled in', async () => {
    const prompts: UserCodePrompt[] = [];
    await signIn(identityCenter.connection, (prompt) => {
      prompts.push(prompt);
      return identityCenter.approve(prompt.userCode);
    });
    assert.equal(prompts.length, 1);
    const [prompt] = prompts;
    assert.match(prompt?.userCode ?? '', /^[A-Z]{4}-[A-Z]{4}$/);
    assert.equal(new URL(prompt?.verificationUri ?? '').origin, identityCenter.pageUrl);
    assert.ok(prompt?.verificationUri.includes(prompt.userCode));
  });

  it('registers once for many sign-ins', async () => {
    const registrations = new MemoryRegistrations();
    const approve = ({ userCode }: UserCodePrompt) => identityCenter.approve(userCode);
    await signIn(identityCenter.connection, approve, { registrations });
    const before = identityCenter.requests.records.length;
    await signIn(identityCenter.connection, approve, { registrations });
    assert.deepEqual(paths(before), ['/device_authorization', '/token']);
  });

  it('registers again when half the life of its registration is over', async () => {
    const registrations = new MemoryRegistrations();
    const approve = ({ userCode }: UserCodePrompt) => identityCenter.approve(userCode);
    await signIn(identityCenter.connection, approve, { registrations });
    for (const [key, client] of nonEmpty('registration', registrations.clients)) {
      const day = 86_400_000;
      const halfOver = { issuedAt: Date.now() - 46 * day, expiresAt: Date.now() + 44 * day };
      registrations.clients.set(key, { ...client, ...halfOver });
    }
    const before = identityCenter.requests.records.length;
    await signIn(identityCenter.connection, approve, { registrations });
    assert.deepEqual(paths(before), ['/client/register', '/device_authorization', '/token']);
  });

  it('never opens the browser with a registration the service has forgotten (aws-toolkit-vscode#3863)', async () => {
    const registrations = new MemoryRegistrations();
    const approve = ({ userCode }: UserCodePrompt) => identityCenter.approve(userCode);
    await signIn(identityCenter.connection, approve, { registrations });
    identityCenter.invalidateClients();
    const before = identityCenter.requests.records.length;
    let codesShown = 0;
    await signIn(
      identityCenter.connection,
      (prompt) => {
        codesShown += 1;
        return approve(prompt);
      },
      { registrations },
    );
    assert.equal(codesShown, 1);
    assert.deepEqual(paths(before).slice(0, 3), [
      '/device_authorization',
      '/client/register',
      '/device_authorization',
    ]);
  });

  it('says which start URL and region are wrong, before any browser opens (aws-cli#5058)', async () => {
    const connection = {
      ...identityCenter.connection,
      startUrl: 'https://d-0000000000.awsapps.com/start',
    };
    const failed = signIn(connection, () => assert.fail('no code should be shown'));
    await assert.rejects(failed, (error: Error & { code?: string; requestId?: string }) => {
      assert.equal(error.code, 'noSuchIdentityCenter');
      assert.ok(error.message.includes('https://d-0000000000.awsapps.com/start'), error.message);
      assert.ok(error.message.includes(identityCenter.connection.region), error.message);
      assert.ok(error.requestId !== undefined && error.message.includes(error.requestId), error.message);
      return true;
    });
  });

  it('shows the words of a registration that is refused, and never blames the start URL, which it does not send', async () => {
    for (const [exception, error] of [
      ['InvalidRequestException', 'invalid_request'],
      ['InvalidClientMetadataException', 'invalid_client_metadata'],
    ] as const) {
      const words = 'a scope of this client is not known here';
      const server = await startJsonServer(
        { '/client/register': { error, error_description: words } },
        { status: 400, headers: { 'x-amzn-errortype': exception } },
      );
      try {
        const failure = await signIn({ ...identityCenter.connection, endpointUrl: server.url }, () =>
          assert.fail('nothing may be shown'),
        ).then(
          () => assert.fail('the sign-in should have failed'),
          (refusal: Error & { code?: string }) => refusal,
        );
        assert.equal(failure.code, exception);
        assert.ok(failure.message.includes(words), failure.message);
        assert.doesNotMatch(failure.message, /start URL/i);
      } finally {
        await server.close();
      }
    }
  });

  it('says that the user denied it', async () => {
    const denied = signIn(identityCenter.connection, ({ userCode }) => identityCenter.deny(userCode));
    await assert.rejects(denied, { code: 'accessDenied' });
  });

  it('says that the code expired', async () => {
    const expired = signIn(identityCenter.connection, ({ userCode }) => identityCenter.expire(userCode));
    await assert.rejects(expired, { code: 'codeExpired' });
  });

  it('ends at once when cancelled in the middle of a request', async () => {
    const cancel = new AbortController();
    const fault = identityCenter.failNext(({ path }) => path === '/token', { kind: 'hang' });
    const startedAt = Date.now();
    const cancelled = signIn(
      identityCenter.connection,
      () => systemClock.schedule(() => cancel.abort(new Error('cancelled')), 1500),
      { signal: cancel.signal },
    );
    const keepAlive = setInterval(() => undefined, 1000);
    await assert.rejects(cancelled, { message: 'cancelled' });
    clearInterval(keepAlive);
    fault.dispose();
    assert.ok(Date.now() - startedAt < 4000, `it took ${Date.now() - startedAt} ms`);
  });
});

describe('the device code flow at a hostile service', () => {
  const registration = { clientId: 'client', clientSecret: 'secret' };
  const authorization = {
    deviceCode: 'device',
    userCode: 'BCDF-GHJK',
    verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
    expiresIn: 600,
    interval: 1,
  };

  /** What the flow makes of an answer to StartDeviceAuthorization. */
  async function failureOn(answer: object): Promise<Error & { code?: string }> {
    const server = await startJsonServer({
      '/client/register': registration,
      '/device_authorization': answer,
    });
    try {
      const connection = {
        name: 'acme',
        startUrl: 'https://d-1234567890.awsapps.com/start',
        region: 'eu-west-1',
        endpointUrl: server.url,
      };
      return await signIn(connection, () => assert.fail('nothing may be shown')).then(
        () => assert.fail('the sign-in should have failed'),
        (error: Error) => error,
      );
    } finally {
      await server.close();
    }
  }

  for (const [what, userCode] of [
    ['a command link', '[x](command:workbench.action.quit)'],
    ['markup', '**BCDF**'],
    ['lower case', 'bcdf-ghjk'],
  ] as const) {
    it(`never shows a user code that holds ${what}`, async () => {
      const error = await failureOn({ ...authorization, userCode });
      assert.equal(error.code, 'unsafeVerification', error.message);
      assert.ok(!error.message.includes(userCode), error.message);
    });
  }

  for (const verificationUri of [
    'https://evil.example/device',
    'http://d-1234567890.awsapps.com/start/#/device',
    'https://d-1234567890.awsapps.com.evil.example/start',
    'https://awsapps.com@evil.example/start',
    'javascript:alert(1)',
    'command:workbench.action.quit',
    'file:///etc/passwd',
  ]) {
    it(`never opens ${verificationUri}`, async () => {
      const error = await failureOn({ ...authorization, verificationUri });
      assert.equal(error.code, 'unsafeVerification', error.message);
    });

    it(`never opens ${verificationUri} as the complete URI`, async () => {
      const error = await failureOn({ ...authorization, verificationUriComplete: verificationUri });
      assert.equal(error.code, 'unsafeVerification', error.message);
    });
  }

  for (const missing of ['deviceCode', 'userCode', 'verificationUri'] as const) {
    it(`says so when the response lacks ${missing}`, async () => {
      const { [missing]: _left, ...incomplete } = authorization;
      const error = await failureOn(incomplete);
      assert.equal(error.code, 'incompleteAnswer', error.message);
      assert.ok(error.message.includes(missing) && error.message.includes('request-1'), error.message);
    });
  }
});
