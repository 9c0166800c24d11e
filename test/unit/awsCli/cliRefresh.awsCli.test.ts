import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CliSharing } from '../../../src/awsCli/cliSharing.ts';
import { BoundedQueue } from '../../../src/common/boundedQueue.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { systemRandom } from '../../../src/common/random.ts';
import { cliCacheFileName, readCliFile } from '../../../src/awsCli/files/cliCache.ts';
import type { CliToken } from '../../../src/awsCli/files/cliCache.ts';
import { deviceCodeFlow } from '../../../src/flows/deviceCode/deviceCode.ts';
import { refreshTokens } from '../../../src/flows/refreshToken.ts';
import type { IssuedTokens } from '../../../src/flows/tokens.ts';
import { DiskIndexFile } from '../../../src/sessions/store/indexFile.ts';
import { RefreshHeldError } from '../../../src/sessions/tokenService.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter } from '../../identity-center/server.ts';
import type { User } from '../../identity-center/users.ts';
import { flowContext, oidcClient, scriptedUser, SCOPES } from '../flows/support.ts';
import { findAwsCliModules, runAwsCliModules } from '../support/awsCli.ts';
import { RecordingLog } from '../support/sessions.ts';
import { keptSession } from './support.ts';

const ALICE = 'alice';
const BOB = 'bob';
const user: Omit<User, 'id'> = { name: 'A User', email: 'user@example.com', assignments: [] };
/** So short that the AWS CLI refreshes a token whenever it uses it. */
const SHORT_S = 600;

