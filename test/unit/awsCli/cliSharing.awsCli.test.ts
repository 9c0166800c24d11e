import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { BoundedQueue } from '../../../src/common/boundedQueue.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { systemRandom } from '../../../src/common/random.ts';
import { cliCacheFileName, readCliFile } from '../../../src/awsCli/files/cliCache.ts';
import { deviceCodeFlow } from '../../../src/flows/deviceCode/deviceCode.ts';
import { refreshTokens } from '../../../src/flows/refreshToken.ts';
import type { IssuedTokens } from '../../../src/flows/tokens.ts';
import { DiskIndexFile } from '../../../src/sessions/store/indexFile.ts';
import type { TokenService } from '../../../src/sessions/tokenService.ts';
import { CliSharing } from '../../../src/awsCli/cliSharing.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter } from '../../identity-center/server.ts';
import { flowContext, oidcClient, scriptedUser, SCOPES } from '../flows/support.ts';
import { findAwsCli } from '../support/awsCli.ts';
import type { AwsCliVersion } from '../support/awsCli.ts';
import { RecordingLog } from '../support/sessions.ts';
import { keptSession } from './support.ts';

const run = promisify(execFile);
const USER_CODE = /[A-Z0-9]{4}-[A-Z0-9]{4}/;

describe('sharing with the AWS CLI, where it is installed,', function () {
  this.timeout(60_000);
  let home: string;
  let identityCenter: IdentityCenter;
  let sharing: CliSharing;
  let service: TokenService;
  let isOfferExpected = false;
  let version: AwsCliVersion | undefined;
  const log = new RecordingLog();
  const { signal } = new AbortController();

  before(async function () {
    version = await findAwsCli();
    if (version === undefined) {
      this.skip();
    }
    home = await mkdtemp(join(tmpdir(), 'aws-cli-sharing-'));
    // So short that the AWS CLI refreshes a token the moment it uses it.
    identityCenter = await startIdentityCenter({ accessTokenTtlSeconds: 600 });
    await mkdir(join(home, '.aws'));
    const { startUrl, region } = identityCenter.connection;
    await writeFile(
      join(home, '.aws', 'config'),
      `[sso-session acme]\nsso_start_url = ${startUrl}\nsso_region = ${region}\nsso_registration_scopes = ${SCOPES.join()}
       \n[profile dev]\nsso_session = acme\nsso_account_id = 111122223333\nsso_role_name = ReadOnlyAccess\nregion = ${region}\n`,
    );
    sharing = new CliSharing({
      folder: join(home, '.aws', 'sso', 'cache'),
      roleCredentialsFolder: join(home, '.aws', 'cli', 'cache'),
      keysOf: async () => [{ cacheKey: 'acme', startUrl, scopes: SCOPES }],
      recordFile: (name) => new DiskIndexFile(join(home, 'records', name), systemClock, systemRandom),
      recordNames: async () => [],
      isEnabled: () => true,
      questions: {
        use: async () => isOfferExpected || assert.fail('nothing should be offered'),
        isSameUser: async () => assert.fail('a refresh of the AWS CLI is known as one'),
        replace: async () => assert.fail('nothing should be replaced'),
        remove: async () => assert.fail('nothing should be removed'),
      },
      disk: new BoundedQueue(systemClock, 5000),
      clock: systemClock,
      random: systemRandom,
      log,
    });
    service = sharing.service({
      refresh: async (_connection, renewal) => {
        assert('client' in renewal);
        return refreshTokens(
          { oidc: oidcClient(identityCenter.connection), clock: systemClock },
          renewal,
          signal,
        );
      },
      signOut: async () => undefined,
    });
  });

  after(async () => {
    await identityCenter?.close();
    if (home !== undefined) {
      await rm(home, { recursive: true });
    }
  });

  const signIn = async (): Promise<IssuedTokens> => {
    const { connection } = identityCenter;
    const approving = scriptedUser({ showUserCode: ({ userCode }) => void identityCenter.approve(userCode) });
    const issued = await sharing.flow(deviceCodeFlow(flowContext()))(connection, SCOPES, approving, signal);
    await sharing.share(keptSession(connection, issued, SCOPES).read);
    return issued;
  };
  const refresh = ({ refreshToken, client }: IssuedTokens): Promise<IssuedTokens> => {
    assert(refreshToken !== undefined && client !== undefined, 'the session cannot be refreshed');
    return service.refresh(identityCenter.connection, { refreshToken, client }, signal);
  };

  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    HOME: home,
    USERPROFILE: home,
    AWS_ENDPOINT_URL: identityCenter.url,
    NO_PROXY: '127.0.0.1',
    PYTHONUNBUFFERED: '1',
  });

  /** A command that needs credentials, and so the sign-in. */
  const callAws = async (): Promise<string> => {
    const { stdout } = await run('aws', ['sts', 'get-caller-identity', '--profile', 'dev'], {
      env: environment(),
    });
    return stdout;
  };

  /** Signs in with the AWS CLI itself, and approves the code it prints. */
  const signInWithAws = async (options: readonly string[]): Promise<void> => {
    const aws = spawn('aws', ['sso', 'login', '--sso-session', 'acme', '--no-browser', ...options], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(aws, 'exit');
    let printed = '';
    aws.stdout.on('data', (chunk) => {
      const wasThere = USER_CODE.test(printed);
      printed += String(chunk);
      const [code] = USER_CODE.exec(printed) ?? [];
      if (code !== undefined && !wasThere) {
        void identityCenter.approve(code);
      }
    });
    assert.deepEqual(await ended, [0, null], printed);
  };

  it('lets it in, and goes on where it has refreshed by itself, at a service that takes no token twice', async () => {
    const first = await signIn();
    assert.match(await callAws(), /assumed-role\/AWSReservedSSO_ReadOnlyAccess_/);
    const its = await readCliFile(join(home, '.aws', 'sso', 'cache'), cliCacheFileName('acme'));
    assert(its.kind === 'token');
    assert.notEqual(its.token.accessToken, first.accessToken, 'the AWS CLI has refreshed the token');
    const second = await refresh(first);
    assert(await identityCenter.isTokenActive(second.accessToken), 'the session lives');
    assert.match(await callAws(), /assumed-role\/AWSReservedSSO_ReadOnlyAccess_/);
    const third = await refresh(second);
    assert(await identityCenter.isTokenActive(third.accessToken), 'and lives on');
    assert.deepEqual(log.events, []);
  });

  it('locks it out at sign-out', async () => {
    const { accessToken } = await signIn();
    await service.signOut(identityCenter.connection, accessToken, signal);
    await assert.rejects(callAws(), /sso login|SSO/i);
  });

  it('is itself a sign-in to go on with, and no browser opens', async function () {
    if (version?.major !== 2) {
      this.skip();
    }
    // The first version with another way to sign in, and with an option for this one.
    await signInWithAws(version.minor >= 22 ? ['--use-device-code'] : []);
    isOfferExpected = true;
    const withoutBrowser = sharing.flow(() => assert.fail('the browser is not needed'));
    const { connection } = identityCenter;
    const issued = await withoutBrowser(connection, SCOPES, scriptedUser({}), signal);
    assert(await identityCenter.isTokenActive(issued.accessToken));
    const second = await refresh(issued);
    assert(await identityCenter.isTokenActive(second.accessToken));
    assert.match(await callAws(), /assumed-role\/AWSReservedSSO_ReadOnlyAccess_/);
  });
});
