import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { lastSession, signInConsumer } from './consumer.ts';
import { oneJourney } from './journey.ts';
import { isSignedIn, openScene, type ConsumerSession, type Scene } from './scene.ts';

describe('While the Identity Center cannot be reached', () => {
  oneJourney();

  let scene: Scene;
  let session: ConsumerSession;
  let outage: { dispose(): void };

  before(async () => {
    scene = await openScene('outage', { accessTokenTtlSeconds: 10 });
    const { identityCenter } = scene;
    session = await signInConsumer(scene);
    // First its gateway has nobody to ask, then nothing answers at all.
    identityCenter.failNext(isRefresh, { kind: 'html', status: 503 });
    outage = identityCenter.failNext(() => true, { kind: 'dropBefore' }, Infinity);
  });
  after(() => scene?.close());

  it('a session outlives its token: nobody is signed out or asked to sign in (aws-toolkit-vscode#8190)', async () => {
    const { editor, identityCenter } = scene;
    const failures = ['html', 'dropBefore'] as const;
    for (const fault of failures) {
      await eventually(`a refresh ends in the fault ${fault}`, () =>
        identityCenter.requests.records.find((record) => isRefresh(record) && record.fault === fault),
      );
    }
    await eventually('the token is over', async () =>
      (await identityCenter.isTokenActive(session.accessToken)) ? undefined : true,
    );
    await editor.awaitAccountsMenu(isSignedIn);
    await editor.screenshot('token-over');
    await editor.closeMenu();
    await editor.awaitNoToast();
    await editor.sessionsStatus.filter({ hasText: /^\s*embedded\s*$/ }).waitFor();
    await editor.consumerStatus.filter({ hasText: 'embedded' }).waitFor();
  });

  it('a refresh by hand says that it failed, why, and that the session stays', async () => {
    const { editor } = scene;
    await editor.sessionsStatus.click();
    await editor.pickEntry('embedded').waitFor();
    await editor.screenshot('sessions');
    assert.match(
      await editor.pickEntry('embedded').innerText(),
      /Refresh failed \(.*\): The connection was lost\./,
    );
    await editor.pickEntry('embedded').click();
    await editor.pickEntry('Refresh Now').click();
    await editor
      .toast(/Couldn't refresh embedded\. The connection was lost\. You're still signed in\./)
      .waitFor();
    await editor.screenshot('refresh-failed');
    await editor.run('Notifications: Clear All Notifications');
  });

  it('nothing is lost: once it is back, the session is refreshed by itself', async () => {
    const { editor, identityCenter } = scene;
    outage.dispose();
    const renewed = await eventually(
      'the consumer has another token',
      () => {
        const last = lastSession(scene);
        return last?.accessToken === session.accessToken ? undefined : last;
      },
      30_000,
    );
    assert.equal(renewed.id, session.id);
    assert.ok(await identityCenter.isTokenActive(renewed.accessToken));
    await editor.screenshot('refreshed');
    await editor.awaitNoToast();
  });
});

describe('While the Identity Center is asked too often', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('throttled', { accessTokenTtlSeconds: 10 });
  });
  after(() => scene?.close());

  it('a 429 opens no browser, asks no question and causes no flood of requests (leapp#281, aws-sso-cli#520)', async () => {
    const { editor, browser, identityCenter } = scene;
    const session = await signInConsumer(scene);
    const throttled = { kind: 'exception', status: 429, exception: 'TooManyRequestsException' } as const;
    const throttling = identityCenter.failNext(isRefresh, throttled, Infinity);
    await eventually('the token is over', async () =>
      (await identityCenter.isTokenActive(session.accessToken)) ? undefined : true,
    );
    await editor.screenshot('token-over');
    const { records } = identityCenter.requests;
    const refreshes = records.filter(isRefresh).length;
    assert.ok(refreshes >= 1 && refreshes <= 4, `${refreshes} refreshes of one token`);
    assert.deepEqual(
      records.map(({ path }) => path).filter((path) => path !== '/token'),
      ['/client/register', '/device_authorization'],
    );
    assert.equal(browser.pages().length, 1, 'a page was opened');
    await editor.awaitNoToast();
    await editor.awaitAccountsMenu(isSignedIn);
    await editor.closeMenu();
    throttling.dispose();
    await editor.consumerStatus.filter({ hasText: 'embedded' }).waitFor();
  });
});

function isRefresh({ grantType }: { readonly grantType?: string }): boolean {
  return grantType === 'refresh_token';
}
