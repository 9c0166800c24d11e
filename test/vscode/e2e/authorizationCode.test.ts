import assert from 'node:assert/strict';
import { openScene, type Scene } from './scene.ts';

describe('Signing in with the browser alone', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('authorization-code', {}, (connection) => ({
      'awsSso.connections': [{ ...connection, flow: 'authorizationCode' }],
    }));
  });
  after(() => scene?.close());

  it('opens the page of the Identity Center at once, and comes back by itself', async () => {
    const { editor, browser } = scene;
    const opened = browser.waitForEvent('page');
    await editor.run('AWS SSO: Sign In');
    const page = await opened;
    const notification = editor.toast(/Sign in to embedded in your browser/);
    await notification.waitFor();
    await editor.screenshot('waiting');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('You are signed in').waitFor();
    await editor.screenshot('outcome', page);
    assert.equal(new URL(page.url()).hostname, '127.0.0.1');
    await page.close();
    await notification.waitFor({ state: 'detached' });
    const entries = await editor.openAccountsMenu();
    assert.ok(entries.includes('embedded (AWS SSO)'), entries.join('\n'));
    await editor.closeMenu();
    await editor.run('AWS SSO: Sign Out');
  });

  it('turns into a code when the browser cannot come back, with one click (aws-toolkit-vscode#8745)', async () => {
    const { editor, browser, identityCenter } = scene;
    const opened = browser.waitForEvent('page');
    await editor.run('AWS SSO: Sign In');
    await (await opened).close();
    await editor
      .toast(/in your browser/)
      .getByText('Use a Code Instead')
      .click();
    await editor.userCode.waitFor();
    await editor.screenshot('code-instead');
    const [code] = /[A-Z]{4}-[A-Z]{4}/.exec(await editor.userCode.innerText()) ?? [];
    assert.ok(code);
    await identityCenter.approve(code);
    await editor.userCode.waitFor({ state: 'detached' });
    const entries = await editor.openAccountsMenu();
    assert.ok(entries.includes('embedded (AWS SSO)'), entries.join('\n'));
    await editor.closeMenu();
  });
});
