import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { cliCacheFileName, writeCliToken } from '../../../../src/awsCli/files/cliCache.ts';
import { listen } from '../../../support/listen.ts';
import type { Listening } from '../../../support/listen.ts';
import { findAwsCli } from '../../support/awsCli.ts';

const run = promisify(execFile);

const CONFIG = `[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
[profile dev]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = Admin
region = eu-west-1
`;

const roleCredentials = {
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'session',
  expiration: Date.UTC(2100, 0),
};
const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
  <Arn>arn:aws:sts::123456789012:assumed-role/Admin/me</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;

describe('the AWS CLI, where it is installed,', function () {
  this.timeout(60_000);
  const requests: string[] = [];
  let server: Listening;
  let home: string;

  /** The three services the command calls: sso-oidc, the portal and STS. */
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const bearer = request.headers['x-amz-sso_bearer_token'];
    if (request.url === '/token') {
      const { grantType, refreshToken, clientId } = JSON.parse(body) as Record<string, string>;
      requests.push(`renews ${refreshToken} of ${clientId} by ${grantType}`);
      response.end(JSON.stringify({ accessToken: 'renewed', tokenType: 'Bearer', expiresIn: 3600 }));
    } else if (bearer === undefined) {
      response.end(IDENTITY);
    } else {
      requests.push(`uses ${String(bearer)}`);
      response.end(JSON.stringify({ roleCredentials }));
    }
  };

  before(async function () {
    if ((await findAwsCli()) === undefined) {
      this.skip();
    }
    home = await mkdtemp(join(tmpdir(), 'aws-cli-'));
    server = await listen(createServer((request, response) => void answer(request, response)));
  });

  after(async () => {
    await server?.close();
    if (home !== undefined) {
      await rm(home, { recursive: true });
    }
  });

  /** Runs a command of the AWS CLI that needs credentials, with a token that lives so long. */
  const callWith = async (lifetimeMs: number): Promise<readonly string[]> => {
    requests.length = 0;
    // What version 2 has obtained before, it would use again.
    await rm(join(home, '.aws', 'cli'), { recursive: true, force: true });
    await writeCliToken(join(home, '.aws', 'sso', 'cache'), cliCacheFileName('acme'), {
      startUrl: 'https://acme.awsapps.com/start',
      region: 'eu-west-1',
      accessToken: 'ours',
      expiresAt: Date.now() + lifetimeMs,
      renewal: {
        clientId: 'client',
        clientSecret: 'secret',
        registrationExpiresAt: Date.now() + 90 * 24 * 3600 * 1000,
        refreshToken: 'refresh',
      },
    });
    await writeFile(join(home, '.aws', 'config'), CONFIG);
    const { port } = server;
    const env = {
      ...process.env,
      HOME: home,
      USERPROFILE: home,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      NO_PROXY: '127.0.0.1',
    };
    const { stdout } = await run('aws', ['sts', 'get-caller-identity', '--profile', 'dev'], { env });
    assert.match(stdout, /assumed-role\/Admin/);
    return requests;
  };

  it('uses the token that was written for it', async () => {
    assert.deepEqual(await callWith(3600_000), ['uses ours']);
  });

  it('can renew the token that was written for it', async () => {
    assert.deepEqual(await callWith(60_000), ['renews refresh of client by refresh_token', 'uses renewed']);
  });
});
