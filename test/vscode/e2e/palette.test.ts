import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { eventually } from '../../support/eventually.ts';
import { oneJourney } from './journey.ts';
import { askSilently } from './consumer.ts';
import { approve, isSignedIn, isSignedOutByUser, logFiles, openScene, type Scene } from './scene.ts';

describe('Signing in and out through the command palette', () => {
  oneJourney();

  let scene: Scene;
  let accessToken: string;
  let userCode: string;

  before(async () => {
    scene = await openScene('palette');
  });
  after(() => scene?.close());

  async function signInAgain(): Promise<void> {
    await scene.editor.run('AWS SSO: Sign In');
    await scene.editor.userCode.waitFor();
    await approve(scene);
    await scene.editor.awaitAccountsMenu(isSignedIn);
    await scene.editor.closeMenu();
  }

  it('offers only what makes sense while nobody is signed in', async () => {
    const found = await scene.editor.search('AWS SSO: ');
    assert.ok(found.includes('AWS SSO: Sign In'), found.join('\n'));
    assert.ok(found.includes('AWS SSO: Show Log'), found.join('\n'));
    assert.ok(!found.some((command) => /Sign Out|Show Sessions/.test(command)), found.join('\n'));
  });

  it('signs in, and the Accounts menu has the account', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    await editor.screenshot('user-code');
    userCode = await editor.readUserCode();
    await approve(scene);
    await editor.awaitAccountsMenu(isSignedIn);
    await editor.screenshot('signed-in');
    await editor.closeMenu();
  });

  it('shows the sessions, without a secret', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Show Sessions');
    await editor.pickEntry('embedded').waitFor();
    await editor.screenshot('sessions');
    assert.match(await editor.pickEntry('embedded').innerText(), /Token valid for 60 minutes/);
    await editor.page.keyboard.press('Escape');
  });

  it('lets another extension use the session', async () => {
    const { editor, identityCenter } = scene;
    await editor.run('AWS Consumer: Sign In');
    await editor.dialog.getByRole('button', { name: 'Allow' }).click();
    await editor.pickEntry('embedded').click();
    const { answer } = await eventually('the consumer has a session', () =>
      scene.consumerEvents().find((entry) => entry.answer),
    );
    assert.ok(answer);
    ({ accessToken } = answer.session);
    assert.ok(await identityCenter.isTokenActive(accessToken));
  });

  it('signs out, here and at the Identity Center', async () => {
    const { editor, identityCenter } = scene;
    await editor.run('AWS SSO: Sign Out');
    await editor.consumerStatus.filter({ hasText: 'signed out' }).waitFor();
    await eventually('the token is over at the Identity Center', async () =>
      (await identityCenter.isTokenActive(accessToken)) ? undefined : true,
    );
    await editor.awaitAccountsMenu(isSignedOutByUser);
    await editor.screenshot('signed-out');
    await editor.closeMenu();
  });

  it('shows after a sign-out who can use the account again, and leads to where that is changed', async () => {
    const { editor } = scene;
    await signInAgain();
    const answer = await askSilently(scene, ['sso:account:access']);
    assert.equal(answer?.session.account.label, 'embedded', 'VS Code forgot what was allowed');
    await editor.run('Notifications: Clear All Notifications');
    await editor.run('AWS SSO: Sign Out');
    const message = editor.toast(/Signed out of embedded\..*can access it again after the next sign-in/s);
    await message.waitFor();
    await editor.screenshot('trust-is-kept');
    await message.getByRole('button', { name: 'Manage Trusted Extensions' }).click();
    await editor.quickInput(/Manage Trusted Extensions/).waitFor();
    await editor.pickEntry('AWS Consumer').click();
    await editor.screenshot('trusted-extensions');
    await editor.page.keyboard.press('Enter');
    await editor.quickInput(/Manage Trusted Extensions/).waitFor({ state: 'hidden' });
    await signInAgain();
    assert.equal(await askSilently(scene, ['sso:account:access']), null);
  });

  it('leaves no secret in the log files', function () {
    const files = logFiles(/AWS SSO\.log$/);
    // VS Code writes none where its logger could not be compiled.
    if (files.length === 0) this.skip();
    const log = files.map((file) => readFileSync(file, 'utf8')).join('');
    assert.match(log, /sign-in/);
    for (const secret of [accessToken, userCode]) assert.ok(!log.includes(secret), log);
  });
});
