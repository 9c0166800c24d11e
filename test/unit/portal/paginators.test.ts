import assert from 'node:assert/strict';

import type { SsoPortalClient } from '../../../src/portal/client.ts';
import type { ListAccountsRequest, ListAccountsResponse } from '../../../src/portal/model.ts';
import { paginateListAccountRoles, paginateListAccounts } from '../../../src/portal/paginators.ts';
import { errorOf } from '../oidc/support.ts';

const accessToken = 'aoaAAAAAGaccess0f9e8d7c6b5a4e3d2c1b0a';
const ResponseMetadata = { HTTPStatusCode: 200, HTTPHeaders: {}, RetryAttempts: 0 };

/** A client whose pages are made by `page`, and what it was asked for. */
function pagesOf(page: (request: ListAccountsRequest, index: number) => ListAccountsResponse) {
  const requests: ListAccountsRequest[] = [];
  const client: Pick<SsoPortalClient, 'endpoint' | 'listAccounts' | 'listAccountRoles'> = {
    endpoint: new URL('https://portal.sso.eu-central-1.amazonaws.com'),
    async listAccounts(request, options) {
      options?.signal?.throwIfAborted();
      requests.push(request);
      return { ...page(request, requests.length - 1), ResponseMetadata };
    },
    async listAccountRoles(request) {
      requests.push(request);
      return {
        roleList: [{ roleName: `role ${requests.length}` }],
        ...(requests.length < 3 && { nextToken: `page ${requests.length}` }),
        ResponseMetadata,
      };
    },
  };
  return { client, requests };
}

async function all<T>(pages: AsyncIterable<T>): Promise<readonly T[]> {
  const taken: T[] = [];
  for await (const page of pages) {
    taken.push(page);
  }
  return taken;
}

describe('the pages of a list', () => {
  it('come one by one, each with what was asked for and the token of the one before', async () => {
    const { client, requests } = pagesOf((_, index) => ({
      accountList: [{ accountId: String(index) }],
      ...(index < 2 && { nextToken: `page ${index + 1}` }),
    }));
    const ids: (string | undefined)[] = [];
    for await (const { accountList = [] } of paginateListAccounts(client, { accessToken, maxResults: 1 })) {
      ids.push(...accountList.map(({ accountId }) => accountId));
    }
    assert.deepEqual(ids, ['0', '1', '2']);
    assert.deepEqual(requests, [
      { accessToken, maxResults: 1 },
      { accessToken, maxResults: 1, nextToken: 'page 1' },
      { accessToken, maxResults: 1, nextToken: 'page 2' },
    ]);
  });

  it('of roles are all of the same account', async () => {
    const { client, requests } = pagesOf(() => ({}));
    const request = { accessToken, accountId: '111122223333' };
    const pages = await all(paginateListAccountRoles(client, request));
    assert.equal(pages.length, 3);
    assert.deepEqual(requests[2], { ...request, nextToken: 'page 2' });
  });

  it('are asked for only as far as somebody takes them', async () => {
    const { client, requests } = pagesOf((_, index) => ({ nextToken: String(index) }));
    for await (const _ of paginateListAccounts(client, { accessToken })) {
      break;
    }
    assert.equal(requests.length, 1);
  });

  it('may be empty in between', async () => {
    const { client } = pagesOf((_, index) =>
      index < 3 ? { accountList: [], nextToken: String(index) } : {},
    );
    assert.equal((await all(paginateListAccounts(client, { accessToken }))).length, 4);
  });

  it('go on from the token they are given', async () => {
    const { client, requests } = pagesOf(() => ({}));
    await all(paginateListAccounts(client, { accessToken, nextToken: 'from here' }));
    assert.deepEqual(requests, [{ accessToken, nextToken: 'from here' }]);
  });

  for (const [what, next, pages] of [
    ['the token that it was just given', () => 'again', 2],
    ['an earlier token', (index: number) => String(index % 3), 4],
    ['ever new tokens', (index: number) => String(index), 10_001],
  ] as const) {
    it(`end with an error when the server sends ${what}`, async () => {
      const { client, requests } = pagesOf((_, index) => ({ nextToken: next(index) }));
      const error = await errorOf(all(paginateListAccounts(client, { accessToken })));
      assert.equal(error.code, 'InvalidResponse');
      assert.equal(error.operation, 'ListAccounts');
      assert.match(error.message, /member "nextToken"/);
      assert.equal(requests.length, pages);
    });
  }

  it("end with the signal's own reason", async () => {
    const { client } = pagesOf((_, index) => ({ nextToken: String(index) }));
    const aborting = new AbortController();
    const reason = new Error('the user cancelled');
    const pages = paginateListAccounts(client, { accessToken }, { signal: aborting.signal });
    await pages.next();
    aborting.abort(reason);
    await assert.rejects(pages.next(), reason);
  });
});
