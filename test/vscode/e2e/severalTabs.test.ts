import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { askSilently, lastSession, requestSession, signInConsumer } from './consumer.ts';
import { oneJourney } from './journey.ts';
import { Editor } from './editor.ts';
import { approve, openScene, type Scene } from './scene.ts';

/** A user's editor in several tabs of one browser: each is a window of its own, with its own copy of the secrets. */
describe('With the editor open in several tabs', () => {
  oneJourney();

  let scene: Scene;
  let openedBefore: Editor;
  let openedAfter: Editor;

  before(async () => {
    scene = await openScene('several-tabs', { accessTokenTtlSeconds: 16 });
    openedBefore = await openTab();
    await scene.editor.page.bringToFront();
  });
  after(async () => {
    await openedBefore?.leave();
    await openedAfter?.leave();
    await scene?.close();
  });

  async function openTab(): Promise<Editor> {
    const tab = new Editor(await scene.browser.newPage(), scene.editor.screenshots);
    await tab.open(scene.editor.page.url());
    return tab;
  }

  it('a tab that was open before the first sign-in offers to reload, and is signed in after that', async () => {
    await signInConsumer(scene);
    const offer = openedBefore.toast(/signed in to AWS in another tab/);
    await openedBefore.page.bringToFront();
    await openedBefore.run('AWS Consumer: Check Session');
    await offer.waitFor();
    await openedBefore.screenshot('offers-to-reload');
    await openedBefore.reload();
    await openedBefore.consumerStatus.filter({ hasText: 'embedded' }).waitFor();
  });

  it('a tab opened after it is signed in at once', async () => {
    openedAfter = await openTab();
    await openedAfter.consumerStatus.filter({ hasText: 'embedded' }).waitFor();
  });

  it('one refresh serves all tabs, and every token that is returned works', async () => {
    const { identityCenter } = scene;
    const refreshes = (): number =>
      identityCenter.requests.records.filter(({ grantType }) => grantType === 'refresh_token').length;
    const before = refreshes();
    const { length } = scene.consumerEvents();
    const renewed = await eventually(
      'all three tabs have been given the next token',
      async () => {
        const given = scene
          .consumerEvents()
          .slice(length)
          .flatMap(({ answer }) => (answer ? [answer.session.accessToken] : []));
        const next = given.at(-1);
        return next !== undefined && given.filter((token) => token === next).length >= 3 ? next : undefined;
      },
      40_000,
    );
    assert.ok(await identityCenter.isTokenActive(renewed));
    const tokens = new Set(
      scene
        .consumerEvents()
        .slice(length)
        .flatMap(({ answer }) => (answer ? [answer.session.accessToken] : [])),
    );
    assert.ok(
      refreshes() - before <= tokens.size,
      `${refreshes() - before} refreshes for ${tokens.size} tokens`,
    );
    assert.ok(
      identityCenter.requests.records.every(({ exception }) => exception !== 'InvalidGrantException'),
      'a refresh token was sent twice',
    );
  });

  it('signing out in one tab signs out all', async () => {
    const { identityCenter } = scene;
    const last = lastSession(scene) ?? assert.fail('nobody was signed in');
    await openedAfter.page.bringToFront();
    await openedAfter.run('AWS SSO: Sign Out');
    for (const tab of [scene.editor, openedBefore, openedAfter]) {
      await tab.consumerStatus.filter({ hasText: 'signed out' }).waitFor();
    }
    await eventually('the token is over at the Identity Center', async () =>
      (await identityCenter.isTokenActive(last.accessToken)) ? undefined : true,
    );
  });
});

/** Its secrets are its own, as are those of a browser whose site data were deleted. */
describe('With the editor open in a second browser', () => {
  const OTHER_SCOPES = ['codewhisperer:completions'];
  let scene: Scene;
  let second: Scene;

  before(async () => {
    scene = await openScene('second-browser');
    await signInConsumer(scene);
    await requestSession(scene, OTHER_SCOPES);
    await scene.editor.userCode.waitFor();
    await approve(scene);
    const browser = await scene.browser.browser()?.newContext({
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    assert.ok(browser !== undefined);
    const editor = new Editor(await browser.newPage(), scene.editor.screenshots);
    await editor.open(scene.editor.page.url());
    second = { ...scene, browser, editor };
  });
  after(async () => {
    await second?.editor.leave();
    await second?.browser.close();
    await scene?.close();
  });

  it('no account is signed in there, and signing in works as usual: no message mentions another tab', async () => {
    const { editor } = second;
    await editor.consumerStatus.filter({ hasText: 'signed out' }).waitFor();
    await signInConsumer(second);
    await editor.consumerStatus.filter({ hasText: 'embedded' }).waitFor();
    await editor.screenshot('signed-in');
    await editor.awaitNoToast();
  });

  it('what the first browser has for other scopes is not there, and says nothing of another tab either', async () => {
    const { editor } = second;
    assert.equal(await askSilently(second, OTHER_SCOPES), null);
    assert.equal(await editor.toast(/in another tab/).count(), 0);
  });
});
