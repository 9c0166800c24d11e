import assert from 'node:assert/strict';
import { approve, eventually, openScene, type Scene } from './scene.ts';

describe('Signing in and out through the command palette', () => {
  let scene: Scene;
  let accessToken: string;

  before(async () => {
    scene = await openScene('palette');
  });
  after(() => scene?.close());

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
    await approve(scene);
    const entries = await editor.openAccountsMenu();
    await editor.screenshot('signed-in');
    assert.ok(entries.includes('embedded (AWS SSO)'), entries.join('\n'));
    assert.ok(!entries.some((entry) => entry.startsWith('Sign in with AWS SSO')), entries.join('\n'));
    await editor.closeMenu();
  });

  it('shows the sessions, without a secret', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Show Sessions');
    await editor.pickEntry('embedded').waitFor();
    await editor.screenshot('sessions');
    assert.match(await editor.pickEntry('embedded').innerText(), /token valid for 60 min/);
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
    const entries = await editor.openAccountsMenu();
    await editor.screenshot('signed-out');
    assert.ok(!entries.includes('embedded (AWS SSO)'), entries.join('\n'));
    await editor.closeMenu();
  });
});
