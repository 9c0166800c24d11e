import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import { SsoPortalClient } from '../../../src/portal/client.ts';
import type { SsoOidcError } from '../../../src/wire/errors.ts';
import { HastyClock } from '../../support/hastyClock.ts';
import { answering, errorOf, httpServer, mostJitter } from '../oidc/support.ts';

const accessToken = 'aoaAAAAAGaccess0f9e8d7c6b5a4e3d2c1b0a';
const ROLE = { accessToken, accountId: '123456789012', roleName: 'Admin' };
const CREDENTIALS = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJ=',
  expiration: 1_790_000_000_000,
};

function clientOf({ url }: { readonly url: URL }, clock = new HastyClock()): SsoPortalClient {
  return new SsoPortalClient({ endpoint: url, clock, random: mostJitter });
}

/** What a request for credentials fails with when the service answers like this. */
async function credentialsError(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<SsoOidcError> {
  await using server = await answering(status, JSON.stringify(body), headers);
  return await errorOf(clientOf(server).getRoleCredentials(ROLE));
}

describe('a result of the portal', () => {
  it('has every member of the model, the metadata, and nothing else', async () => {
    const account = { accountId: '123456789012', accountName: 'acme', emailAddress: 'a@acme.example' };
    const all = {
      accountList: [{ ...account, unknown: 1 }],
      roleList: [{ accountId: '123456789012', roleName: 'Admin', unknown: 1 }],
      nextToken: 'next',
      roleCredentials: { ...CREDENTIALS, unknown: 1 },
      unknown: 1,
    };
    await using server = await answering(200, JSON.stringify(all), { 'x-amzn-requestid': 'request-1' });
    const portal = clientOf(server);
    const { ResponseMetadata, ...accounts } = await portal.listAccounts(ROLE);
    assert.deepEqual(accounts, { accountList: [account], nextToken: 'next' });
    const { HTTPHeaders, ...metadata } = ResponseMetadata;
    assert.deepEqual(metadata, { RequestId: 'request-1', HTTPStatusCode: 200, RetryAttempts: 0 });
    assert.equal(HTTPHeaders['x-amzn-requestid'], 'request-1');
    const { ResponseMetadata: _, ...roles } = await portal.listAccountRoles(ROLE);
    assert.deepEqual(roles, {
      roleList: [{ accountId: '123456789012', roleName: 'Admin' }],
      nextToken: 'next',
    });
    const { ResponseMetadata: __, ...credentials } = await portal.getRoleCredentials(ROLE);
    assert.deepEqual(credentials, { roleCredentials: CREDENTIALS });
  });

  it('may lack every member', async () => {
    await using server = await answering(200, '{}');
    const portal = clientOf(server);
    for (const call of [
      portal.listAccounts(ROLE),
      portal.listAccountRoles(ROLE),
      portal.getRoleCredentials(ROLE),
    ]) {
      const { ResponseMetadata: _, ...members } = await call;
      assert.deepEqual(members, {});
    }
  });

  it('lists an account whose name or email cannot be read by its id, and the others as they are', async () => {
    const accountList = [
      { accountId: '111122223333', accountName: 7, emailAddress: null },
      { accountId: '444455556666', accountName: 'sandbox', emailAddress: '' },
    ];
    await using server = await answering(200, JSON.stringify({ accountList }));
    assert.deepEqual((await clientOf(server).listAccounts(ROLE)).accountList, [
      { accountId: '111122223333' },
      { accountId: '444455556666', accountName: 'sandbox' },
    ]);
  });

  for (const [what, body] of [
    ['an account id that is a number', { accountList: [{ accountId: 123_456_789_012 }] }],
    ['an account that is a word', { accountList: ['123456789012'] }],
    ['an account that is a list', { accountList: [['123456789012']] }],
    ['accounts by their ids', { accountList: { 123_456_789_012: {} } }],
    ['a token for the next page that is a number: its pages would be missing', { nextToken: 2 }],
  ] as const) {
    it(`is none with ${what}`, async () => {
      await using server = await answering(200, JSON.stringify(body));
      assert.equal((await errorOf(clientOf(server).listAccounts(ROLE))).code, 'InvalidResponse');
    });
  }

  for (const [what, member] of [
    ['a line break in the key', { secretAccessKey: 'wJalrX\nAWS_PROFILE=other' }],
    [
      'a quotation mark in the key: it would end what a Command Prompt sets',
      { secretAccessKey: 'wJalrX"&echo' },
    ],
    [
      'a semicolon in the key id: it would end what a shell reads from an .env file',
      { accessKeyId: 'ASIA;id' },
    ],
    ['a variable in the session token', { sessionToken: 'IQo%PATH%' }],
    ['a command in the session token', { sessionToken: 'IQo$(id)' }],
    ['a blank in the key id', { accessKeyId: 'ASIA EXAMPLE' }],
    ['a letter beyond ASCII in the session token', { sessionToken: 'IQoJb3JpZ2lué' }],
    ['an end that is text', { expiration: '2026-01-01T00:00:00Z' }],
    ['an end beyond every calendar', { expiration: 8.65e15 }],
    ['an end before all time', { expiration: -1 }],
  ] as const) {
    it(`has no credentials with ${what}`, async () => {
      const roleCredentials = { ...CREDENTIALS, ...member };
      await using server = await answering(200, JSON.stringify({ roleCredentials }));
      const error = await errorOf(clientOf(server).getRoleCredentials(ROLE));
      assert.equal(error.code, 'InvalidResponse');
      assert.match(error.message, new RegExp(`member "roleCredentials\\.${Object.keys(member)[0]}"`));
      assertSecretFree(error);
    });
  }

  it('is never longer than a mebibyte', async () => {
    const accountList = Array.from({ length: 6000 }, () => ({ accountName: 'a'.repeat(200) }));
    await using server = await answering(200, JSON.stringify({ accountList }));
    assert.equal((await errorOf(clientOf(server).listAccounts(ROLE))).code, 'OversizedBody');
  });

  it('of Logout is not a page of HTML', async () => {
    await using server = await answering(200, '<html>Signed out of the hotel</html>');
    assert.equal((await errorOf(clientOf(server).logout({ accessToken }))).code, 'NotJson');
  });

  it('of Logout may have no body', async () => {
    await using server = await answering(200, '');
    const { ResponseMetadata } = await clientOf(server).logout({ accessToken });
    assert.equal(ResponseMetadata.HTTPStatusCode, 200);
  });
});

describe('an error of the portal', () => {
  const FULL = 'com.amazonaws.switchboard.portal#ForbiddenException';
  const HEADER = 'ForbiddenException:http://internal.amazon.com/coral/com.amazonaws.switchboard.portal/';

  for (const [where, body, headers] of [
    ['in the body', { message: 'No access', __type: FULL }, {}],
    ['in the header', { message: 'No access' }, { 'x-amzn-errortype': HEADER }],
    [
      'in the body, its bare name in the header',
      { __type: FULL },
      { 'x-amzn-errortype': 'ForbiddenException' },
    ],
  ] as const) {
    it(`is ForbiddenException where it says "No access" under its full name ${where} (aws-cli#7871)`, async () => {
      const error = await credentialsError(403, body, headers);
      assert.deepEqual(
        [error.code, error.status, error.isDefinitive, error.isTransient, error.endsSession],
        ['ForbiddenException', 403, true, false, false],
      );
      assert.match(error.message, /don't have access to this account or role, even if it's listed/);
      assert.match(error.message, /Choose another role, or ask your administrator/);
    });
  }

  it('is not the 403 of an API gateway, a policy or a firewall that uses the same name', async () => {
    for (const [body, headers] of [
      [{ message: 'Forbidden' }, { 'x-amzn-errortype': 'ForbiddenException' }],
      [{ __type: 'ForbiddenException', message: 'Forbidden' }, {}],
      [{ message: 'No access', __type: 'com.example#ForbiddenException' }, {}],
      [{ message: 'No access' }, {}],
    ] as const) {
      const error = await credentialsError(403, body, headers);
      assert.deepEqual([error.code, error.isTransient], ['UnexpectedStatus', true], JSON.stringify(body));
    }
  });

  it('is no ForbiddenException with another status', async () => {
    assert.equal((await credentialsError(401, { __type: FULL })).code, 'UnexpectedStatus');
  });

  it('of a request that is not valid names what to check of it, and no scope', async () => {
    const headers = { 'x-amzn-errortype': 'InvalidRequestException' };
    const { message } = await credentialsError(400, { message: 'account_id is missing.' }, headers);
    assert.match(message, /"account_id is missing\."/);
    assert.match(message, /Check the account and the role\.$/);
  });

  it('tells after three tries how long the service asks to wait', async () => {
    let requests = 0;
    await using server = await httpServer((_, response) => {
      requests += 1;
      response.writeHead(429, { 'retry-after': '7' });
      response.end(JSON.stringify({ __type: 'com.amazonaws.switchboard.portal#TooManyRequestsException' }));
    });
    const clock = new HastyClock();
    const error = await errorOf(clientOf(server, clock).listAccounts(ROLE));
    assert.deepEqual(
      [error.code, error.status, error.retryAfterMs, error.ResponseMetadata?.RetryAttempts],
      ['TooManyRequestsException', 429, 7000, 2],
    );
    assert.equal(requests, 3);
    assert.deepEqual(clock.waits, [7000, 7000]);
  });

  it('repeats neither the access token nor the credentials of a response that cannot be used', async () => {
    const echo = `No ${accessToken} and ${CREDENTIALS.secretAccessKey}`;
    const body = { message: echo, roleCredentials: CREDENTIALS };
    assertSecretFree(await credentialsError(401, body, { 'x-amzn-errortype': 'UnauthorizedException' }));
  });
});

function assertSecretFree(error: SsoOidcError): void {
  const printed = inspect(error) + JSON.stringify(error) + error.message;
  for (const secret of [accessToken, CREDENTIALS.secretAccessKey, CREDENTIALS.sessionToken, 'wJalrX']) {
    assert.ok(!printed.includes(secret), printed);
  }
}
