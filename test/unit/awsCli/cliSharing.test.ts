import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cliCacheFileName, readCliToken, writeCliToken } from '../../../src/connections/cliCache.ts';
import type { CliToken } from '../../../src/connections/cliCache.ts';
import type { InteractiveConnection } from '../../../src/connections/connection.ts';
import type { Flow } from '../../../src/flows/flow.ts';
import type { IssuedTokens } from '../../../src/flows/tokens.ts';
import { DiskIndexFile } from '../../../src/sessions/indexFile.ts';
import { DEFAULT_SCOPE } from '../../../src/sessions/scopes.ts';
import type { TokenService } from '../../../src/sessions/tokenService.ts';
import { CliSharing } from '../../../src/awsCli/cliSharing.ts';
import { CLIENT, RecordingLog, SeededRandom, wireError } from '../support/sessions.ts';
import { VirtualClock } from '../support/virtualClock.ts';

const ACME: InteractiveConnection = {
  name: 'acme',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-central-1',
};
const HOUR_MS = 3_600_000;
const KEY = 'acme-session';

describe('sharing with the AWS CLI', () => {
  let home: string;
  let folder: string;
  let clock: VirtualClock;
  let log: RecordingLog;
  let isEnabled: boolean;
  let isWanted: boolean;
  let isReached: boolean;
  let asked: number;
  let sent: string[];
  let issuedSoFar: number;
  let sharing: CliSharing;
  let service: TokenService;
  let signIn: (scopes?: readonly string[]) => Promise<IssuedTokens>;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'cli-sharing-'));
    folder = join(home, 'cache');
    clock = new VirtualClock();
    log = new RecordingLog();
    isEnabled = true;
    isWanted = true;
    isReached = true;
    asked = 0;
    sent = [];
    issuedSoFar = 0;
    sharing = window();
    service = sharing.service(theService);
    const flow = sharing.flow(browser);
    const { signal } = new AbortController();
    signIn = (scopes = [DEFAULT_SCOPE]) => flow(ACME, scopes, noInteraction, signal);
  });
  afterEach(() => rm(home, { recursive: true }));

  function window(): CliSharing {
    const random = new SeededRandom(1);
    return new CliSharing({
      folder,
      roleCredentialsFolder: join(home, 'roles'),
      profileOf: async () => (isReached ? { cacheKey: KEY, scopes: [DEFAULT_SCOPE] } : undefined),
      recordFile: (name) => new DiskIndexFile(join(home, 'records', name), clock, random),
      isEnabled: () => isEnabled,
      confirmUse: async () => {
        asked += 1;
        return isWanted;
      },
      clock,
      random,
      log,
    });
  }

  const noInteraction = {
    showBrowserSignIn: () => undefined,
    showUserCode: () => undefined,
    showTrouble: () => undefined,
  };

  function issue(): IssuedTokens & { readonly refreshToken: string } {
    issuedSoFar += 1;
    return {
      accessToken: `access-${issuedSoFar}`,
      refreshToken: `refresh-${issuedSoFar}`,
      issuedAt: clock.now(),
      expiresAt: clock.now() + HOUR_MS,
      client: CLIENT,
    };
  }

  const browser: Flow<InteractiveConnection> = async () => {
    sent.push('browser');
    return issue();
  };

  const theService: TokenService = {
    refresh: async (_connection, { refreshToken }) => {
      sent.push(`refresh with ${refreshToken}`);
      return issue();
    },
    signOut: async (_connection, accessToken) => void sent.push(`sign out ${accessToken}`),
  };

  const refresh = ({ refreshToken = '', client = CLIENT }: IssuedTokens): Promise<IssuedTokens> =>
    service.refresh(ACME, { refreshToken, client }, new AbortController().signal);
  const signOut = ({ accessToken }: IssuedTokens): Promise<void> =>
    service.signOut(ACME, accessToken, new AbortController().signal);

  const cliToken = (): Promise<CliToken | undefined> => readCliToken(folder, KEY);
  const cliSignIn = (overrides: Partial<CliToken> = {}): CliToken => ({
    startUrl: ACME.startUrl,
    region: ACME.region,
    accessToken: 'cli-access',
    expiresAt: clock.now() + HOUR_MS,
    renewal: {
      clientId: 'cli-client',
      clientSecret: 'cli-secret',
      registrationExpiresAt: clock.now() + 24 * HOUR_MS,
      refreshToken: 'cli-refresh',
    },
    ...overrides,
  });
  /** What the AWS CLI does by itself with a token in its file. */
  const cliRefreshes = async (refreshToken: string, lifetimeMs = HOUR_MS): Promise<void> => {
    await clock.advance(60_000);
    const token = await cliToken();
    assert(token?.renewal, 'the AWS CLI has no token to refresh');
    const renewal = { ...token.renewal, refreshToken };
    const expiresAt = clock.now() + lifetimeMs;
    await writeCliToken(folder, KEY, { ...token, accessToken: `with ${refreshToken}`, expiresAt, renewal });
  };

  it('gives the AWS CLI the sign-in, with all it takes to refresh it', async () => {
    await signIn();
    assert.deepEqual(await cliToken(), {
      startUrl: ACME.startUrl,
      region: ACME.region,
      accessToken: 'access-1',
      expiresAt: Math.floor((clock.now() + HOUR_MS) / 1000) * 1000,
      renewal: {
        clientId: CLIENT.clientId,
        clientSecret: CLIENT.clientSecret,
        registrationExpiresAt: CLIENT.expiresAt,
        refreshToken: 'refresh-1',
      },
    });
  });

  it('writes nothing while it is off', async () => {
    isEnabled = false;
    await refresh(await signIn());
    assert.deepEqual(await readdir(home), []);
  });

  it('never touches the file of an AWS CLI that does not reach the Identity Center, and offers nothing of it (aws-toolkit-jetbrains#5016)', async () => {
    isReached = false;
    await mkdir(folder, { recursive: true });
    await writeCliToken(folder, KEY, cliSignIn(), new SeededRandom(2));
    const issued = await refresh(await signIn());
    await sharing.shareAll([]);
    await signOut(issued);
    assert.equal(asked, 0);
    assert.equal((await cliToken())?.accessToken, 'cli-access');
    assert.deepEqual(sent, ['browser', 'refresh with refresh-1', 'sign out access-2']);
  });

  it('leaves out a sign-in whose scopes would not do for the AWS CLI', async () => {
    await signIn(['codewhisperer:completions']);
    assert.equal(await cliToken(), undefined);
  });

  it('keeps the file up to date with every refresh', async () => {
    await refresh(await refresh(await signIn()));
    assert.equal((await cliToken())?.accessToken, 'access-3');
  });

  it('keeps no secret but in the file of the AWS CLI', async () => {
    await signIn();
    const [name = ''] = await readdir(join(home, 'records'));
    assert.doesNotMatch(await readFile(join(home, 'records', name), 'utf8'), /access-1|refresh-1|SECRET/);
    assert.deepEqual(log.events, []);
  });

  it('takes over what the AWS CLI has refreshed, instead of sending the spent token', async () => {
    const first = await signIn();
    await cliRefreshes('refresh-by-cli');
    const second = await refresh(first);
    assert.deepEqual([second.accessToken, second.refreshToken], ['with refresh-by-cli', 'refresh-by-cli']);
    assert.deepEqual(second.client, first.client);
    assert.deepEqual(sent, ['browser'], 'nothing is sent');
    await refresh(second);
    assert.deepEqual(
      sent,
      ['browser', 'refresh with refresh-by-cli'],
      'and the next refresh goes on from there',
    );
  });

  it('goes on from the refresh token of the AWS CLI when its access token is nearly over too', async () => {
    const first = await signIn();
    await clock.advance(HOUR_MS - 60_000);
    await cliRefreshes('refresh-by-cli', 5 * 60_000);
    await refresh(first);
    assert.deepEqual(sent, ['browser', 'refresh with refresh-by-cli']);
    assert.equal((await cliToken())?.accessToken, 'access-2');
  });

  it('takes over what the AWS CLI has refreshed a moment before, when the service refuses the spent token', async () => {
    const first = await signIn();
    service = sharing.service({
      ...theService,
      refresh: async () => {
        await cliRefreshes('refresh-by-cli');
        throw wireError('InvalidGrantException', { status: 400 });
      },
    });
    assert.equal((await refresh(first)).refreshToken, 'refresh-by-cli');
  });

  it('leaves a failed refresh a failure where the AWS CLI has none to offer', async () => {
    const first = await signIn();
    const failure = wireError('InvalidGrantException', { status: 400 });
    service = sharing.service({ ...theService, refresh: () => Promise.reject(failure) });
    await assert.rejects(refresh(first), (error) => error === failure);
  });

  it('takes over in a window other than the one that shared', async () => {
    const first = await signIn();
    await cliRefreshes('refresh-by-cli');
    service = window().service(theService);
    assert.equal((await refresh(first)).refreshToken, 'refresh-by-cli');
  });

  it('never takes the tokens of another session of the same connection', async () => {
    const one = await signIn();
    const two = await signIn();
    assert.equal((await refresh(one)).refreshToken, 'refresh-3');
    assert.equal((await cliToken())?.accessToken, two.accessToken, "the AWS CLI keeps the later sign-in's");
  });

  it("leaves the AWS CLI's own later sign-in alone", async () => {
    const first = await signIn();
    const own = cliSignIn();
    await writeCliToken(folder, KEY, own);
    await signOut(first);
    assert.equal((await cliToken())?.accessToken, own.accessToken);
  });

  it('takes the sign-in from the AWS CLI at sign-out', async () => {
    const first = await signIn();
    await signOut(first);
    assert.deepEqual(await readdir(folder), []);
    assert.deepEqual(sent, ['browser', 'sign out access-1']);
  });

  it('takes the credentials of roles with it, which the AWS CLI would use for hours', async () => {
    const cached = join(home, 'roles', 'role.json');
    await mkdir(join(home, 'roles'));
    await writeFile(cached, JSON.stringify({ ProviderType: 'sso', Credentials: {} }));
    const issued = await signIn();
    await refresh(issued);
    assert.deepEqual(await readdir(join(home, 'roles')), ['role.json']);
    await signOut({ ...issued, accessToken: 'of another session' });
    assert.deepEqual(await readdir(join(home, 'roles')), ['role.json']);
    await signOut(await signIn());
    assert.deepEqual(await readdir(join(home, 'roles')), []);
  });

  it('takes it also when the AWS CLI has refreshed it meanwhile', async () => {
    const first = await signIn();
    await cliRefreshes('refresh-by-cli');
    await signOut(first);
    assert.deepEqual(await readdir(folder), []);
  });

  it('shares the sessions there are when it is turned on, and takes them back when it is turned off', async () => {
    isEnabled = false;
    const tokens = { ...(await signIn()), signedInAt: clock.now(), generation: 1 };
    const state = { kind: 'signedIn', issuedAt: 0, expiresAt: tokens.expiresAt, refreshable: true } as const;
    const account = { id: 'acme', label: 'acme' };
    const session = { id: 'id', account, connection: ACME, scopes: [], signedInAt: 0, generation: 1, state };
    isEnabled = true;
    await sharing.shareAll([{ session, tokens }]);
    assert.equal((await cliToken())?.accessToken, 'access-1');
    await sharing.unshareAll([{ session, tokens }]);
    assert.equal(await cliToken(), undefined);
  });

  it("uses the AWS CLI's sign-in without a browser where the person wants that", async () => {
    await writeCliToken(folder, KEY, cliSignIn());
    const { accessToken, refreshToken, client, expiresAt } = await signIn();
    assert.deepEqual(
      [accessToken, refreshToken, client?.clientId],
      ['cli-access', 'cli-refresh', 'cli-client'],
    );
    assert.equal(expiresAt, Math.floor((clock.now() + HOUR_MS) / 1000) * 1000);
    assert.deepEqual(sent, []);
  });

  it("keeps the AWS CLI's file up to date after its sign-in was taken over", async () => {
    await writeCliToken(folder, KEY, cliSignIn());
    await refresh(await signIn());
    const token = await cliToken();
    assert.deepEqual([token?.accessToken, sent], ['access-1', ['refresh with cli-refresh']]);
  });

  it("follows the AWS CLI's refreshes after its sign-in was taken over, even while sharing is off", async () => {
    isEnabled = false;
    await writeCliToken(folder, KEY, cliSignIn());
    const first = await signIn();
    await cliRefreshes('refresh-by-cli');
    assert.equal((await refresh(first)).refreshToken, 'refresh-by-cli');
    assert.deepEqual(sent, []);
  });

  it('opens the browser when the person does not want it', async () => {
    isWanted = false;
    await writeCliToken(folder, KEY, cliSignIn());
    await signIn();
    assert.deepEqual([asked, sent], [1, ['browser']]);
  });

  const useless: readonly (readonly [why: string, overrides: Partial<CliToken>])[] = [
    ['has expired', { expiresAt: 0 }],
    ['is for another region', { region: 'us-east-1' }],
    ['is for another start URL', { startUrl: 'https://other.awsapps.com/start' }],
  ];
  for (const [why, overrides] of useless) {
    it(`does not offer a sign-in that ${why}`, async () => {
      await writeCliToken(folder, KEY, cliSignIn(overrides));
      await signIn();
      assert.deepEqual([asked, sent], [0, ['browser']]);
    });
  }

  it('does not offer what it has itself given to the AWS CLI', async () => {
    await signIn();
    await signIn();
    assert.deepEqual([asked, sent], [0, ['browser', 'browser']]);
  });

  it('does not offer a token of other scopes than were asked for', async () => {
    await writeCliToken(folder, KEY, cliSignIn());
    await signIn([DEFAULT_SCOPE, 'codewhisperer:completions']);
    assert.equal(asked, 0);
  });

  it('never fails a sign-in, a refresh or a sign-out: the disk may', async () => {
    await writeFile(folder, 'a file where the folder should be');
    await mkdir(join(home, 'records', cliCacheFileName(KEY)), { recursive: true });
    await signOut(await refresh(await signIn()));
    assert.deepEqual(sent, ['browser', 'refresh with refresh-1', 'sign out access-2']);
    assert(log.events.length > 0, 'it is in the log');
  });
});
