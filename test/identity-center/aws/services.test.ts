import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { paginateListBuckets, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetRoleCredentialsCommand } from '@aws-sdk/client-sso';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';

import { findAwsCli } from '../../unit/support/awsCli.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { present, SdkClient } from '../sdk.ts';
import { startIdentityCenter } from '../server.ts';
import type { IdentityCenter } from '../server.ts';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const ROLE = { accountId: '444455556666', roleName: 'PowerUserAccess' };
const TTL_SECONDS = 120;

/** What the AWS CLI prints, with these credentials and nothing else in its environment. */
async function aws(keys: Keys, endpoint: string, ...args: readonly string[]): Promise<unknown> {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    AWS_ENDPOINT_URL: endpoint,
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
  };
  const { stdout } = await promisify(execFile)('aws', [...args, '--output', 'json'], { env });
  return JSON.parse(stdout) as unknown;
}

describe("the embedded AWS services, as AWS's own tools see them,", () => {
  const clock = new VirtualClock(Date.now());
  let center: IdentityCenter;
  let client: SdkClient;
  let accessToken: string;

  before(async () => {
    center = await startIdentityCenter({
      clock,
      region: 'eu-central-1',
      roleCredentialsTtlSeconds: TTL_SECONDS,
    });
    client = await SdkClient.register(center);
    ({ accessToken } = await client.signIn(center));
  });
  after(async () => {
    client.dispose();
    await center.close();
  });

  async function keysOf(role = ROLE, token = accessToken): Promise<Keys> {
    const command = new GetRoleCredentialsCommand({ accessToken: token, ...role });
    const { accessKeyId, secretAccessKey, sessionToken } = present(
      (await client.portal.send(command)).roleCredentials,
    );
    return {
      accessKeyId: present(accessKeyId),
      secretAccessKey: present(secretAccessKey),
      sessionToken: present(sessionToken),
    };
  }

  const configuration = (credentials: Keys) => ({
    region: 'eu-central-1',
    endpoint: center.url,
    maxAttempts: 1,
    credentials,
  });

  async function identity(keys: Keys) {
    const sts = new STSClient(configuration(keys));
    try {
      return await sts.send(new GetCallerIdentityCommand({}));
    } finally {
      sts.destroy();
    }
  }

  async function buckets(keys: Keys) {
    const s3 = new S3Client(configuration(keys));
    try {
      return (await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name);
    } finally {
      s3.destroy();
    }
  }

  it('tell whose credentials a request is signed with', async () => {
    const { Account, Arn, UserId, $metadata } = await identity(await keysOf());
    assert.equal(Account, '444455556666');
    assert.match(
      present(Arn),
      /^arn:aws:sts::444455556666:assumed-role\/AWSReservedSSO_PowerUserAccess_[\da-f]{16}\/jane@example\.com$/,
    );
    assert.match(present(UserId), /^AROA[\dA-F]{16}:jane@example\.com$/);
    assert.equal($metadata.requestId, center.requests.records.at(-1)?.requestId);
  });

  it("list the account's buckets, page by page where that is asked for", async () => {
    const keys = await keysOf();
    assert.deepEqual(await buckets(keys), ['assets-444455556666', 'logs-444455556666']);
    const s3 = new S3Client(configuration(keys));
    const pages: (string | undefined)[][] = [];
    for await (const { Buckets } of paginateListBuckets({ client: s3 }, { MaxBuckets: 1 })) {
      pages.push(present(Buckets).map(({ Name }) => Name));
    }
    s3.destroy();
    assert.deepEqual(pages, [['assets-444455556666'], ['logs-444455556666']]);
  });

  it('give each role credentials of its own', async () => {
    const production = await keysOf({ accountId: '111122223333', roleName: 'ReadOnlyAccess' });
    assert.equal((await identity(production)).Account, '111122223333');
    assert.deepEqual(await buckets(production), ['assets-111122223333', 'logs-111122223333']);
  });

  for (const [what, change, sts, s3] of [
    ['another secret', { secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch', 'SignatureDoesNotMatch'],
    ['an unknown key', { accessKeyId: 'ASIAUNKNOWN' }, 'InvalidClientTokenId', 'InvalidAccessKeyId'],
    ['another session token', { sessionToken: 'another' }, 'InvalidClientTokenId', 'InvalidToken'],
  ] as const) {
    it(`refuse ${what}, each in its own words`, async () => {
      const keys = { ...(await keysOf()), ...change };
      await assert.rejects(identity(keys), { name: sts });
      await assert.rejects(buckets(keys), { name: s3 });
    });
  }

  it('refuse credentials once they have ended', async () => {
    const keys = await keysOf();
    clock.setAhead(TTL_SECONDS * 1000 - 1);
    assert.equal((await identity(keys)).Account, '444455556666');
    clock.setAhead(1);
    await assert.rejects(identity(keys), { name: 'ExpiredToken' });
    await assert.rejects(buckets(keys), { name: 'ExpiredToken' });
    clock.setBack(TTL_SECONDS * 1000);
  });

  it('accept credentials to their end, also after the sign-in they came from has ended', async () => {
    const other = await client.signIn(center);
    const keys = await keysOf(ROLE, other.accessToken);
    await center.revokeSession(other.accessToken);
    assert.equal((await identity(keys)).Account, '444455556666');
  });

  it('refuse what is not signed, and operations they lack', async () => {
    const unsigned = await fetch(`${center.url}/`);
    assert.deepEqual(
      [unsigned.status, /<Code>(\w+)</.exec(await unsigned.text())?.[1]],
      [403, 'AccessDenied'],
    );
    const body = 'Action=GetCallerIdentity&Version=2011-06-15';
    const sts = await fetch(`${center.url}/?${body}`);
    assert.match(await sts.text(), /<Type>Sender<\/Type><Code>MissingAuthenticationToken</);
    const client = new STSClient(configuration(await keysOf()));
    await assert.rejects(client.send(new GetSessionTokenCommand({})), { name: 'InvalidAction' });
    client.destroy();
  });

  describe('by the AWS CLI', function () {
    this.timeout(30_000);
    before(async function () {
      if ((await findAwsCli()) === undefined) this.skip();
    });

    it('say who asks', async () => {
      const { Account } = (await aws(await keysOf(), center.url, 'sts', 'get-caller-identity')) as {
        readonly Account: string;
      };
      assert.equal(Account, '444455556666');
    });

    it('list buckets', async () => {
      const { Buckets } = (await aws(await keysOf(), center.url, 's3api', 'list-buckets')) as {
        readonly Buckets: { Name: string }[];
      };
      assert.deepEqual(
        Buckets.map(({ Name }) => Name),
        ['assets-444455556666', 'logs-444455556666'],
      );
    });
  });
});
