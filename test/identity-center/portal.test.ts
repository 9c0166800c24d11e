import assert from 'node:assert/strict';
import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
} from '@aws-sdk/client-sso';
import { SdkClient } from './sdk.ts';
import type { IdentityCenter } from './server.ts';
import { startIdentityCenter } from './server.ts';

const UNAUTHORIZED = { name: 'UnauthorizedException', $metadata: { httpStatusCode: 401 } };

describe("the embedded Identity Center's portal, as AWS's SDK sees it", () => {
  let center: IdentityCenter;
  let client: SdkClient;
  let accessToken: string;
  let refreshToken: string;

  beforeEach(async () => {
    center = await startIdentityCenter();
    client = await SdkClient.register(center);
    ({ accessToken, refreshToken } = await client.signIn(center));
  });

  afterEach(async () => {
    client.dispose();
    await center.close();
  });

  it('lists the accounts of the person, page by page', async () => {
    const first = await client.portal.send(new ListAccountsCommand({ accessToken, maxResults: 1 }));
    assert.deepEqual(first.accountList, [
      { accountId: '111122223333', accountName: 'production', emailAddress: 'aws+production@example.com' },
    ]);
    const { nextToken } = first;
    const second = await client.portal.send(
      new ListAccountsCommand({ accessToken, maxResults: 1, nextToken }),
    );
    assert.deepEqual(
      second.accountList?.map(({ accountName }) => accountName),
      ['sandbox'],
    );
    assert.equal(second.nextToken, undefined);
  });

  it('lists the roles in an account and gives credentials for one', async () => {
    const accountId = '111122223333';
    const { roleList } = await client.portal.send(new ListAccountRolesCommand({ accessToken, accountId }));
    assert.deepEqual(roleList, [{ accountId, roleName: 'ReadOnlyAccess' }]);
    const { roleCredentials } = await client.portal.send(
      new GetRoleCredentialsCommand({ accessToken, accountId, roleName: 'ReadOnlyAccess' }),
    );
    assert.match(roleCredentials?.accessKeyId ?? '', /^ASIA[0-9A-F]{16}$/);
    assert.match(roleCredentials?.secretAccessKey ?? '', /./);
    assert.match(roleCredentials?.sessionToken ?? '', /./);
    assert.ok((roleCredentials?.expiration ?? 0) > Date.now(), 'expires in the future, in milliseconds');
  });

  it('finds neither foreign accounts nor foreign roles, and refuses a page size out of range', async () => {
    await assert.rejects(
      client.portal.send(new ListAccountRolesCommand({ accessToken, accountId: '000000000000' })),
      (error: Error) => error.name === 'ResourceNotFoundException',
    );
    await assert.rejects(
      client.portal.send(
        new GetRoleCredentialsCommand({ accessToken, accountId: '111122223333', roleName: 'Nobody' }),
      ),
      (error: Error) => error.name === 'ResourceNotFoundException',
    );
    await assert.rejects(
      client.portal.send(new ListAccountsCommand({ accessToken, maxResults: 1000 })),
      (error: Error) => error.name === 'InvalidRequestException',
    );
  });

  it('answers Unauthorized to a token it does not know', async () => {
    await assert.rejects(
      client.portal.send(new ListAccountsCommand({ accessToken: 'made-up' })),
      (error: { name?: string; $metadata?: { httpStatusCode?: number } }) => {
        assert.equal(error.name, UNAUTHORIZED.name);
        assert.equal(error.$metadata?.httpStatusCode, 401);
        return true;
      },
    );
  });

  it('answers Unauthorized to a token without account access', async () => {
    const other = await SdkClient.register(center, { scopes: ['openid'] });
    const tokens = await other.signIn(center);
    await assert.rejects(other.portal.send(new ListAccountsCommand({ accessToken: tokens.accessToken })), {
      name: UNAUTHORIZED.name,
    });
    other.dispose();
  });

  it('ends the whole session at logout', async () => {
    await client.portal.send(new LogoutCommand({ accessToken }));
    await assert.rejects(client.portal.send(new ListAccountsCommand({ accessToken })), {
      name: UNAUTHORIZED.name,
    });
    await assert.rejects(client.portal.send(new LogoutCommand({ accessToken })), { name: UNAUTHORIZED.name });
    await assert.rejects(client.refresh(refreshToken), { name: 'InvalidGrantException' });
  });
});
