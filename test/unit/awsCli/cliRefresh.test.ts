import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { cliCacheFileName, formatCliToken } from '../../../src/awsCli/files/cliCache.ts';
import { DEFAULT_SCOPE } from '../../../src/sessions/scopes.ts';
import { RefreshHeldError } from '../../../src/sessions/tokenService.ts';
import { wireError } from '../support/sessions.ts';
import { ACME, CliScene, HOUR_MS, KEY, MINUTE_MS } from './support.ts';

describe('a refresh of what the AWS CLI holds too', () => {
  let scene: CliScene;
  beforeEach(async () => {
    scene = await CliScene.open();
  });
  afterEach(() => scene.close());

  it('keeps the file up to date', async () => {
    await scene.refresh(await scene.refresh(await scene.signIn()));
    assert.equal((await scene.cliToken())?.accessToken, 'access-3');
  });

  it('keeps the refresh token in the file where the response has no new one', async () => {
    const first = await scene.signIn();
    scene.service = {
      ...scene.service,
      refresh: async () => {
        const { refreshToken: _, ...rest } = scene.issue();
        return rest;
      },
    };
    const second = await scene.refresh(first);
    const token = await scene.cliToken();
    assert.deepEqual([token?.accessToken, token?.renewal?.refreshToken], ['access-2', 'refresh-1']);
    assert.equal(second.refreshToken, 'refresh-1');
  });

  it('takes over what the AWS CLI has refreshed, instead of sending the used token', async () => {
    const first = await scene.signIn();
    await scene.laterCliRefreshes('refresh-by-cli');
    const second = await scene.refresh(first);
    assert.deepEqual([second.accessToken, second.refreshToken], ['with refresh-by-cli', 'refresh-by-cli']);
    assert.deepEqual(second.client, first.client);
    assert.equal(second.expiresAt, Math.floor((scene.clock.now() + HOUR_MS) / 1000) * 1000);
    assert.deepEqual(scene.sent, ['browser'], 'nothing is sent');
    await scene.refresh(second);
    assert.deepEqual(scene.sent, ['browser', 'refresh with refresh-by-cli'], 'it goes on from there');
    assert.equal((await scene.cliToken())?.accessToken, 'access-2', 'and the AWS CLI hears of it');
  });

  it('goes on from the refresh token of the AWS CLI when its access token is nearly over too', async () => {
    const first = await scene.signIn();
    await scene.clock.advance(HOUR_MS - MINUTE_MS);
    await scene.cliRefreshes('refresh-by-cli', 15 * MINUTE_MS);
    await scene.refresh(first);
    assert.deepEqual(scene.sent, ['browser', 'refresh with refresh-by-cli']);
    assert.equal((await scene.cliToken())?.accessToken, 'access-2');
  });

  it('takes over what the AWS CLI has refreshed a moment before, when the service refuses the used token', async () => {
    const first = await scene.signIn();
    scene.service = {
      ...scene.service,
      refresh: async () => {
        await scene.laterCliRefreshes('refresh-by-cli');
        throw wireError('InvalidGrantException', { status: 400 });
      },
    };
    assert.equal((await scene.refresh(first)).refreshToken, 'refresh-by-cli');
  });

  it('stays a failure where the AWS CLI has no other token', async () => {
    const first = await scene.signIn();
    const failure = wireError('InvalidGrantException', { status: 400 });
    scene.service = { ...scene.service, refresh: () => Promise.reject(failure) };
    await assert.rejects(scene.refresh(first), (error) => error === failure);
  });

  it("stays a failure where the AWS CLI's own refresh token is refused", async () => {
    const first = await scene.signIn();
    await scene.clock.advance(HOUR_MS - MINUTE_MS);
    await scene.cliRefreshes('refresh-by-cli', 15 * MINUTE_MS);
    const failure = wireError('InvalidGrantException', { status: 400 });
    scene.service = { ...scene.service, refresh: () => Promise.reject(failure) };
    await assert.rejects(scene.refresh(first), (error) => error === failure);
  });

  it('never takes the tokens of another session of the same connection', async () => {
    const one = await scene.signIn();
    const two = await scene.signIn();
    assert.equal((await scene.refresh(one)).refreshToken, 'refresh-3');
    assert.equal((await scene.cliToken())?.accessToken, two.accessToken, "the AWS CLI keeps the later one's");
  });

  it('continues with the response of a window that had told the AWS CLI and ended before it saved it', async () => {
    const first = await scene.signIn();
    const lost = await scene.refresh(first);
    assert.equal((await scene.refresh(first)).refreshToken, lost.refreshToken);
    assert.deepEqual(scene.sent, ['browser', 'refresh with refresh-1'], 'the spent token is not sent again');
  });

  it('updates the AWS CLI with what is refreshed after its sign-in was taken over (aws-cli#9632)', async () => {
    await scene.cliSignsIn();
    await scene.refresh(await scene.signIn());
    assert.equal((await scene.cliToken())?.renewal?.refreshToken, 'refresh-1');
    assert.deepEqual(scene.sent, ['refresh with refresh of cli']);
  });

  it('updates every holder of the same refresh token, also where the note of that is lost (aws-cli#9632)', async () => {
    const issued = await scene.signIn();
    await rm(join(scene.home, 'records'), { recursive: true });
    const mine = await scene.refresh(issued);
    assert.equal((await scene.cliToken())?.renewal?.refreshToken, mine.refreshToken);
    await scene.refresh(mine);
    assert.equal((await scene.cliToken())?.renewal?.refreshToken, 'refresh-3');
    assert.deepEqual(scene.asked, []);
  });

  it('updates it also where ~/.aws/config no longer leads to the file, or cannot be read for the moment (aws-cli#9632)', async () => {
    const issued = await scene.signIn();
    scene.cacheKey = ACME.startUrl;
    const mine = await scene.refresh(issued);
    assert.equal((await scene.cliToken())?.renewal?.refreshToken, mine.refreshToken);
    await scene.laterCliRefreshes('refresh-by-cli');
    assert.equal((await scene.refresh(mine)).refreshToken, 'refresh-by-cli');
    assert.deepEqual(scene.sent, ['browser', 'refresh with refresh-1']);
  });

  it('tells it also while sharing is off: otherwise its next use would end the session for both', async () => {
    scene.isEnabled = false;
    await scene.cliSignsIn();
    const second = await scene.refresh(await scene.signIn());
    assert.equal((await scene.cliToken())?.renewal?.refreshToken, 'refresh-1');
    await scene.refresh(second);
    assert.equal((await scene.cliToken())?.renewal?.refreshToken, 'refresh-2');
  });

  it('gives it nothing back that it has thrown away, while sharing is off', async () => {
    scene.isEnabled = false;
    await scene.cliSignsIn();
    const first = await scene.signIn();
    await rm(join(scene.folder, cliCacheFileName(KEY)));
    await scene.refresh(first);
    assert.equal(await scene.readFile(), undefined);
  });

  it('comes before the AWS CLI begins to, where its refresh could not be told from a new sign-in', async () => {
    await scene.cliSignsIn();
    const first = await scene.signIn();
    const second = await scene.refresh(first);
    // Refreshes begin here at most 10 minutes before the end.
    const latest = [first, second].map(({ expiresAt }) => expiresAt - 10 * MINUTE_MS);
    const end = Math.floor((scene.clock.now() + HOUR_MS) / 1000) * 1000;
    for (const at of latest) {
      assert.ok(at <= end - 15 * MINUTE_MS, `${(end - at) / MINUTE_MS} minutes before the end`);
    }
    assert.equal((await scene.cliToken())?.expiresAt, end, 'the AWS CLI has the true end');
  });

  const later = async (): Promise<Awaited<ReturnType<CliScene['signIn']>>> => {
    await scene.cliSignsIn();
    const first = await scene.signIn();
    await scene.clock.advance(HOUR_MS - 10 * MINUTE_MS);
    await scene.cliSignsIn('another');
    return first;
  };

  describe('after the AWS CLI has signed in again with the client it had registered', () => {
    it('never becomes another user: what came before a refresh was possible is not used', async () => {
      await scene.cliSignsIn();
      const first = await scene.signIn();
      await scene.clock.advance(20 * MINUTE_MS);
      await scene.cliSignsIn('another');
      const second = await scene.refresh(first);
      assert.equal(second.accessToken, 'access-1');
      await scene.refresh(second);
      assert.equal((await scene.cliToken())?.accessToken, 'access of another');
      assert.deepEqual(scene.sent, ['refresh with refresh of cli', 'refresh with refresh-1']);
      assert.deepEqual(scene.asked, ['use']);
      assert.deepEqual(await scene.records(), [''], 'they have nothing in common any more');
    });

    it('asks the user, and meanwhile neither takes it over nor sends a token that may be used', async () => {
      const first = await later();
      await assert.rejects(scene.refresh(first), RefreshHeldError);
      await assert.rejects(scene.refresh(first), RefreshHeldError);
      assert.deepEqual(scene.asked, ['use', 'same user'], 'once');
      assert.deepEqual(scene.sent, []);
      assert.equal((await scene.cliToken())?.accessToken, 'access of another');
      await scene.clock.advance(HOUR_MS);
      await assert.rejects(scene.refresh(first), RefreshHeldError);
      assert.deepEqual(scene.asked, ['use', 'same user', 'same user'], 'and again after an hour');
    });

    it('continues with its own where the user says that it is another user', async () => {
      const first = await later();
      scene.answers.isSameUser = false;
      const sharing = scene.window();
      const answered = new Promise((resolve) => sharing.onDidAnswer(resolve));
      await assert.rejects(scene.refresh(first, sharing), RefreshHeldError);
      await answered;
      assert.equal((await scene.refresh(first)).accessToken, 'access-1');
      assert.equal((await scene.cliToken())?.accessToken, 'access of another');
    });

    it('continues with the new one where the user says that it is the same user', async () => {
      const first = await later();
      scene.answers.isSameUser = true;
      const sharing = scene.window();
      const answered = new Promise((resolve) => sharing.onDidAnswer(resolve));
      await assert.rejects(scene.refresh(first, sharing), RefreshHeldError);
      await answered;
      assert.equal((await scene.refresh(first)).accessToken, 'access of another');
      assert.deepEqual(scene.sent, []);
    });

    for (const answer of [true, false]) {
      it(`does not count the response "${answer}" about a token that is no longer there`, async () => {
        const first = await later();
        scene.answers.isSameUser = answer;
        scene.onAsk = async () => {
          scene.onAsk = async () => undefined;
          await scene.cliSignsIn('a third');
        };
        const sharing = scene.window();
        const answered = new Promise((resolve) => sharing.onDidAnswer(resolve));
        await assert.rejects(scene.refresh(first, sharing), RefreshHeldError);
        await answered;
        scene.answers.isSameUser = undefined;
        await assert.rejects(scene.refresh(first), RefreshHeldError);
        assert.deepEqual(scene.asked, ['use', 'same user', 'same user']);
      });
    }

    it('asks too when that happens while the token is on its way, and is refused', async () => {
      await scene.cliSignsIn();
      const first = await scene.signIn();
      scene.service = {
        ...scene.service,
        refresh: async () => {
          await scene.clock.advance(HOUR_MS - 10 * MINUTE_MS);
          await scene.cliSignsIn('another');
          throw wireError('InvalidGrantException', { status: 400 });
        },
      };
      await assert.rejects(
        scene.refresh(first),
        (error) => error instanceof RefreshHeldError && error.isSent,
      );
      assert.deepEqual(scene.asked, ['use', 'same user']);
    });

    it('does not overwrite it with what came meanwhile', async () => {
      await scene.cliSignsIn();
      const first = await scene.signIn();
      scene.whileRefreshing(async () => {
        await scene.clock.advance(HOUR_MS - 10 * MINUTE_MS);
        await scene.cliSignsIn('another');
      });
      const second = await scene.refresh(first);
      assert.equal(second.accessToken, 'access-1');
      assert.equal((await scene.cliToken())?.accessToken, 'access of another');
      await scene.refresh(second);
      assert.equal((await scene.cliToken())?.accessToken, 'access of another');
    });
  });

  it('asks where a token of ours was replaced before any tool refreshes', async () => {
    const first = await scene.signIn();
    await scene.clock.advance(MINUTE_MS);
    await scene.cliRefreshes('of somebody');
    await assert.rejects(scene.refresh(first), RefreshHeldError);
    assert.deepEqual(scene.asked, ['same user']);
  });

  it('never takes over a sign-in that was made with another client', async () => {
    const first = await scene.signIn();
    await scene.clock.advance(HOUR_MS - 10 * MINUTE_MS);
    await scene.cliSignsIn('another');
    assert.equal((await scene.refresh(first)).accessToken, 'access-2');
    assert.equal((await scene.cliToken())?.accessToken, 'access of another');
    assert.deepEqual(scene.asked, []);
  });

  it('knows a client that the AWS CLI has registered, also where it was shared from here', async () => {
    const { client } = await scene.signIn();
    assert(client);
    await scene.writeRegistration([DEFAULT_SCOPE], client.clientId);
    const second = await scene.signIn();
    await scene.laterCliRefreshes('somebody');
    await assert.rejects(scene.refresh(second), RefreshHeldError);
  });

  it('waits for what another tool is writing, and goes by that', async () => {
    const first = await scene.signIn();
    await scene.clock.advance(HOUR_MS - 10 * MINUTE_MS);
    const token = await scene.cliToken();
    assert(token?.renewal);
    const refreshed = formatCliToken({
      ...token,
      accessToken: 'by cli',
      expiresAt: scene.clock.now() + HOUR_MS,
      renewal: { ...token.renewal, refreshToken: 'refresh-by-cli' },
    });
    await scene.writeFile(refreshed.slice(0, 40));
    scene.hasRealPauses = true;
    const [second] = await Promise.all([scene.refresh(first), scene.writeFile(refreshed)]);
    assert.equal(second.accessToken, 'by cli');
    assert.deepEqual(scene.sent, ['browser']);
  });

  it('waits with a token that may be spent while a file stays half written, and no longer than a minute', async () => {
    const first = await scene.signIn();
    await scene.writeFile('{"accessTok');
    scene.hasRealPauses = true;
    await assert.rejects(scene.refresh(first), { name: 'RefreshHeldError', code: 'awsCliFileUnfinished' });
    assert.deepEqual(scene.sent, ['browser']);
    await scene.clock.advance(2 * MINUTE_MS);
    await scene.refresh(first);
    assert.deepEqual(scene.sent, ['browser', 'refresh with refresh-1']);
    assert.equal((await scene.cliToken())?.accessToken, 'access-2');
  });

  it('leaves a file alone that is being written, and shares again when it is whole', async () => {
    const first = await scene.signIn();
    const content = await scene.readFile();
    const { service } = scene;
    scene.whileRefreshing(() => scene.writeFile(''));
    scene.hasRealPauses = true;
    const second = await scene.refresh(first);
    assert.equal(await scene.readFile(), '');
    scene.service = service;
    await scene.writeFile(content ?? '');
    await scene.clock.advance(HOUR_MS - 10 * MINUTE_MS);
    await scene.refresh(second);
    assert.equal((await scene.cliToken())?.accessToken, 'access-3');
  });

  it('takes the token back instead, where sharing was turned off', async () => {
    const first = await scene.signIn();
    scene.isEnabled = false;
    await scene.refresh(first);
    assert.equal(await scene.readFile(), undefined);
  });
});