describe("the AWS CLI 2's own sign-in and refresh, where it is installed,", function () {
  this.timeout(60_000);
  let python: string;
  let home: string;
  let identityCenter: IdentityCenter;
  let sharing: CliSharing;
  let isEnabled: boolean;
  let isSameUser: boolean;
  const { signal } = new AbortController();

  before(async function () {
    const found = await findAwsCliModules();
    if (found === undefined) {
      this.skip();
    }
    python = found;
  });

  const open = async (accessTokenTtlSeconds: number): Promise<void> => {
    home = await mkdtemp(join(tmpdir(), 'aws-cli-refresh-'));
    identityCenter = await startIdentityCenter({
      accessTokenTtlSeconds,
      // The AWS CLI asks twice at once, and at another interval would wait six seconds then.
      intervalSeconds: 0,
      users: [
        { ...user, id: ALICE },
        { ...user, id: BOB },
      ],
    });
    await mkdir(join(home, '.aws'));
    const { startUrl, region } = identityCenter.connection;
    await writeFile(
      join(home, '.aws', 'config'),
      `[sso-session acme]\nsso_start_url = ${startUrl}\nsso_region = ${region}\n[profile dev]\nsso_session = acme\n`,
    );
    isEnabled = false;
    isSameUser = false;
    sharing = new CliSharing({
      folder: join(home, '.aws', 'sso', 'cache'),
      roleCredentialsFolder: join(home, '.aws', 'cli', 'cache'),
      keysOf: async () => [{ cacheKey: 'acme', startUrl, scopes: SCOPES }],
      recordFile: (name) => new DiskIndexFile(join(home, 'records', name), systemClock, systemRandom),
      recordNames: async () => [],
      isEnabled: () => isEnabled,
      questions: {
        use: async () => true,
        isSameUser: async () => isSameUser,
        replace: async () => false,
        remove: async () => false,
      },
      disk: new BoundedQueue(systemClock, 5000),
      clock: systemClock,
      random: systemRandom,
      log: new RecordingLog(),
    });
  };

  afterEach(async () => {
    await identityCenter?.close();
    if (home !== undefined) {
      await rm(home, { recursive: true, maxRetries: 3 });
    }
  });

  const runCli = (command: string, onLine?: (line: string) => void): Promise<string> => {
    const { startUrl, region } = identityCenter.connection;
    const args = [command, identityCenter.url, region, startUrl, 'acme', ...SCOPES];
    return runAwsCliModules(python, args, { ...process.env, HOME: home, NO_PROXY: '127.0.0.1' }, onLine);
  };
  const cliToken = async (): Promise<CliToken> => {
    const content = await readCliFile(join(home, '.aws', 'sso', 'cache'), cliCacheFileName('acme'));
    assert(content.kind === 'token', 'the AWS CLI is not signed in');
    return content.token;
  };
  const cliSignsIn = async (id: string): Promise<CliToken> => {
    await runCli('login', (code) => void identityCenter.approve(code, id));
    return cliToken();
  };
  /** What the AWS CLI uses when it calls AWS; it refreshes that before, when it is time. */
  const cliUses = (): Promise<string> => runCli('refresh');

  const takeOver = (): Promise<IssuedTokens> =>
    sharing.flow(() => assert.fail('no browser is needed'))(
      identityCenter.connection,
      SCOPES,
      scriptedUser({}),
      signal,
    );
  const service = () =>
    sharing.service({
      refresh: async (_connection, renewal) => {
        assert('client' in renewal);
        const oidc = oidcClient(identityCenter.connection);
        return refreshTokens({ oidc, clock: systemClock }, renewal, signal);
      },
      signOut: async (_connection, accessToken) => identityCenter.revokeSession(accessToken),
    });
  const refresh = ({ refreshToken, client }: IssuedTokens): Promise<IssuedTokens> => {
    assert(refreshToken !== undefined && client !== undefined, 'the session cannot be refreshed');
    return service().refresh(identityCenter.connection, { refreshToken, client }, signal);
  };
  const assertActive = async (...tokens: readonly string[]): Promise<void> => {
    for (const token of tokens) {
      assert.ok(await identityCenter.isTokenActive(token), 'it lives');
    }
  };

  it('continues beside ours, each updated with what the other has refreshed, with sharing off (aws-cli#9632)', async () => {
    await open(SHORT_S);
    await cliSignsIn(ALICE);
    const second = await refresh(await takeOver());
    const used = await cliUses();
    assert.notEqual(used, second.accessToken, 'the AWS CLI has refreshed what we had given it');
    isSameUser = true;
    const answered = new Promise((resolve) => sharing.onDidAnswer(resolve));
    await assert.rejects(refresh(second), RefreshHeldError);
    await answered;
    const third = await refresh(second);
    await assertActive(third.accessToken, await cliUses());
  });

  it('never makes our session that of the user who has signed in there since', async () => {
    await open(3600);
    const alice = await cliSignsIn(ALICE);
    const first = await takeOver();
    const bob = await cliSignsIn(BOB);
    assert.equal(bob.renewal?.clientId, alice.renewal?.clientId, 'with the client it had registered');
    const second = await refresh(first);
    assert.notEqual(second.accessToken, bob.accessToken);
    await assertActive(second.accessToken, bob.accessToken);
    assert.deepEqual(await cliToken(), bob);
    await service().signOut(identityCenter.connection, second.accessToken, signal);
    assert.deepEqual(await cliToken(), bob, 'and our sign-out leaves it');
    await assertActive(await cliUses());
  });

  it('is asked about where a refresh was possible as well', async () => {
    await open(SHORT_S);
    await cliSignsIn(ALICE);
    const first = await takeOver();
    const bob = await cliSignsIn(BOB);
    const answered = new Promise((resolve) => sharing.onDidAnswer(resolve));
    await assert.rejects(refresh(first), RefreshHeldError);
    await answered;
    const second = await refresh(first);
    await assertActive(second.accessToken, bob.accessToken);
    assert.deepEqual(await cliToken(), bob);
  });

  it('is followed without a question where the sign-in was shared from here', async () => {
    await open(SHORT_S);
    isEnabled = true;
    const { connection } = identityCenter;
    const approving = scriptedUser({ showUserCode: ({ userCode }) => void identityCenter.approve(userCode) });
    const first = await sharing.flow(deviceCodeFlow(flowContext()))(connection, SCOPES, approving, signal);
    await sharing.share(keptSession(connection, first, SCOPES).read);
    const used = await cliUses();
    assert.notEqual(used, first.accessToken, 'the AWS CLI has refreshed it');
    const second = await refresh(first);
    await assertActive(second.accessToken, await cliUses());
  });

  it('never makes our shared session that of the user who has signed in there since', async () => {
    await open(SHORT_S);
    isEnabled = true;
    const { connection } = identityCenter;
    const approving = scriptedUser({ showUserCode: ({ userCode }) => void identityCenter.approve(userCode) });
    const first = await sharing.flow(deviceCodeFlow(flowContext()))(connection, SCOPES, approving, signal);
    await sharing.share(keptSession(connection, first, SCOPES).read);
    const bob = await cliSignsIn(BOB);
    assert.notEqual(bob.renewal?.clientId, first.client?.clientId, 'its client is its own');
    const second = await refresh(first);
    await assertActive(second.accessToken, bob.accessToken);
    assert.deepEqual(await cliToken(), bob);
  });
});
