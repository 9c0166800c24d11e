import assert from 'node:assert/strict';
import { eventually } from '../../support/eventually.ts';
import { signInConsumer } from './consumer.ts';
import { Editor } from './editor.ts';
import { oneJourney } from './journey.ts';
import { openScene, type ConsumerEvent, type Scene } from './scene.ts';

const LIFETIME_SECONDS = 12;

/** What an extension in one of the windows got when it asked, and what the Identity Center says to it. */
interface Sighting {
  readonly window: number;
  readonly state: 'works' | 'is over' | 'none';
}

/** An extension in each of two windows asks for the session every second, and each token is tried at once. */
describe('The tokens that two windows return every second', function () {
  // Two windows are loaded again, and then seen for a token's whole life.
  this.timeout(120_000);
  oneJourney();

  let scene: Scene;
  let second: Editor;
  let seen = 0;

  before(async () => {
    scene = await openScene('every-second', { accessTokenTtlSeconds: LIFETIME_SECONDS }, (connection) => ({
      'awsSso.connections': [connection],
      'awsConsumer.watch': true,
    }));
    await signInConsumer(scene);
    second = new Editor(await scene.browser.newPage(), scene.editor.screenshots);
    await second.open(scene.editor.page.url());
    await second.consumerStatus.filter({ hasText: 'embedded' }).waitFor();
  });
  after(async () => {
    await second?.leave();
    await scene?.close();
  });

  async function look({ window = 0, answer }: ConsumerEvent): Promise<Sighting> {
    const token = answer?.session.accessToken;
    if (token === undefined) return { window, state: 'none' };
    return { window, state: (await scene.identityCenter.isTokenActive(token)) ? 'works' : 'is over' };
  }

  /** Watches from now on until there is enough to see. */
  async function watch(
    what: string,
    isEnough: (sightings: readonly Sighting[]) => boolean,
  ): Promise<readonly Sighting[]> {
    const sightings: Sighting[] = [];
    seen = scene.consumerEvents().length;
    await eventually(
      what,
      async () => {
        const events = scene.consumerEvents().slice(seen);
        seen += events.length;
        sightings.push(
          ...(await Promise.all(
            events.filter(({ event }) => event === 'watched').map((event) => look(event)),
          )),
        );
        return isEnough(sightings) || undefined;
      },
      60_000,
    );
    return sightings;
  }

  /** Watches until each of two windows was seen so many times, and all of it must work. */
  async function allWorks(times: number): Promise<void> {
    const sightings = await watch(`two windows are seen ${times} times each`, (all) => {
      const windows = Map.groupBy(all, ({ window }) => window);
      return [...windows.values()].filter(({ length }) => length >= times).length === 2;
    });
    assert.deepEqual(
      sightings.filter(({ state }) => state !== 'works'),
      [],
    );
  }

  function refreshes(): number {
    return scene.identityCenter.requests.records.filter(
      ({ grantType, exception, fault }) =>
        grantType === 'refresh_token' && exception === undefined && fault === undefined,
    ).length;
  }

  it('works, while it is refreshed twice, once for both', async () => {
    const [before, startedAt] = [refreshes(), performance.now()];
    await allWorks(2 * LIFETIME_SECONDS);
    const refreshed = refreshes() - before;
    const seconds = (performance.now() - startedAt) / 1000;
    // A refresh is due when a quarter of the lifetime is left, or a little later.
    const most = Math.ceil(seconds / (0.75 * LIFETIME_SECONDS));
    assert.ok(refreshed >= 2 && refreshed <= most, `${refreshed} refreshes in ${seconds.toFixed(1)} s`);
  });

  it('works after a window is loaded again', async () => {
    await scene.editor.reload();
    await scene.editor.consumerStatus.filter({ hasText: 'embedded' }).waitFor();
    await allWorks(3);
  });

  it("works after the editor's server is restarted", async () => {
    await scene.restartServer();
    await Promise.all([scene.editor.reload(), second.reload()]);
    for (const editor of [scene.editor, second]) {
      await editor.consumerStatus.filter({ hasText: 'embedded' }).waitFor();
    }
    await allWorks(LIFETIME_SECONDS);
    await scene.editor.screenshot('after-restart');
  });

  it('is never nothing while the Identity Center is away, and works once it is back', async () => {
    const outage = scene.identityCenter.failNext(() => true, { kind: 'dropBefore' }, Infinity);
    const away = await watch('the token is over', (all) => all.some(({ state }) => state === 'is over'));
    outage.dispose();
    const back = await watch('both windows have a token that works', (all) => {
      const lately = all.slice(-4);
      return new Set(lately.map(({ window }) => window)).size === 2 && lately.every(works);
    });
    assert.deepEqual(
      [...away, ...back].filter(({ state }) => state === 'none'),
      [],
    );
    await allWorks(3);
  });

  it('is not stored after a sign-out in one of them', async () => {
    await second.page.bringToFront();
    await second.run('AWS SSO: Sign Out');
    await second.consumerStatus.filter({ hasText: 'signed out' }).waitFor();
    await scene.editor.consumerStatus.filter({ hasText: 'signed out' }).waitFor();
    const sightings = await watch('both windows are seen twice', ({ length }) => length >= 4);
    assert.ok(
      sightings.every(({ state }) => state === 'none'),
      JSON.stringify(sightings),
    );
  });
});

function works({ state }: Sighting): boolean {
  return state === 'works';
}
