import assert from 'node:assert/strict';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { cliCacheFileName, formatCliToken } from '../../../src/awsCli/files/cliCache.ts';
import type { CliToken } from '../../../src/awsCli/files/cliCache.ts';
import { DEFAULT_SCOPE } from '../../../src/sessions/scopes.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { ACME, CliScene, HOUR_MS, KEY, MINUTE_MS } from './support.ts';

/** When each scene begins. */
const START = new VirtualClock().now();
const WIDER = [DEFAULT_SCOPE, 'codewhisperer:completions'];

describe("the offer of the AWS CLI's sign-in", () => {
  let scene: CliScene;
  beforeEach(async () => {
    scene = await CliScene.open();
  });
  afterEach(() => scene.close());

  it('means no browser where the user wants that', async () => {
    const own = await scene.cliSignsIn();
    const before = await scene.readFile();
    const { accessToken, refreshToken, client } = await scene.signIn();
    assert.deepEqual(
      [accessToken, refreshToken, client?.clientId, client?.expiresAt],
      [own.accessToken, 'refresh of cli', 'cli-client', own.renewal?.registrationExpiresAt],
    );
    assert.deepEqual([scene.asked, scene.sent], [['use'], []]);
    assert.equal(await scene.readFile(), before, 'the file stays as it is');
  });

  it('opens the browser when the user does not want it', async () => {
    scene.answers.use = false;
    await scene.cliSignsIn();
    await scene.obtain();
    assert.deepEqual([scene.asked, scene.sent], [['use'], ['browser']]);
  });

  const renewal = {
    clientId: 'cli-client',
    clientSecret: 'cli-secret',
    registrationExpiresAt: Date.UTC(2026, 5, 1),
    refreshToken: 'cli-refresh',
  };
  const useless: readonly (readonly [why: string, overrides: Partial<CliToken>])[] = [
    ['has expired', { expiresAt: 0 }],
    ['is over in a minute', { expiresAt: START + MINUTE_MS }],
    ['is for another region', { region: 'us-east-1' }],
    ['is for another start URL', { startUrl: 'https://other.awsapps.com/start' }],
    [
      'has a registration that has ended',
      { renewal: { ...renewal, registrationExpiresAt: START - MINUTE_MS } },
    ],
    [
      'has a registration that ends before the token, so that it will not be renewed',
      { renewal: { ...renewal, registrationExpiresAt: START + HOUR_MS - MINUTE_MS } },
    ],
  ];
  for (const [why, overrides] of useless) {
    it(`is not made where the sign-in ${why}`, async () => {
      await scene.cliSignsIn('cli', overrides);
      await scene.obtain();
      assert.deepEqual([scene.asked, scene.sent], [[], ['browser']]);
    });
  }

  it('is made while there is a little more than a minute left', async () => {
    await scene.cliSignsIn('cli', { expiresAt: START + MINUTE_MS + 1000 });
    await scene.obtain();
    assert.deepEqual(scene.asked, ['use']);
  });

  for (const missing of ['startUrl', 'region', 'refreshToken', 'clientSecret'] as const) {
    it(`is not made where the file has no ${missing}`, async () => {
      const { [missing]: _, ...rest } = JSON.parse(formatCliToken(await scene.cliSignsIn())) as Record<
        string,
        string
      >;
      await scene.writeFile(JSON.stringify(rest));
      await scene.obtain();
      assert.deepEqual([scene.asked, scene.sent], [[], ['browser']]);
    });
  }

  it('is not made of what was shared from here', async () => {
    await scene.signIn();
    await scene.signIn();
    assert.deepEqual([scene.asked, scene.sent], [[], ['browser', 'browser']]);
  });

  it('is not made of what the AWS CLI has refreshed of it', async () => {
    await scene.signIn();
    await scene.laterCliRefreshes('refresh-by-cli');
    await scene.signIn();
    assert.deepEqual(scene.asked, ['replace'], 'whether it may be replaced, but not whether to use it');
  });

  it('is not made twice of one sign-in: two sessions would hold one refresh token', async () => {
    await scene.cliSignsIn();
    await scene.signIn();
    await scene.obtain();
    assert.deepEqual([scene.asked, scene.sent], [['use'], ['browser']]);
  });

  it('is made of a sign-in that came after one that was shared', async () => {
    await scene.signIn();
    await scene.cliSignsIn();
    await scene.signIn();
    assert.deepEqual(scene.asked, ['use']);
  });

  it('is not made for wider scopes than the AWS CLI has', async () => {
    await scene.cliSignsIn();
    await scene.obtain(WIDER);
    assert.deepEqual(scene.asked, []);
  });

  it('is not made for narrower ones: nobody gets a wider token than was asked for', async () => {
    scene.profileScopes = WIDER;
    await scene.cliSignsIn();
    await scene.writeRegistration(WIDER);
    await scene.obtain();
    assert.deepEqual(scene.asked, []);
  });

  it('goes by the configured scopes where the AWS CLI has not noted those it signed in with', async () => {
    await scene.cliSignsIn();
    await rm(join(scene.folder, 'registration.json'));
    await scene.obtain(WIDER);
    assert.deepEqual(scene.asked, []);
    scene.profileScopes = WIDER;
    await scene.obtain();
    assert.deepEqual(scene.asked, []);
    await scene.obtain(WIDER.toReversed());
    assert.deepEqual(scene.asked, ['use']);
  });

  it('goes by the scopes the AWS CLI signed in with, not by what the configuration has become', async () => {
    await scene.cliSignsIn();
    await scene.writeRegistration(WIDER);
    await scene.obtain();
    assert.deepEqual(scene.asked, []);
    scene.profileScopes = WIDER;
    await scene.obtain(WIDER);
    assert.deepEqual(scene.asked, ['use']);
  });

  it('is not made for a connection with an endpoint of its own', async () => {
    await scene.cliSignsIn();
    const issued = await scene.window().flow(async () => scene.issue())(
      { ...ACME, endpointUrl: 'https://identity.example' },
      [DEFAULT_SCOPE],
      { showBrowserSignIn: () => undefined, showUserCode: () => undefined, showTrouble: () => undefined },
      new AbortController().signal,
    );
    assert.deepEqual([issued.accessToken, scene.asked], ['access-1', []]);
  });

  it('counts for the sign-in that was shown, not for one that came while the user decided', async () => {
    await scene.cliSignsIn();
    let answers = 0;
    scene.onAsk = async () => {
      answers += 1;
      if (answers === 1) {
        await scene.cliSignsIn('another');
      }
    };
    const { accessToken } = await scene.obtain();
    assert.deepEqual([accessToken, scene.asked], ['access of another', ['use', 'use']]);
  });

  it('comes to nothing where the sign-in is gone when the user has decided', async () => {
    await scene.cliSignsIn();
    scene.onAsk = () => rm(join(scene.folder, cliCacheFileName(KEY)));
    await scene.obtain();
    assert.deepEqual(scene.sent, ['browser']);
  });

  it('comes to nothing where it cannot be noted: without a record neither could tell the other', async () => {
    await scene.cliSignsIn();
    // Nothing to read, and nowhere to write.
    await symlink(join(scene.home, 'nowhere', 'records'), join(scene.home, 'records'));
    await scene.obtain();
    assert.deepEqual([scene.asked, scene.sent], [['use'], ['browser']]);
    assert.ok(scene.log.events.length > 0, 'it is in the log');
  });
});
