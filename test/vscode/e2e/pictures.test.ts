import assert from 'node:assert/strict';
import { approve, openScene, type Scene } from './scene.ts';

/** `npm run screenshots` takes them over into `media/walkthrough`. */
describe('A screenshot for the README and the walkthrough', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('close-ups', {}, (connection) => ({
      'awsSso.connections': [{ ...connection, name: 'acme' }],
    }));
  });
  after(() => scene?.close());

  it('shows the code in its notification', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    await editor.focusEditor();
    assert.match(await editor.userCode.innerText(), /is your code for acme/);
    await editor.closeUp('sign-in', editor.userCode);
    await approve(scene);
  });

  it('shows the account in the Accounts menu, and how to sign out', async () => {
    const { editor } = scene;
    await editor.awaitAccountsMenu((labels) => labels.includes('acme (AWS SSO)'));
    await editor.openSubmenu(/acme/, /Sign Out/);
    await editor.closeUp('accounts', editor.accountsButton, editor.menu(/acme/), editor.menu(/Sign Out/));
    await editor.page.keyboard.press('Escape');
    await editor.closeMenu();
  });

  it('shows the sessions', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Show Sessions');
    await editor.pickEntry('acme').waitFor();
    assert.match(await editor.pickEntry('acme').innerText(), /Token valid for \d+ minutes/);
    await editor.closeUp('sessions', editor.quickInput(/AWS SSO Sessions/));
    await editor.page.keyboard.press('Escape');
  });
});
