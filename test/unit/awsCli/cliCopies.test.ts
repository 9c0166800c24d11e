import assert from 'node:assert/strict';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { cliCacheFileName, formatCliToken, readCliFile } from '../../../src/awsCli/files/cliCache.ts';
import type { CliToken } from '../../../src/awsCli/files/cliCache.ts';
import { DEFAULT_SCOPE } from '../../../src/sessions/scopes.ts';
import { ACME, CliScene, HOUR_MS, KEY, MINUTE_MS } from './support.ts';

const LEGACY = `${ACME.startUrl}/#/`;
const SECOND = 'acme-second';
const COMPLETIONS = 'codewhisperer:completions';

describe('one portal in several sections of the AWS files (granted#530)', () => {
  let scene: CliScene;
  beforeEach(async () => {
    scene = await CliScene.open();
    scene.otherKeys = [
      { cacheKey: SECOND, startUrl: `${ACME.startUrl}/`, scopes: [DEFAULT_SCOPE] },
      { cacheKey: LEGACY, startUrl: LEGACY, scopes: [DEFAULT_SCOPE] },
    ];
  });
  afterEach(() => scene.close());

  const tokenOf = async (key: string): Promise<CliToken | undefined> => {
    const content = await readCliFile(scene.folder, cliCacheFileName(key));
    return content.kind === 'token' ? content.token : undefined;
  };
  const tokens = async (): Promise<readonly (string | undefined)[]> =>
    Promise.all([KEY, SECOND, LEGACY].map(async (key) => (await tokenOf(key))?.accessToken));
  const refreshTokens = async (): Promise<readonly (string | undefined)[]> =>
    Promise.all([KEY, SECOND, LEGACY].map(async (key) => (await tokenOf(key))?.renewal?.refreshToken));

  /** The AWS CLI's own sign-in under another name. */
  const cliSignsIn = async (key: string, user: string, overrides?: Partial<CliToken>): Promise<void> => {
    const before = await scene.readFile();
    const token = await scene.cliSignsIn(user, overrides);
    const path = join(scene.folder, cliCacheFileName(key));
    await writeFile(path, formatCliToken(token));
    await utimes(path, scene.clock.now() / 1000, scene.clock.now() / 1000);
    await (before === undefined ? rm(join(scene.folder, cliCacheFileName(KEY))) : scene.writeFile(before));
  };

  it('have the sign-in in the file of each name, and its refresh token, for single use, in one', async () => {
    await scene.signIn();
    assert.deepEqual(await tokens(), ['access-1', 'access-1', 'access-1']);
    assert.deepEqual(await refreshTokens(), ['refresh-1', undefined, undefined]);
  });

  it('have the start URL as it is written in each', async () => {
    await scene.signIn();
    assert.deepEqual(
      await Promise.all([KEY, SECOND, LEGACY].map(async (key) => (await tokenOf(key))?.startUrl)),
      [ACME.startUrl, `${ACME.startUrl}/`, LEGACY],
    );
  });

  it('are kept in step by each refresh', async () => {
    await scene.refresh(await scene.refresh(await scene.signIn()));
    assert.deepEqual(await tokens(), ['access-3', 'access-3', 'access-3']);
    assert.deepEqual(await refreshTokens(), ['refresh-3', undefined, undefined]);
    assert.deepEqual(scene.asked, []);
  });

  it('are kept in step where the response has no new refresh token', async () => {
    const first = await scene.signIn();
    scene.service = {
      ...scene.service,
      refresh: async () => {
        const { refreshToken: _, ...rest } = scene.issue();
        return rest;
      },
    };
    await scene.refresh(await scene.refresh(first));
    assert.deepEqual(await tokens(), ['access-3', 'access-3', 'access-3']);
  });

  it('all get what the AWS CLI has refreshed, and the used token is not sent', async () => {
    const first = await scene.signIn();
    await scene.laterCliRefreshes('refresh-by-cli');
    const second = await scene.refresh(first);
    const taken = 'with refresh-by-cli';
    assert.deepEqual(await tokens(), [taken, taken, taken]);
    assert.deepEqual(scene.sent, ['browser']);
    await scene.refresh(second);
    assert.deepEqual(await tokens(), ['access-2', 'access-2', 'access-2']);
  });

  it('all lose it at sign-out', async () => {
    await scene.signOut(await scene.refresh(await scene.signIn()));
    assert.deepEqual(await readdir(scene.folder), []);
    assert.deepEqual(await scene.records(), ['', '', '']);
  });

  it('all lose it at sign-out, also what the AWS CLI has made of it', async () => {
    const first = await scene.signIn();
    await scene.laterCliRefreshes('refresh-by-cli');
    await scene.signOut(first);
    assert.deepEqual(await readdir(scene.folder), []);
    assert.deepEqual(scene.sent, ['browser', 'sign out access-1', 'sign out with refresh-by-cli']);
  });

  it('all lose it at sign-out under names that the files no longer have', async () => {
    const issued = await scene.signIn();
    scene.otherKeys = [];
    scene.cacheKey = 'renamed';
    await scene.signOut(await scene.refresh(issued));
    assert.deepEqual(await readdir(scene.folder), []);
  });

  it('all lose it when sharing is turned off, or at the next refresh after that', async () => {
    const first = await scene.signIn();
    scene.isEnabled = false;
    await scene.refresh(first);
    assert.deepEqual(await readdir(scene.folder), []);
    scene.isEnabled = true;
    await scene.signIn();
    await scene.window().takeBack();
    assert.deepEqual(await readdir(scene.folder), []);
  });

  it('all get it when sharing is turned on', async () => {
    scene.isEnabled = false;
    const kept = scene.kept(await scene.signIn());
    scene.isEnabled = true;
    await scene.window().shareAll([kept.read]);
    assert.deepEqual(await tokens(), ['access-1', 'access-1', 'access-1']);
    assert.deepEqual(await refreshTokens(), ['refresh-1', undefined, undefined]);
  });

  it('have it only where the sign-in has the scopes that the section asks for, and the log says so', async () => {
    scene.otherKeys = [{ cacheKey: SECOND, startUrl: ACME.startUrl, scopes: [COMPLETIONS] }];
    await scene.signIn();
    assert.deepEqual(await tokens(), ['access-1', undefined, undefined]);
    assert.match(JSON.stringify(scene.log.events), /left out what needs more scopes/);
    await scene.signIn([DEFAULT_SCOPE, COMPLETIONS]);
    assert.deepEqual(await tokens(), ['access-2', 'access-2', undefined]);
  });

  it("keep a sign-in of the AWS CLI's own in one of them, then and later, and the others go on", async () => {
    await cliSignsIn(SECOND, 'another');
    scene.answers.use = false;
    const first = await scene.signIn();
    assert.deepEqual(await tokens(), ['access-1', 'access of another', 'access-1']);
    await cliSignsIn(LEGACY, 'a third');
    const second = await scene.refresh(first);
    assert.deepEqual(await tokens(), ['access-2', 'access of another', 'access of a third']);
    await scene.signOut(second);
    assert.deepEqual(await tokens(), [undefined, 'access of another', 'access of a third']);
  });

  it("go on as copies where the AWS CLI's own sign-in has taken the place of the refresh token", async () => {
    const first = await scene.signIn();
    await scene.clock.advance(HOUR_MS - 10 * MINUTE_MS);
    await scene.cliSignsIn('another');
    const second = await scene.refresh(first);
    assert.deepEqual(await tokens(), ['access of another', 'access-2', 'access-2']);
    await scene.signOut(second);
    assert.deepEqual(await tokens(), ['access of another', undefined, undefined]);
  });

  it('may have the sign-in that is taken over in any of them, and then all share it', async () => {
    await cliSignsIn(SECOND, 'cli');
    const first = await scene.signIn();
    assert.deepEqual(scene.asked, ['use']);
    assert.deepEqual(await tokens(), ['access of cli', 'access of cli', 'access of cli']);
    assert.deepEqual(await refreshTokens(), [undefined, 'refresh of cli', undefined]);
    await scene.refresh(first);
    assert.deepEqual(await tokens(), ['access-1', 'access-1', 'access-1']);
    assert.deepEqual(await refreshTokens(), [undefined, 'refresh-1', undefined]);
    await scene.window().takeBack();
    assert.deepEqual(await tokens(), [undefined, 'access-1', undefined], "the AWS CLI's own stays");
  });

  it("may have one of the AWS CLI's that was made by a company's own domain (aws-cli#10457)", async () => {
    const startUrl = 'https://sso.acme.example';
    scene.otherKeys = [{ cacheKey: SECOND, startUrl, scopes: [DEFAULT_SCOPE] }];
    await cliSignsIn(SECOND, 'cli', { startUrl });
    await scene.refresh(await scene.signIn());
    assert.deepEqual(await tokens(), ['access-1', 'access-1', undefined]);
    assert.equal((await tokenOf(SECOND))?.startUrl, startUrl);
    assert.deepEqual(scene.asked, ['use']);
  });

  it('forget which sign-in was taken over where that is cancelled, in whichever file it lies', async () => {
    await cliSignsIn(SECOND, 'cli');
    assert.equal(await scene.window().release(ACME, await scene.obtain()), false);
    assert.deepEqual(await scene.records(), ['']);
  });

  it('leave a copy alone that another tool is writing, and take it for ours again when it was not replaced', async () => {
    const first = await scene.signIn();
    const path = join(scene.folder, cliCacheFileName(SECOND));
    const content = await readFile(path);
    await writeFile(path, '');
    await utimes(path, scene.clock.now() / 1000, scene.clock.now() / 1000);
    scene.hasRealPauses = true;
    const second = await scene.refresh(first);
    assert.equal(await readFile(path, 'utf8'), '');
    await writeFile(path, content);
    await scene.refresh(second);
    assert.deepEqual(await tokens(), ['access-3', 'access-3', 'access-3']);
  });

  it('get back what was thrown away there, but not while sharing is off', async () => {
    const first = await scene.signIn();
    await rm(join(scene.folder, cliCacheFileName(LEGACY)));
    const second = await scene.refresh(first);
    assert.deepEqual(await tokens(), ['access-2', 'access-2', 'access-2']);
    scene.isEnabled = false;
    await rm(join(scene.folder, cliCacheFileName(LEGACY)));
    await scene.refresh(second);
    assert.deepEqual(await tokens(), [undefined, undefined, undefined]);
  });

  it('never fail a refresh over a copy that cannot be written', async () => {
    const first = await scene.signIn();
    await rm(join(scene.home, 'records', cliCacheFileName(SECOND)));
    await rm(join(scene.folder, cliCacheFileName(LEGACY)));
    assert.equal((await scene.refresh(first)).accessToken, 'access-2');
    assert.match(await readFile(join(scene.folder, cliCacheFileName(KEY)), 'utf8'), /access-2/);
  });
});
