import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { oneJourney } from './journey.ts';
import {
  isSignedIn,
  isSignedOut,
  isSignedOutByUser,
  openScene,
  type ConsumerSession,
  type Scene,
} from './scene.ts';

const LABEL = 'embedded';

describe('Signing in and out through the Accounts menu', () => {
  oneJourney();

  let scene: Scene;
  let tab: Page;
  let session: ConsumerSession;

  // Refreshed in the background after three quarters of its life.
  before(async () => {
    scene = await openScene('accounts-menu', { accessTokenTtlSeconds: 16 });
  });
  after(() => scene?.close());

  it('is offered after installation, without a dialog or a notification', async () => {
    const { editor } = scene;
    await editor.awaitAccountsMenu(isSignedOut);
    await editor.screenshot('sign-in-offered');
    assert.equal(await editor.dialog.count(), 0);
    await editor.awaitNoToast();
  });

  it('shows the code in one notification', async () => {
    const { editor } = scene;
    await editor.chooseInMenu(/Sign in with AWS SSO/);
    await editor.userCode.waitFor();
    await editor.screenshot('user-code');
    assert.equal(await editor.toast(/./).count(), 1);
    assert.match(
      await editor.userCode.innerText(),
      /[A-Z0-9]{4}-[A-Z0-9]{4} is your code for embedded\..*\(10 min left\)/s,
    );
  });

  it('copies the code and opens the page of the Identity Center, which shows the same code', async () => {
    const { editor, browser } = scene;
    const opened = browser.waitForEvent('page');
    await editor.userCode.getByText('Copy Code & Open Browser').click();
    tab = await opened;
    const code = await tab.locator('#user-code').inputValue();
    await editor.screenshot('verification-page', tab);
    assert.ok((await editor.userCode.innerText()).includes(code));
    assert.equal(await editor.readClipboard(), code);
  });

  it('ends with the account in the Accounts menu once the user approves', async () => {
    const { editor } = scene;
    await tab.getByRole('button', { name: 'Confirm and continue' }).click();
    await tab.getByRole('button', { name: 'Approve' }).waitFor();
    await editor.screenshot('consent', tab);
    await tab.getByRole('button', { name: 'Approve' }).click();
    await tab.getByText('Request approved').waitFor();
    await editor.screenshot('approved', tab);
    await tab.close();
    await editor.userCode.waitFor({ state: 'detached' });
    await editor.awaitAccountsMenu(isSignedIn);
    await editor.screenshot('signed-in');
    await editor.closeMenu();
  });

  it('lets another extension have a token that works, after the user allows it', async () => {
    const { editor, identityCenter } = scene;
    await editor.run('AWS Consumer: Sign In');
    await editor.dialog.waitFor();
    await editor.screenshot('consumer-asks');
    await editor.dialog.getByRole('button', { name: 'Allow' }).click();
    await editor.pickEntry(LABEL).waitFor();
    await editor.screenshot('account-for-consumer');
    await editor.pickEntry(LABEL).click();
    const { answer } = await eventually('the consumer has a session', () =>
      scene.consumerEvents().find((entry) => entry.answer),
    );
    assert.ok(answer);
    await editor.consumerStatus.filter({ hasText: LABEL }).waitFor();
    await editor.screenshot('consumer-signed-in');
    assert.deepEqual(answer.keys, ['accessToken', 'account', 'id', 'idToken', 'scopes']);
    assert.deepEqual(answer.session.scopes, ['sso:account:access']);
    ({ session } = answer);
    assert.ok(await identityCenter.isTokenActive(session.accessToken));
  });

  it('gives the other extension a new token in the background, before the old one ends', async () => {
    const renewed = await eventually(
      'the consumer has another token',
      () => {
        const last = scene.consumerEvents().findLast((entry) => entry.answer)?.answer?.session;
        return last?.accessToken === session.accessToken ? undefined : last;
      },
      30_000,
    );
    assert.equal(renewed.id, session.id);
    assert.deepEqual(renewed.account, session.account);
    assert.ok(await scene.identityCenter.isTokenActive(renewed.accessToken));
    session = renewed;
  });

  it('lasts when the window is loaded again', async () => {
    const { editor } = scene;
    await editor.reload();
    await editor.consumerStatus.filter({ hasText: LABEL }).waitFor();
    await editor.screenshot('after-reload');
    assert.equal(await editor.userCode.count(), 0);
  });

  it('ends with Sign Out in the Accounts menu, here and at the Identity Center', async () => {
    const { editor, identityCenter } = scene;
    const last = scene.consumerEvents().findLast((entry) => entry.answer)?.answer?.session;
    assert.ok(last);
    await editor.openAccountsMenu();
    await editor.chooseInMenu(/embedded/, /Sign Out/);
    await editor.dialog.waitFor();
    await editor.screenshot('sign-out');
    await editor.dialog.getByRole('button', { name: 'Sign Out' }).click();
    await editor.consumerStatus.filter({ hasText: 'signed out' }).waitFor();
    await eventually('the token is over at the Identity Center', async () =>
      (await identityCenter.isTokenActive(last.accessToken)) ? undefined : true,
    );
    await editor.awaitAccountsMenu(isSignedOutByUser);
    await editor.screenshot('signed-out');
    await editor.closeMenu();
  });
});
