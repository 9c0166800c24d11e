import assert from 'node:assert/strict';
import {
  awaitAccounts,
  inAnotherProfile,
  isSignedIn,
  isSignedOut,
  isSignedOutByUser,
  openPage,
  openScene,
  type Scene,
} from './scene.ts';

describe('A sign-in that', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('not-signed-in');
  });
  after(() => scene?.close());

  async function startSignIn(): Promise<string> {
    await scene.editor.run('AWS SSO: Sign In');
    await scene.editor.userCode.waitFor();
    return scene.editor.readUserCode();
  }

  it('is denied by the user ends with a message that says so and what to do', async () => {
    const { editor } = scene;
    await startSignIn();
    const page = await openPage(scene);
    await page.getByRole('button', { name: 'Confirm and continue' }).click();
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('Request denied').waitFor();
    await page.close();
    await editor.toast(/denied in the browser/).waitFor();
    await editor.screenshot('denied');
    assert.equal(await editor.userCode.count(), 0);
    assert.match(await editor.toast(/denied in the browser/).innerText(), /Sign in again/);
    await editor.run('Notifications: Clear All Notifications');
  });

  it('is not confirmed in time ends with a message that says so, and can be tried again from there', async () => {
    const { editor, identityCenter } = scene;
    await identityCenter.expire(await startSignIn());
    const message = editor.toast(/expired before it was confirmed/);
    await message.waitFor();
    await editor.screenshot('expired');
    await message.getByRole('button', { name: 'Try Again' }).click();
    await editor.userCode.waitFor();
    await editor.userCode.getByRole('button', { name: 'Cancel' }).click();
    await editor.userCode.waitFor({ state: 'detached' });
  });

  it('is cancelled ends at once, without an error, and is polled no longer', async () => {
    const { editor, identityCenter } = scene;
    await startSignIn();
    await editor.userCode.getByRole('button', { name: 'Cancel' }).click();
    await editor.userCode.waitFor({ state: 'detached' });
    const { length } = identityCenter.requests.records;
    // Twice the polling interval: nothing is there to be awaited.
    await editor.page.waitForTimeout(2000);
    await editor.screenshot('cancelled');
    assert.equal(identityCenter.requests.records.length, length);
    await editor.awaitNoToast();
  });

  it('was started in the Accounts menu and is denied is explained too: VS Code itself says nothing', async () => {
    const { editor, identityCenter } = scene;
    await editor.openAccountsMenu();
    await editor.chooseInMenu(/Sign in with AWS SSO/);
    await editor.userCode.waitFor();
    await identityCenter.deny(await editor.readUserCode());
    await editor.toast(/denied in the browser/).waitFor();
    await editor.run('Notifications: Clear All Notifications');
  });

  it('was started in the Accounts menu and is cancelled shows no error either', async () => {
    const { editor } = scene;
    await editor.awaitAccountsMenu(isSignedOut);
    await editor.chooseInMenu(/Sign in with AWS SSO/);
    await editor.userCode.getByRole('button', { name: 'Cancel' }).click();
    await editor.userCode.waitFor({ state: 'detached' });
    await editor.awaitAccountsMenu(isSignedOut);
    await editor.closeMenu();
    await editor.awaitNoToast();
  });

  it('is ended by Sign Out shows no error', async () => {
    const { editor } = scene;
    await startSignIn();
    await editor.run('AWS SSO: Sign Out');
    await editor.userCode.waitFor({ state: 'detached' });
    await editor.awaitNoToast();
  });

  it('opens no browser by itself, and works in the one that the link is copied to (aws-cli#6313, aws-cli#4715, granted#634)', async () => {
    const { editor, browser, identityCenter } = scene;
    const code = await startSignIn();
    await editor.userCode.getByText('Copy Link').click();
    await inAnotherProfile(scene, `${identityCenter.pageUrl}/device?user_code=${code}`, async (page) => {
      assert.equal(await editor.userCode.count(), 1, 'the sign-in goes on');
      await page.getByRole('button', { name: 'Confirm and continue' }).click();
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByText('Request approved').waitFor();
    });
    assert.equal(browser.pages().length, 1, 'a page was opened');
    await awaitAccounts(scene, 'embedded');
    await editor.run('AWS SSO: Sign Out');
    await editor.awaitAccountsMenu(isSignedOutByUser);
    await editor.closeMenu();
  });

  it('runs under Do Not Disturb shows its code in the status bar', async () => {
    const { editor, identityCenter } = scene;
    await editor.run('Notifications: Toggle Do Not Disturb Mode');
    await editor.run('AWS SSO: Sign In');
    const entry = editor.statusBarEntry(/is your code for embedded/);
    await entry.waitFor();
    await editor.screenshot('do-not-disturb');
    await editor.awaitNoToast();
    await identityCenter.approve(await editor.readUserCode(entry));
    await entry.waitFor({ state: 'detached' });
    await editor.awaitAccountsMenu(isSignedIn);
    await editor.closeMenu();
  });
});
