import assert from 'node:assert/strict';
import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  paginateListAccountRoles,
  paginateListAccounts,
} from '@aws-sdk/client-sso';
import type {
  GetRoleCredentialsCommandOutput,
  ListAccountsCommandOutput,
  SSOServiceException,
} from '@aws-sdk/client-sso';
import { VirtualClock } from '../../support/virtualClock.ts';
import { manyAssignments } from '../assignments.ts';
import { present, SdkClient } from '../sdk.ts';
import type { IdentityCenter, IdentityCenterOptions } from '../server.ts';
import { startIdentityCenter } from '../server.ts';

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

  it('lists the accounts of the user, page by page', async () => {
    const names: (string | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page: ListAccountsCommandOutput = await client.portal.send(
        new ListAccountsCommand({ accessToken, maxResults: 2, nextToken }),
      );
      names.push(...present(page.accountList).map(({ accountName }) => accountName));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    assert.deepEqual(names, ['production', 'staging', 'sandbox']);
  });

  it('lists accounts with their names and email addresses', async () => {
    const { accountList } = await client.portal.send(new ListAccountsCommand({ accessToken }));
    assert.deepEqual(accountList?.[0], {
      accountId: '111122223333',
      accountName: 'production',
      emailAddress: 'aws+production@example.com',
    });
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

  it('has "No access" for accounts and roles that are not assigned, as the service does (aws-sam-cli#2129)', async () => {
    for (const role of [
      { accountId: '111122223333', roleName: 'Nobody' },
      { accountId: '000000000000', roleName: 'ReadOnlyAccess' },
    ]) {
      await assert.rejects(client.portal.send(new GetRoleCredentialsCommand({ accessToken, ...role })), {
        name: 'ForbiddenException',
        message: 'No access',
      });
    }
  });

  it('finds no foreign account, and refuses a page size out of range and a token of another list', async () => {
    await assert.rejects(
      client.portal.send(new ListAccountRolesCommand({ accessToken, accountId: '000000000000' })),
      { name: 'ResourceNotFoundException' },
    );
    for (const maxResults of [0, 101, 1.5]) {
      await assert.rejects(client.portal.send(new ListAccountsCommand({ accessToken, maxResults })), {
        name: 'InvalidRequestException',
      });
    }
    const { nextToken } = await client.portal.send(new ListAccountsCommand({ accessToken, maxResults: 1 }));
    await assert.rejects(
      client.portal.send(
        new ListAccountRolesCommand({
          accessToken,
          accountId: '444455556666',
          nextToken: present(nextToken),
        }),
      ),
      { name: 'InvalidRequestException' },
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

/** One of these, and somebody who is signed in to it. */
async function signIn(options: IdentityCenterOptions) {
  const center = await startIdentityCenter(options);
  const client = await SdkClient.register(center);
  const { accessToken } = await client.signIn(center);
  return {
    center,
    accessToken,
    portal: client.portal,
    async [Symbol.asyncDispose](): Promise<void> {
      client.dispose();
      await center.close();
    },
  };
}

describe("the embedded Identity Center's portal, set up differently,", () => {
  it('has as many accounts and roles as it is given, in pages of 100 at most', async () => {
    await using signedIn = await signIn({ portalRate: { perSecond: 1000, burst: 1000 } });
    const { center, accessToken, portal } = signedIn;
    center.assign(manyAssignments(1000, 120));
    const ids = new Set<string | undefined>();
    let pages = 0;
    for await (const { accountList } of paginateListAccounts({ client: portal }, { accessToken })) {
      pages += 1;
      present(accountList).forEach(({ accountId }) => ids.add(accountId));
    }
    assert.deepEqual([pages, ids.size], [10, 1000]);
    const roles = new Set<string | undefined>();
    const accountId = [...ids][999];
    for await (const { roleList } of paginateListAccountRoles(
      { client: portal },
      { accessToken, accountId },
    )) {
      present(roleList).forEach(({ roleName }) => roles.add(roleName));
    }
    assert.equal(roles.size, 120);
  });

  it('lets an administrator change what is assigned while it runs', async () => {
    await using signedIn = await signIn({});
    const { center, accessToken, portal } = signedIn;
    const role = { accountId: '111122223333', roleName: 'ReadOnlyAccess' };
    await portal.send(new GetRoleCredentialsCommand({ accessToken, ...role }));
    center.assign([]);
    const { accountList } = await portal.send(new ListAccountsCommand({ accessToken }));
    assert.deepEqual(accountList, []);
    await assert.rejects(portal.send(new GetRoleCredentialsCommand({ accessToken, ...role })), {
      name: 'ForbiddenException',
    });
  });

  it('lists a role that it gives no credentials for (aws-cli#7871)', async () => {
    await using signedIn = await signIn({});
    const { center, accessToken, portal } = signedIn;
    const [assignment = assert.fail('nothing is assigned')] = manyAssignments(1, 2);
    center.assign([{ ...assignment, forbiddenRoleNames: ['AdministratorAccess'] }]);
    const { accountId } = assignment;
    const { roleList } = await portal.send(new ListAccountRolesCommand({ accessToken, accountId }));
    assert.deepEqual(
      roleList?.map(({ roleName }) => roleName),
      ['AdministratorAccess', 'PowerUserAccess'],
    );
    const ask = (roleName: string): Promise<GetRoleCredentialsCommandOutput> =>
      portal.send(new GetRoleCredentialsCommand({ accessToken, accountId, roleName }));
    await assert.rejects(ask('AdministratorAccess'), { name: 'ForbiddenException', message: 'No access' });
    assert.ok((await ask('PowerUserAccess')).roleCredentials !== undefined);
  });

  it('responds with 429 to too many requests, until time has passed', async () => {
    const clock = new VirtualClock();
    await using signedIn = await signIn({ portalRate: { perSecond: 2, burst: 3 }, clock });
    const { center, accessToken, portal } = signedIn;
    const list = (): Promise<ListAccountsCommandOutput> =>
      portal.send(new ListAccountsCommand({ accessToken }));
    await list();
    await list();
    await list();
    const refused = await list().then(
      () => assert.fail('not refused'),
      (error: SSOServiceException) => error,
    );
    assert.deepEqual([refused.name, refused.$metadata.httpStatusCode], ['TooManyRequestsException', 429]);
    clock.setAhead(500);
    await list();
    await assert.rejects(list(), { name: 'TooManyRequestsException' });
    // It is each user's own rate.
    const john = await SdkClient.register(center);
    const { accessToken: hisToken } = await john.signIn(center, '9067642ac7-john');
    await john.portal.send(new ListAccountsCommand({ accessToken: hisToken }));
    john.dispose();
  });

  it('gives credentials that live as long as it is told', async () => {
    const clock = new VirtualClock();
    await using signedIn = await signIn({ roleCredentialsTtlSeconds: 900, clock });
    const { accessToken, portal } = signedIn;
    const { roleCredentials } = await portal.send(
      new GetRoleCredentialsCommand({ accessToken, accountId: '111122223333', roleName: 'ReadOnlyAccess' }),
    );
    assert.equal(roleCredentials?.expiration, clock.now() + 900_000);
  });
});
