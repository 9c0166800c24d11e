import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { lastSession, signInConsumer } from './consumer.ts';
import { oneJourney } from './journey.ts';
import { approve, isSignedIn, isSignedOut, openScene, type ConsumerSession, type Scene } from './scene.ts';

describe('A session that the administrator ends', () => {
  oneJourney();

  let scene: Scene;
  let session: ConsumerSession;

  before(async () => {
    scene = await openScene('needs-sign-in', { accessTokenTtlSeconds: 10 });
    session = await signInConsumer(scene);
  });
  after(() => scene?.close());

  async function awaitOtherToken(): Promise<ConsumerSession> {
    return eventually('the consumer has another token', () => {
      const last = lastSession(scene);
      return last?.accessToken === session.accessToken ? undefined : last;
    });
  }

  it('is in the status bar, and from there can be refreshed by hand until then', async () => {
    const { editor } = scene;
    await editor.sessionsStatus.click();
    await editor.pickEntry('embedded').click();
    await editor.pickEntry('Refresh Now').waitFor();
    await editor.screenshot('actions');
    await editor.pickEntry('Refresh Now').click();
    const renewed = await awaitOtherToken();
    assert.equal(renewed.id, session.id);
    session = renewed;
    await editor.focusEditor();
  });

  it('is then reported once, with the reason, and has ended for other extensions (aws-toolkit-vscode#4361)', async () => {
    const { editor, identityCenter } = scene;
    identityCenter.revokeAll();
    await editor.toast(/./).waitFor();
    await editor.screenshot('ended');
    const text = await editor.toast(/./).innerText();
    assert.match(text, /embedded: AWS no longer renews this session\. An administrator ended it/);
    assert.match(text, /Request ID: [\w-]+/);
    await editor.consumerStatus.filter({ hasText: 'signed out' }).waitFor();
    await editor.sessionsStatus.filter({ hasText: 'embedded: Sign in again' }).waitFor();
    await editor.awaitAccountsMenu(isSignedOut);
    await editor.closeMenu();
    assert.equal(await editor.toast(/./).count(), 1);
  });

  it('says why in the status bar, on lines that wrap at words', async () => {
    const { editor } = scene;
    await editor.sessionsStatus.hover();
    const hover = editor.page.locator('.monaco-hover').filter({ hasText: 'AWS no longer renews' });
    await hover.waitFor();
    await editor.screenshot('status-bar');
    const text = (await hover.textContent()) ?? '';
    assert.doesNotMatch(text, /\u00A0/, 'spaces at which no line breaks');
    assert.match(text, /^embedded\nAWS no longer .* maximum duration\.\n\nClick to manage AWS sessions/);
    await editor.focusEditor();
  });

  it('still is in the list of sessions, with the reason', async () => {
    const { editor } = scene;
    await editor.run('AWS SSO: Show Sessions');
    await editor.pickEntry('embedded').waitFor();
    await editor.screenshot('sessions');
    assert.match(await editor.pickEntry('embedded').innerText(), /AWS no longer renews this session/);
    await editor.page.keyboard.press('Escape');
  });

  it('is restored with Sign In Again: the same session and account for other extensions too (aws-toolkit-vscode#7484)', async () => {
    const { editor, identityCenter } = scene;
    await editor
      .toast(/no longer renews/)
      .getByRole('button', { name: 'Sign In Again' })
      .click();
    await editor.userCode.waitFor();
    await approve(scene);
    const renewed = await awaitOtherToken();
    assert.equal(renewed.id, session.id);
    assert.deepEqual(renewed.account, session.account);
    assert.ok(await identityCenter.isTokenActive(renewed.accessToken));
    await editor.sessionsStatus.filter({ hasNotText: 'Sign in again' }).waitFor();
    await editor.awaitAccountsMenu(isSignedIn);
    await editor.screenshot('signed-in-again');
    await editor.closeMenu();
    await editor.awaitNoToast();
  });
});
