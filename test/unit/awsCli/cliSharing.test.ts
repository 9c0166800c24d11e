import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { cliCacheFileName, formatCliToken } from '../../../src/awsCli/files/cliCache.ts';
import { DEFAULT_SCOPE } from '../../../src/sessions/scopes.ts';
import { CLIENT } from '../support/sessions.ts';
import { ACME, CliScene, HOUR_MS, KEY, MINUTE_MS } from './support.ts';

type Members = Readonly<Record<string, string>>;

/** The members of a file but for these. */
const without =
  (...members: readonly string[]) =>
  (token: Members): object =>
    Object.fromEntries(Object.entries(token).filter(([name]) => !members.includes(name)));

describe('sharing with the AWS CLI', () => {
  let scene: CliScene;
  beforeEach(async () => {
    scene = await CliScene.open();
  });
  afterEach(() => scene.close());

  it('gives it the sign-in, with all it takes to refresh it', async () => {
    const issued = await scene.obtain();
    assert.equal(await scene.readFile(), undefined, 'not before it is kept');
    await scene.window().share(scene.kept(issued).read);
    assert.deepEqual(await scene.cliToken(), {
      startUrl: ACME.startUrl,
      region: ACME.region,
      accessToken: 'access-1',
      expiresAt: Math.floor((scene.clock.now() + HOUR_MS) / 1000) * 1000,
      renewal: {
        clientId: CLIENT.clientId,
        clientSecret: CLIENT.clientSecret,
        registrationExpiresAt: CLIENT.expiresAt,
        refreshToken: 'refresh-1',
      },
    });
  });

  it('makes the folder for its owner only', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    await scene.signIn();
    assert.equal((await stat(scene.folder)).mode & 0o777, 0o700);
    assert.equal((await stat(join(scene.folder, cliCacheFileName(KEY)))).mode & 0o777, 0o600);
  });

  it('leaves the mode of a folder that is there', async function () {
    if (process.platform === 'win32') {
      this.skip();
    }
    await mkdir(scene.folder);
    await chmod(scene.folder, 0o755);
    await scene.signIn();
    assert.equal((await stat(scene.folder)).mode & 0o777, 0o755);
  });

  it('writes nothing while it is off', async () => {
    scene.isEnabled = false;
    await scene.refresh(await scene.signIn());
    assert.deepEqual(await readdir(scene.home), []);
  });

  it('leaves out a sign-in whose scopes would not do for the AWS CLI', async () => {
    await scene.signIn(['codewhisperer:completions']);
    assert.equal(await scene.readFile(), undefined);
  });

  it('includes one that has more scopes than the AWS CLI needs', async () => {
    await scene.signIn([DEFAULT_SCOPE, 'codewhisperer:completions']);
    assert.equal((await scene.cliToken())?.accessToken, 'access-1');
  });

  it('is not for a connection with an endpoint that the AWS CLI does not call', async () => {
    const issued = await scene.obtain();
    const live = await scene.kept(issued).read();
    assert(live);
    const connection = { ...ACME, endpointUrl: 'https://identity.example' };
    const session = { ...live.session, connection };
    await scene.window().share(async () => ({ ...live, session }));
    await scene.window().shareAll([async () => ({ ...live, session })]);
    assert.equal(await scene.readFile(), undefined);
  });

  it('keeps no secret but in the file of the AWS CLI', async () => {
    await scene.signIn();
    const [name = ''] = await readdir(join(scene.home, 'records'));
    assert.doesNotMatch(
      await readFile(join(scene.home, 'records', name), 'utf8'),
      /access-1|refresh-1|SECRET/,
    );
    assert.deepEqual(scene.log.events, []);
  });

  it('replaces what was shared before', async () => {
    await scene.signIn();
    await scene.signIn();
    assert.equal((await scene.cliToken())?.accessToken, 'access-2');
    assert.deepEqual(scene.asked, []);
  });

  it('never replaces without asking what the AWS CLI has refreshed of it: another session may need that', async () => {
    const alice = await scene.signIn();
    await scene.laterCliRefreshes('refresh-by-cli');
    await scene.signIn();
    assert.deepEqual(scene.asked, ['replace']);
    assert.equal((await scene.refresh(alice)).refreshToken, 'refresh-by-cli');
    assert.deepEqual(scene.sent, ['browser', 'browser'], 'what is spent is not sent');
  });

  const own = async (content: (token: Members) => object): Promise<string> => {
    const token = formatCliToken(await scene.cliSignsIn());
    const text = JSON.stringify(content(JSON.parse(token) as Members));
    await scene.writeFile(text);
    return text;
  };

  describe("beside the AWS CLI's own sign-in", () => {
    const ended = '2020-01-01T00:00:00Z';

    const live: readonly (readonly [what: string, content: (token: Members) => object])[] = [
      ['as it is', (token) => token],
      ['without a refresh token', without('refreshToken')],
      [
        'without a registration',
        without('clientId', 'clientSecret', 'registrationExpiresAt', 'refreshToken'),
      ],
      ['without its start URL and region', without('startUrl', 'region')],
      ['with empty members', (token) => ({ ...token, refreshToken: '', clientId: '' })],
      ['with members of another type', (token) => ({ ...token, region: null })],
      ['with a time of another form', (token) => ({ ...token, expiresAt: 1_800_000_000 })],
      ['of another portal', (token) => ({ ...token, startUrl: 'https://other.awsapps.com/start' })],
      ['that has ended and can be refreshed', (token) => ({ ...token, expiresAt: ended })],
      ['whose registration has ended', (token) => ({ ...token, registrationExpiresAt: ended })],
    ];
    for (const [what, content] of live) {
      it(`never overwrites it without asking, ${what} (aws-toolkit-jetbrains#5016)`, async () => {
        scene.answers.use = false;
        const before = await own(content);
        const issued = await scene.signIn();
        await scene.refresh(issued);
        await scene.window().shareAll([scene.kept(issued).read]);
        assert.equal(await scene.readFile(), before);
        assert.ok(scene.asked.includes('replace'), 'the user is asked');
      });
    }

    it('replaces it where the user says so, with the tokens of that moment', async () => {
      scene.answers = { ...scene.answers, use: false, replace: true };
      await scene.cliSignsIn();
      const kept = scene.kept(await scene.obtain());
      scene.onAsk = async () => {
        kept.issued = await scene.refresh(kept.issued);
      };
      const sharing = scene.window();
      const shared = new Promise<void>((resolve) => sharing.onDidShare(resolve));
      await sharing.share(kept.read);
      await shared;
      assert.equal((await scene.cliToken())?.accessToken, 'access-2');
    });

    it('leaves one alone that is in use here, when another user signs in', async () => {
      await scene.cliSignsIn();
      const first = await scene.signIn();
      await scene.signIn();
      assert.equal((await scene.cliToken())?.accessToken, first.accessToken);
      assert.deepEqual(scene.asked, ['use', 'replace']);
    });

    it('takes the place of one that has ended for good', async () => {
      await own((token) => ({ ...token, expiresAt: ended, registrationExpiresAt: ended }));
      await scene.signIn();
      assert.equal((await scene.cliToken())?.accessToken, 'access-1');
    });

    for (const [what, content] of [
      ['an empty file', ''],
      ['half a file', '{"accessToken": "x'],
    ] as const) {
      it(`takes the place of ${what}, but not while it may be one that is being written`, async () => {
        await scene.writeFile(content);
        scene.hasRealPauses = true;
        await scene.signIn();
        assert.equal(await scene.readFile(), content);
        await scene.clock.advance(2 * MINUTE_MS);
        await scene.signIn();
        assert.equal((await scene.cliToken())?.accessToken, 'access-2');
      });
    }
  });

  describe('when it is turned on', () => {
    it('gives the AWS CLI the sessions there are, once for all windows', async () => {
      scene.isEnabled = false;
      const kept = scene.kept(await scene.signIn());
      scene.isEnabled = true;
      await scene.window().shareAll([kept.read]);
      assert.equal((await scene.cliToken())?.accessToken, 'access-1');
      kept.issued = await scene.refresh(kept.issued);
      const stale = scene.kept({ ...kept.issued, accessToken: 'stale', refreshToken: 'spent' });
      await scene.window().shareAll([stale.read]);
      assert.equal((await scene.cliToken())?.accessToken, 'access-2', 'a window that comes later leaves it');
    });

    it("leaves a sign-in of the AWS CLI's own alone, and asks nothing", async () => {
      const kept = scene.kept(await scene.obtain());
      await scene.cliSignsIn();
      await scene.window().shareAll([kept.read]);
      assert.equal((await scene.cliToken())?.accessToken, 'access of cli');
      assert.deepEqual(scene.asked, []);
    });

    it('tells of what a refresh brings that was in progress meanwhile', async () => {
      scene.isEnabled = false;
      const kept = scene.kept(await scene.signIn());
      scene.whileRefreshing(async () => {
        scene.isEnabled = true;
        await scene.window().shareAll([kept.read]);
      });
      await scene.refresh(kept.issued);
      assert.equal((await scene.cliToken())?.renewal?.refreshToken, 'refresh-2');
    });
  });

  it('never fails a sign-in, a refresh or a sign-out: the disk may', async () => {
    await writeFile(scene.folder, 'a file where the folder should be');
    await mkdir(join(scene.home, 'records', cliCacheFileName(KEY)), { recursive: true });
    await scene.signOut(await scene.refresh(await scene.signIn()));
    assert.deepEqual(scene.sent, ['browser', 'refresh with refresh-1', 'sign out access-2']);
    assert.ok(scene.log.events.length > 0, 'it is in the log');
  });
});
