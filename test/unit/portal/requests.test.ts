import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';

import * as aws from '@aws-sdk/client-sso';
import * as fc from 'fast-check';

import { SsoPortalClient } from '../../../src/portal/client.ts';
import type { Listening } from '../../support/listen.ts';
import { httpServer } from '../oidc/support.ts';

interface Received {
  readonly method: string | undefined;
  /** Path and query as they came, nothing decoded. */
  readonly url: string | undefined;
  readonly bearer: string | string[] | undefined;
  readonly contentType: string | undefined;
  readonly length: string | undefined;
}

/** Without halves of surrogate pairs, which AWS's SDK cannot encode. */
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const request = fc.record(
  { accountId: text, roleName: text, nextToken: text, maxResults: fc.integer({ min: 1, max: 100 }) },
  { requiredKeys: ['accountId', 'roleName'] },
);

describe("the portal's requests, beside those of AWS's SDK", () => {
  const accessToken = 'aoaAAAAAGaccess/+=token';
  let server: Listening;
  let ours: SsoPortalClient;
  let theirs: aws.SSOClient;
  const received: Received[] = [];

  function receive({ method, url, headers }: IncomingMessage): void {
    received.push({
      method,
      url,
      bearer: headers['x-amz-sso_bearer_token'],
      contentType: headers['content-type'],
      length: headers['content-length'],
    });
  }

  before(async () => {
    server = await httpServer((request, response) => {
      receive(request);
      response.setHeader('content-type', 'application/json').end('{}');
    });
    const endpoint = new URL('/prefix', server.url);
    ours = new SsoPortalClient({ endpoint });
    theirs = new aws.SSOClient({ endpoint: endpoint.href, region: 'eu-west-1', maxAttempts: 1 });
  });
  after(async () => {
    theirs.destroy();
    await server[Symbol.asyncDispose]();
  });

  async function assertSame(mine: () => Promise<unknown>, sdk: () => Promise<unknown>): Promise<void> {
    received.length = 0;
    await mine();
    await sdk();
    const [own, their] = received;
    assert.equal(received.length, 2);
    assert.deepEqual(own, their);
  }

  it('log out', () =>
    assertSame(
      () => ours.logout({ accessToken }),
      () => theirs.send(new aws.LogoutCommand({ accessToken })),
    ));

  it('list, and ask for credentials, with whatever characters a name or a token has', async function () {
    this.timeout(30_000);
    await fc.assert(
      fc.asyncProperty(request, async ({ accountId, roleName, ...page }) => {
        await assertSame(
          () => ours.listAccounts({ accessToken, ...page }),
          () => theirs.send(new aws.ListAccountsCommand({ accessToken, ...page })),
        );
        await assertSame(
          () => ours.listAccountRoles({ accessToken, accountId, ...page }),
          () => theirs.send(new aws.ListAccountRolesCommand({ accessToken, accountId, ...page })),
        );
        await assertSame(
          () => ours.getRoleCredentials({ accessToken, accountId, roleName }),
          () => theirs.send(new aws.GetRoleCredentialsCommand({ accessToken, accountId, roleName })),
        );
      }),
      { numRuns: 25 },
    );
  });
});
