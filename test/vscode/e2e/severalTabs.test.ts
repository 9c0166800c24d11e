import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { lastSession, signInConsumer } from './consumer.ts';
import { oneJourney } from './journey.ts';
import { Editor } from './editor.ts';
import { openScene, type Scene } from './scene.ts';

/** A person's editor in several tabs of one browser: each is a window of its own, with its own copy of the secrets. */
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

  it('one refresh serves all tabs, and every token that is handed out works', async () => {
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
