import assert from 'node:assert/strict';

import * as aws from '@aws-sdk/client-sso';

import { SsoPortalClient } from '../../../src/portal/client.ts';
import type * as model from '../../../src/portal/model.ts';
import { paginateListAccountRoles, paginateListAccounts } from '../../../src/portal/paginators.ts';
import { resolvePortalEndpoint } from '../../../src/oidc/endpoint.ts';
import { SsoOidcError } from '../../../src/wire/errors.ts';
import { nonEmpty } from '../../unit/support/nonEmpty.ts';
import { ApiTable } from '../apiTable.ts';
import { manyAssignments } from '../assignments.ts';
import { startRecorder } from '../recorder.ts';
import type { Recorder, Recording } from '../recorder.ts';
import { present, SdkClient } from '../sdk.ts';
import { startIdentityCenter } from '../server.ts';
import type { IdentityCenter } from '../server.ts';
import {
  assertDocumented,
  assertSameMetadata,
  chooseTheSameHosts,
  lazy,
  membersIn,
  missingIn,
  modelledErrors,
  sendBoth,
  titleOf,
  whileThrowing,
} from '../wireEquality.ts';
import type { Operation } from '../wireEquality.ts';

const REGION = 'eu-central-1';
const IN_README = new Set(['ListAccounts', 'ListAccountRoles', 'GetRoleCredentials', 'Logout']);

type Call<Request> = Operation<SsoPortalClient, aws.SSOClient, Request>;

const LIST_ACCOUNTS: Call<model.ListAccountsRequest> = {
  name: 'ListAccounts',
  ours: (client, request) => client.listAccounts(request),
  theirs: (client, request) => client.send(new aws.ListAccountsCommand(request)),
};
const LIST_ACCOUNT_ROLES: Call<model.ListAccountRolesRequest> = {
  name: 'ListAccountRoles',
  ours: (client, request) => client.listAccountRoles(request),
  theirs: (client, request) => client.send(new aws.ListAccountRolesCommand(request)),
};
const GET_ROLE_CREDENTIALS: Call<model.GetRoleCredentialsRequest> = {
  name: 'GetRoleCredentials',
  ours: (client, request) => client.getRoleCredentials(request),
  theirs: (client, request) => client.send(new aws.GetRoleCredentialsCommand(request)),
};
const LOGOUT: Call<model.LogoutRequest> = {
  name: 'Logout',
  ours: (client, request) => client.logout(request),
  theirs: (client, request) => client.send(new aws.LogoutCommand(request)),
};

