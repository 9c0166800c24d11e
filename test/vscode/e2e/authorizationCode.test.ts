import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SCOPE_FOR_URLS } from '../../identity-center/scopes.ts';
import { awaitAccounts, inAnotherProfile, logFiles, openScene, type Scene } from './scene.ts';

describe('Signing in with the browser alone', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('authorization-code', {}, (connection) => ({
      'awsSso.connections': [{ ...connection, flow: 'authorizationCode' }],
    }));
  });
  after(() => scene?.close());

  let callback: URL;

  it('opens the page of the Identity Center at once, and comes back by itself', async () => {
    const { editor, browser } = scene;
    const opened = browser.waitForEvent('page');
    await editor.run('AWS SSO: Sign In');
    const page = await opened;
    const notification = editor.toast(/Sign in to embedded in your browser/);
    await notification.waitFor();
    await editor.screenshot('waiting');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText("You're signed in").waitFor();
    await editor.screenshot('outcome', page);
    callback = new URL(page.url());
    assert.equal(callback.hostname, '127.0.0.1');
    await page.close();
    await notification.waitFor({ state: 'detached' });
    const entries = await editor.openAccountsMenu();
    assert.ok(entries.includes('embedded (AWS SSO)'), entries.join('\n'));
    await editor.closeMenu();
    await editor.run('AWS SSO: Sign Out');
  });

  it('leaves neither its code nor its state in the log files (granted PR#941)', function () {
    const files = logFiles(/AWS SSO\.log$/);
    // VS Code writes none where its logger could not be compiled.
    if (files.length === 0) this.skip();
    const log = files.map((file) => readFileSync(file, 'utf8')).join('');
    assert.match(log, /sign-in: signed in/);
    for (const name of ['code', 'state']) {
      const secret = callback.searchParams.get(name);
      assert.ok(secret !== null && !log.includes(secret), log);
    }
  });

  it('works in any browser and profile with its copied link (aws-toolkit-vscode#7776)', async () => {
    const { editor, browser } = scene;
    const opened = browser.waitForEvent('page');
    await editor.run('AWS SSO: Sign In');
    await (await opened).close();
    const notification = editor.toast(/in your browser.*check the region us-east-1/);
    await notification.getByText('Copy Link').click();
    await inAnotherProfile(scene, '/authorize?', async (page) => {
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.getByText("You're signed in").waitFor();
    });
    await notification.waitFor({ state: 'detached' });
    await awaitAccounts(scene, 'embedded');
    await editor.run('AWS SSO: Sign Out');
    await editor.run('Notifications: Clear All Notifications');
  });

  it('is never stuck: Cancel ends it at once, and the next one starts (aws-toolkit-vscode#7926)', async () => {
    const { editor, browser } = scene;
    for (const attempt of ['first', 'second']) {
      const [page, request] = await Promise.all([
        browser.waitForEvent('page'),
        browser.waitForEvent('request', (sent) => sent.url().includes('/authorize?')),
        editor.run('AWS SSO: Sign In'),
      ]);
      await page.close();
      const listener = new URL(request.url()).searchParams.get('redirect_uri') ?? '';
      assert.equal((await fetch(listener)).status, 404);
      const notification = editor.toast(/in your browser/);
      await notification.getByRole('button', { name: 'Cancel' }).click();
      await notification.waitFor({ state: 'detached' });
      await editor.screenshot(`cancelled-the-${attempt}-time`);
      await editor.awaitNoToast();
      await assert.rejects(fetch(listener), 'it still listens');
    }
  });

  it('turns into a code with one click, not two cancels (aws-toolkit-vscode#8745, vscode#203139, vscode#242339)', async () => {
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

describe('Signing in with the browser for a scope that has all in it that means something in a URL', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('scope-in-a-url', {}, (connection) => ({
      'awsSso.connections': [
        { ...connection, flow: 'authorizationCode', scopes: ['sso:account:access', SCOPE_FOR_URLS] },
      ],
    }));
  });
  after(() => scene?.close());

  it('opens a page that is asked for that scope, and for nothing else', async () => {
    const { editor, browser } = scene;
    const [page, request] = await Promise.all([
      browser.waitForEvent('page'),
      browser.waitForEvent('request', (sent) => sent.url().includes('/authorize?')),
      editor.run('AWS SSO: Sign In'),
    ]);
    const { searchParams } = new URL(request.url());
    assert.deepEqual(searchParams.getAll('scopes'), [`${SCOPE_FOR_URLS} sso:account:access`]);
    assert.equal([...searchParams].length, 7, request.url());
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText("You're signed in").waitFor();
    await awaitAccounts(scene, 'embedded');
  });
});

describe('Signing in where no browser can be expected to reach the editor', () => {
  let scene: Scene;

  before(async () => {
    scene = await openScene('loopback-unreachable', {}, (connection) => ({
      'awsSso.connections': [connection],
      'awsSso.signInFlow': 'authorizationCode',
    }));
  });
  after(() => scene?.close());

  it('never sends one to 127.0.0.1, but shows a code (aws-sso-cli#1371, aws-cli#9148)', async () => {
    const { editor, browser, identityCenter } = scene;
    await editor.run('AWS SSO: Sign In');
    await editor.userCode.waitFor();
    await editor.screenshot('code');
    assert.equal(browser.pages().length, 1, 'a page was opened');
    await identityCenter.approve(await editor.readUserCode());
    await awaitAccounts(scene, 'embedded');
  });
});
