import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { formatCliToken } from '../../../src/awsCli/files/cliCache.ts';
import { ACME, CliScene, HOUR_MS, MINUTE_MS } from './support.ts';

describe('what is taken from the AWS CLI', () => {
  let scene: CliScene;
  beforeEach(async () => {
    scene = await CliScene.open();
  });
  afterEach(() => scene.close());

  const unclear = async (): Promise<void> => {
    await scene.cliSignsIn();
    const first = await scene.signIn();
    await scene.laterCliRefreshes('perhaps the same');
    await scene.signOut(first);
  };

  const release = async (
    issued: Awaited<ReturnType<CliScene['obtain']>>,
    endpointUrl?: string,
  ): Promise<boolean> => {
    return scene.window().release({ ...ACME, ...(endpointUrl !== undefined && { endpointUrl }) }, issued);
  };

  describe('at sign-out', () => {
    it('is the sign-in, with its record', async () => {
      await scene.signOut(await scene.signIn());
      assert.deepEqual(await readdir(scene.folder), []);
      assert.deepEqual(await scene.records(), ['']);
      assert.deepEqual(scene.sent, ['browser', 'sign out access-1']);
    });

    it('is the sign-in also where ~/.aws/config calls it by another name by now', async () => {
      const issued = await scene.signIn();
      scene.cacheKey = 'renamed';
      await scene.signOut(issued);
      assert.equal(await scene.readFile(), undefined);
      assert.deepEqual(await scene.records(), ['']);
    });

    it('is what the AWS CLI has made of it by a refresh, which is ended at the service too', async () => {
      const first = await scene.signIn();
      await scene.laterCliRefreshes('refresh-by-cli');
      await scene.signOut(first);
      assert.deepEqual(await readdir(scene.folder), []);
      assert.deepEqual(scene.sent, ['browser', 'sign out access-1', 'sign out with refresh-by-cli']);
    });

    it('is the sign-in that was taken over: it is one sign-in, and is ended at the service', async () => {
      await scene.cliSignsIn();
      await scene.signOut(await scene.refresh(await scene.signIn()));
      assert.equal(await scene.readFile(), undefined);
    });

    it('are the credentials of roles too, which the AWS CLI would use for hours', async () => {
      const cached = join(scene.home, 'roles', 'role.json');
      await mkdir(join(scene.home, 'roles'));
      await writeFile(cached, JSON.stringify({ ProviderType: 'sso', Credentials: {} }));
      const issued = await scene.signIn();
      await scene.refresh(issued);
      assert.deepEqual(await readdir(join(scene.home, 'roles')), ['role.json']);
      await scene.signOut({ ...issued, accessToken: 'of another session' });
      assert.deepEqual(await readdir(join(scene.home, 'roles')), ['role.json']);
      await scene.signOut(await scene.signIn());
      assert.deepEqual(await readdir(join(scene.home, 'roles')), []);
    });

    const later: readonly (readonly [when: string, shared: boolean, afterMs: number])[] = [
      ['made with a client of its own', true, HOUR_MS - 10 * MINUTE_MS],
      ['made with the client of the one that was taken over', false, 20 * MINUTE_MS],
    ];
    for (const [when, isShared, afterMs] of later) {
      it(`is never a later sign-in of the AWS CLI's own, ${when} (aws-toolkit-jetbrains#5016, aws-toolkit-visual-studio#454)`, async () => {
        if (!isShared) {
          await scene.cliSignsIn();
        }
        const first = await scene.signIn();
        await scene.clock.advance(afterMs);
        await scene.cliSignsIn('another');
        await scene.signOut(first);
        assert.equal((await scene.cliToken())?.accessToken, 'access of another');
        assert.deepEqual(await scene.records(), ['']);
        assert.deepEqual(
          scene.sent.filter((sent) => sent.startsWith('sign out')),
          [`sign out ${first.accessToken}`],
        );
      });
    }

    it('is what may be its own only where the user says so', async () => {
      const asked = Promise.withResolvers<readonly string[]>();
      scene.onAsk = async () => {
        if (scene.asked.includes('remove')) {
          asked.resolve(await scene.records());
        }
      };
      await unclear();
      assert.deepEqual(await asked.promise, [''], 'whatever the answer, the session is over');
      assert.equal((await scene.cliToken())?.accessToken, 'with perhaps the same');
      assert.deepEqual(scene.sent, ['sign out access of cli']);
    });

    it('is then ended at the service as well', async () => {
      scene.answers.remove = true;
      const ended = Promise.withResolvers<void>();
      const { service } = scene;
      scene.service = {
        ...service,
        signOut: async (connection, accessToken, signal) => {
          await service.signOut(connection, accessToken, signal);
          if (accessToken === 'with perhaps the same') {
            ended.resolve();
          }
        },
      };
      await unclear();
      await ended.promise;
      assert.equal(await scene.readFile(), undefined);
      assert.deepEqual(scene.sent, ['sign out access of cli', 'sign out with perhaps the same']);
    });

    it('is the very token that is signed out, also where nothing is noted of it', async () => {
      const first = await scene.signIn();
      await rm(join(scene.home, 'records'), { recursive: true });
      await scene.signOut({ ...first, accessToken: 'of another session' });
      assert.notEqual(await scene.readFile(), undefined);
      await scene.signOut(first);
      assert.equal(await scene.readFile(), undefined);
    });

    it('is nothing that came while the user decided', async () => {
      scene.answers.remove = true;
      const signedIn = Promise.withResolvers<void>();
      scene.onAsk = async () => {
        if (scene.asked.includes('remove')) {
          await scene.cliSignsIn('a third');
          signedIn.resolve();
        }
      };
      await unclear();
      await signedIn.promise;
      await scene.settle();
      assert.equal((await scene.cliToken())?.accessToken, 'access of a third');
      assert.deepEqual(scene.sent, ['sign out access of cli']);
    });

    it('is nothing where a file is being written, and the record stays for later', async () => {
      const first = await scene.signIn();
      await scene.writeFile('{"accessTok');
      scene.hasRealPauses = true;
      await scene.signOut(first);
      assert.equal(await scene.readFile(), '{"accessTok');
      assert.notDeepEqual(await scene.records(), ['']);
    });

    it('is nothing where the file is written in an unknown way', async () => {
      const first = await scene.signIn();
      await scene.writeFile('{"accessToken": "of a later version", "expires": 5}');
      await scene.signOut(first);
      assert.match((await scene.readFile()) ?? '', /of a later version/);
    });
  });

  describe('when sharing is turned off', () => {
    it('is what was shared, whichever window or start finds it, and whoever is signed in by then', async () => {
      await scene.refresh(await scene.signIn());
      scene.isEnabled = false;
      await Promise.all([scene.window().takeBack(), scene.window().takeBack()]);
      assert.deepEqual(await readdir(scene.folder), []);
      assert.deepEqual(await scene.records(), ['']);
      assert.deepEqual(scene.log.events, []);
    });

    it('is what the AWS CLI has refreshed of it', async () => {
      await scene.signIn();
      await scene.laterCliRefreshes('refresh-by-cli');
      await scene.window().takeBack();
      assert.equal(await scene.readFile(), undefined);
    });

    it("is not the AWS CLI's own sign-in, even if it is in use here, and its file is still updated at each refresh", async () => {
      await scene.cliSignsIn();
      const second = await scene.refresh(await scene.signIn());
      scene.isEnabled = false;
      await scene.window().takeBack();
      await scene.refresh(second);
      assert.equal((await scene.cliToken())?.accessToken, 'access-2');
    });

    it("is not the AWS CLI's own later sign-in", async () => {
      await scene.signIn();
      await scene.cliSignsIn();
      await scene.window().takeBack();
      assert.equal((await scene.cliToken())?.accessToken, 'access of cli');
      assert.deepEqual(await scene.records(), ['']);
    });

    it('is what may be its own only where the user says so, who is asked by one window', async () => {
      await scene.signIn();
      await scene.clock.advance(MINUTE_MS);
      await scene.cliRefreshes('of somebody');
      await scene.window().takeBack();
      await scene.window().takeBack();
      assert.deepEqual(scene.asked, ['remove']);
      assert.equal((await scene.cliToken())?.accessToken, 'with of somebody');
    });

    it('is nothing where a file is being written: the next start looks again', async () => {
      await scene.signIn();
      const content = (await scene.readFile()) ?? '';
      await scene.writeFile('');
      scene.hasRealPauses = true;
      await scene.window().takeBack();
      await scene.writeFile(content);
      await scene.window().takeBack();
      assert.equal(await scene.readFile(), undefined);
    });

    it('is nothing where nothing was ever shared', async () => {
      await scene.cliSignsIn();
      const before = await scene.readFile();
      await scene.window().takeBack();
      assert.equal(await scene.readFile(), before);
    });
  });

  describe('when a granted sign-in is cancelled', () => {
    it('is nothing, because nothing was shared yet, and the token is to be ended at the service', async () => {
      const issued = await scene.obtain();
      assert.equal(await scene.readFile(), undefined);
      assert.equal(await release(issued), true);
    });

    it('is not its own sign-in, which nobody ends and which can be offered again', async () => {
      await scene.cliSignsIn();
      const before = await scene.readFile();
      assert.equal(await release(await scene.obtain()), false);
      assert.equal(await scene.readFile(), before);
      await scene.obtain();
      assert.deepEqual(scene.asked, ['use', 'use']);
    });

    it('is nothing where the AWS CLI calls another service', async () => {
      await scene.cliSignsIn();
      assert.equal(await release(await scene.obtain(), 'https://identity.example'), true);
    });
  });

  it('is not what lacks the refresh token and came at the wrong time', async () => {
    const first = await scene.signIn();
    await scene.clock.advance(MINUTE_MS);
    const token = await scene.cliToken();
    assert(token);
    const { renewal: _, ...rest } = token;
    const later = { ...rest, accessToken: 'legacy', expiresAt: scene.clock.now() + 8 * HOUR_MS };
    await scene.writeFile(formatCliToken(later));
    await scene.signOut(first);
    assert.equal((await scene.cliToken())?.accessToken, 'legacy');
  });
});