describe("our client of the access portal and AWS's SDK", () => {
  const table = new ApiTable();
  let center: IdentityCenter;
  let recorder: Recorder;
  let signer: SdkClient;
  let ours: SsoPortalClient;
  let theirs: aws.SSOClient;

  before(async () => {
    center = await startIdentityCenter({ region: REGION, portalRate: { perSecond: 1000, burst: 1000 } });
    center.assign(manyAssignments(5, 5));
    recorder = await startRecorder(center.url);
    signer = await SdkClient.register(center);
    ours = new SsoPortalClient({ endpoint: new URL(recorder.url) });
    theirs = new aws.SSOClient({ endpoint: recorder.url, region: REGION, maxAttempts: 1 });
  });
  after(() => {
    theirs.destroy();
    signer.dispose();
    return Promise.all([recorder.close(), center.close()]);
  });

  const tokens = lazy(() => signer.signIn(center));
  /** A new request each time: the SDK's paginators write into theirs. */
  const signedIn = async () => ({ accessToken: (await tokens()).accessToken });
  const ACCOUNT = { accountId: '100000000003' };

  /** A test that both clients send the same and read the answer without loss. `request` makes one for each. */
  function sends<Request extends object>(
    title: string,
    operation: Call<Request>,
    request: () => Promise<NoInfer<Request>>,
  ): void {
    it(title, async function () {
      const [mine, their] = [await request(), await request()];
      const [sent, wanted] = await sendBoth(recorder, operation, [ours, mine], [theirs, their]);
      assert.deepEqual(onTheWire(sent, mine), onTheWire(wanted, their));
      note(titleOf(this), operation.name, mine, sent);
    });
  }

  function note(test: string, subject: string, members: object, { request, answer }: Recording): void {
    table.add({ subject, kind: 'operation', item: `${request.method} ${request.path}`, test });
    for (const item of Object.keys(members)) {
      table.add({ subject, kind: 'in the request', item, test });
    }
    for (const item of namesIn(answer)) {
      table.add({ subject, kind: 'in the response', item, test });
    }
  }

  sends('list accounts', LIST_ACCOUNTS, signedIn);

  sends('list a page of accounts', LIST_ACCOUNTS, async () => {
    const { nextToken } = await ours.listAccounts({ ...(await signedIn()), maxResults: 2 });
    return { ...(await signedIn()), maxResults: 2, nextToken: present(nextToken) };
  });

  sends('list the roles of an account', LIST_ACCOUNT_ROLES, async () => ({
    ...(await signedIn()),
    ...ACCOUNT,
  }));

  sends('list a page of roles', LIST_ACCOUNT_ROLES, async () => {
    const request = { ...(await signedIn()), ...ACCOUNT, maxResults: 2 };
    const { nextToken } = await ours.listAccountRoles(request);
    return { ...request, nextToken: present(nextToken) };
  });

  sends('get the credentials of a role', GET_ROLE_CREDENTIALS, async () => ({
    ...(await signedIn()),
    ...ACCOUNT,
    roleName: 'ReadOnlyAccess',
  }));

  sends('log out', LOGOUT, async () => ({ accessToken: (await signer.signIn(center)).accessToken }));

  describe('take the same pages', () => {
    it('of accounts', async () => {
      const request = await signedIn();
      const mine = await namesOf(
        paginateListAccounts(ours, { ...request, maxResults: 2 }),
        ({ accountList }) => accountList?.map(({ accountName }) => accountName),
      );
      const their = await namesOf(
        aws.paginateListAccounts({ client: theirs, pageSize: 2 }, request),
        ({ accountList }) => accountList?.map(({ accountName }) => accountName),
      );
      assert.deepEqual(mine, their);
      assert.deepEqual(
        mine.map((page) => page?.length),
        [2, 2, 1],
      );
    });

    it('of roles', async () => {
      const request = { ...(await signedIn()), ...ACCOUNT };
      const mine = await namesOf(
        paginateListAccountRoles(ours, { ...request, maxResults: 2 }),
        ({ roleList }) => roleList?.map(({ roleName }) => roleName),
      );
      const their = await namesOf(
        aws.paginateListAccountRoles({ client: theirs, pageSize: 2 }, request),
        ({ roleList }) => roleList?.map(({ roleName }) => roleName),
      );
      assert.deepEqual(mine, their);
      assert.deepEqual(
        mine.map((page) => page?.length),
        [2, 2, 1],
      );
    });
  });

  describe('read the same in', () => {
    const MESSAGE = 'What the service says.';
    const REQUEST = { accessToken: 'a token', ...ACCOUNT, roleName: 'ReadOnlyAccess' };

    /** What each client throws at an answer. */
    async function thrown(status: number, exception: string) {
      const shape = 'com.amazonaws.switchboard.portal';
      const body = { message: MESSAGE, __type: `${shape}#${exception}` };
      // Longer than anybody waits by himself.
      const headers = { 'retry-after': '60' };
      return whileThrowing({ name: exception, shape, status }, headers, body, async (endpoint) => {
        const sdk = new aws.SSOClient({ endpoint: endpoint.origin, region: REGION, maxAttempts: 1 });
        try {
          const client = new SsoPortalClient({ endpoint });
          const own = await client.getRoleCredentials(REQUEST).catch((error: unknown) => error);
          const their = await sdk
            .send(new aws.GetRoleCredentialsCommand(REQUEST))
            .catch((error: unknown) => error);
          assert.ok(own instanceof SsoOidcError, String(own));
          assert.ok(their instanceof aws.SSOServiceException, String(their));
          return { own, their };
        } finally {
          sdk.destroy();
        }
      });
    }

    for (const { name, status } of nonEmpty('exception in the model', [
      ...modelledErrors(aws, 'com.amazonaws.sso'),
      // What reality has and the model lacks.
      { name: 'ForbiddenException', status: 403 },
    ])) {
      it(name, async function () {
        const test = titleOf(this);
        const { own, their } = await thrown(status, name);
        assert.equal(own.code, their.name);
        assert.equal(own.status, their.$metadata.httpStatusCode);
        assert.equal(own.error_description, MESSAGE);
        assert.equal(own.error_description, their.message);
        assert.equal(own.retryAfterMs, 60_000);
        assertSameMetadata(present(own.ResponseMetadata), their.$metadata);
        table.add({ subject: 'Errors of the portal', kind: `exception, HTTP ${status}`, item: name, test });
      });
    }
  });

  describe('choose the same host', () => {
    chooseTheSameHosts(table, 'Hosts of the portal', resolvePortalEndpoint, (wanted) =>
      theirs.config.endpointProvider(wanted),
    );
  });

  describe('together', () => {
    it("have shown everything that is in AWS's model", () => {
      const { missing, need } = missingIn(table, [
        aws.ListAccounts$,
        aws.ListAccountRoles$,
        aws.GetRoleCredentials$,
      ]);
      membersIn(aws.Logout$[4]).forEach((item) => need('Logout', 'in the request', item));
      for (const [subject, list, schema] of [
        ['ListAccounts', 'accountList', aws.AccountInfo$],
        ['ListAccountRoles', 'roleList', aws.RoleInfo$],
        ['GetRoleCredentials', 'roleCredentials', aws.RoleCredentials$],
      ] as const) {
        membersIn(schema).forEach((item) => need(subject, 'in the response', `${list}.${item}`));
      }
      assert.deepEqual(missing, []);
    });

    it('are in docs/api.md and the README as these tests have shown them (else run `npm run api-table`)', () =>
      assertDocumented('portal', table, IN_README));
  });
});

/** All that must be equal. What differs because each client has a sign-in of its own is compared by whose it is. */
function onTheWire({ request, status }: Recording, members: object): object {
  const { method, path, query, headers, body } = request;
  return {
    method,
    path,
    query: query.toString(),
    isOwnToken: 'accessToken' in members && members.accessToken === headers['x-amz-sso_bearer_token'],
    contentType: headers['content-type'],
    body,
    status,
  };
}

/** The names of an answer's members, and of those of the structures in them. */
function namesIn(answer: Recording['answer']): readonly string[] {
  return Object.entries(answer).flatMap(([name, value]) => {
    const [structure] = Array.isArray(value) ? (value as unknown[]) : [value];
    return typeof structure === 'object' && structure !== null
      ? [name].concat(Object.keys(structure).map((member) => `${name}.${member}`))
      : [name];
  });
}

async function namesOf<Page>(
  pages: AsyncIterable<Page>,
  names: (page: Page) => readonly (string | undefined)[] | undefined,
): Promise<readonly (readonly (string | undefined)[] | undefined)[]> {
  const found: (readonly (string | undefined)[] | undefined)[] = [];
  for await (const page of pages) {
    found.push(names(page));
  }
  return found;
}
