import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import * as fc from 'fast-check';

import { SsoPortalClient } from '../../../src/portal/client.ts';
import { SsoOidcError } from '../../../src/wire/errors.ts';
import { HastyClock } from '../../support/hastyClock.ts';
import type { Listening } from '../../support/listen.ts';
import { httpServer, mostJitter } from '../oidc/support.ts';

const accessToken = 'aoaAAAAAGaccess-0f9e8d7c6b5a';
const REQUEST = { accessToken, accountId: '111122223333', roleName: 'Admin' };
const KEYS = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLEsession',
};
const ACCOUNT = { accountId: '111122223333', accountName: 'acme', emailAddress: 'a@acme.example' };
const VALID = {
  accountList: [ACCOUNT],
  roleList: [{ accountId: '111122223333', roleName: 'Admin' }],
  roleCredentials: { ...KEYS, expiration: 1_790_000_000_000 },
  nextToken: 'next',
};
const SECRETS = [accessToken, KEYS.secretAccessKey, KEYS.sessionToken];

const odd = fc.oneof(
  fc.constantFrom(0, -1, 0.5, 1e308, 2 ** 53, '', '3600', null, true, [], {}, [[]], 'a\nb', 'a b'),
  fc.jsonValue(),
);
/** `structure` with something odd for one of its members. */
function withOdd(structure: object): fc.Arbitrary<object> {
  return fc
    .tuple(fc.constantFrom(...Object.keys(structure)), odd)
    .map(([name, value]) => Object.assign(structuredClone(structure), { [name]: value }));
}
const withMember = (name: string) => (value: unknown) =>
  Object.assign(structuredClone(VALID), { [name]: value });
const wrongShape = fc.oneof(
  withOdd(VALID),
  withOdd(VALID.roleCredentials).map(withMember('roleCredentials')),
  withOdd(ACCOUNT).map((account) => withMember('accountList')([ACCOUNT, account])),
);
const echo = fc
  .tuple(fc.constantFrom('message', '__type', 'error'), fc.string(), fc.constantFrom(...SECRETS))
  .map(([name, before, secret]) => withMember(name)(`${before}${secret}`));
const body = fc.oneof(
  { weight: 3, arbitrary: wrongShape.map((value) => JSON.stringify(value)) },
  echo.map((value) => JSON.stringify(value)),
  fc.nat(400).map((length) => JSON.stringify(VALID).slice(0, length)),
  fc.json(),
  fc.string({ unit: 'binary' }),
);
const answer = fc.record({
  status: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(200, 400, 401, 403, 404, 429, 500) },
    // Neither one for the proxy nor those that have no body.
    fc.integer({ min: 200, max: 599 }).filter((status) => ![204, 205, 304, 407].includes(status)),
  ),
  type: fc.oneof(
    fc.constantFrom(
      'ForbiddenException:http://internal.amazon.com/coral/com.amazonaws.switchboard.portal/',
      'UnauthorizedException',
      '__proto__',
      ...SECRETS,
    ),
    fc.stringMatching(/^[!-~]{0,40}$/),
  ),
  requestId: fc.oneof(fc.constantFrom(...SECRETS), fc.stringMatching(/^[!-~]{0,40}$/)),
  body,
});

/** Whether a result is what its type says. */
function assertTrue(result: object): void {
  const { accountList, roleList, roleCredentials, nextToken, ResponseMetadata, ...others } = result as Record<
    string,
    unknown
  >;
  assert.deepEqual(others, {});
  assert.equal((ResponseMetadata as { HTTPStatusCode: number }).HTTPStatusCode < 300, true);
  assert(nextToken === undefined || typeof nextToken === 'string');
  const infos = [...((accountList ?? []) as object[]), ...((roleList ?? []) as object[])];
  for (const [name, value] of infos.flatMap((info) => Object.entries(info))) {
    assert.equal(typeof value, 'string', name);
  }
  for (const [name, value] of Object.entries(roleCredentials ?? {})) {
    const isRight = name === 'expiration' ? Number.isSafeInteger(value) : /^[!-~]+$/.test(String(value));
    assert(
      isRight && typeof value === (name === 'expiration' ? 'number' : 'string'),
      `${name}: ${inspect(value)}`,
    );
  }
}

/** What is secret in it are the token that was sent and the keys that came. */
function assertHarmless(error: unknown, body: string): void {
  assert(error instanceof SsoOidcError, inspect(error));
  const printed = error.message + inspect(error) + JSON.stringify(error);
  for (const secret of SECRETS.filter((secret) => secret === accessToken || body.includes(secret))) {
    assert(!printed.includes(secret), `shows ${secret}: ${printed}`);
  }
  assert(error.message.length < 2000, `${error.message.length} characters`);
}

describe('a hostile answer of the portal', () => {
  let server: Listening;
  let current = { status: 200, type: '', requestId: '', body: '' };

  before(async () => {
    server = await httpServer((_, response) => {
      const { status, type, requestId, body } = current;
      response.writeHead(status, { 'x-amzn-errortype': type, 'x-amzn-requestid': requestId }).end(body);
    });
  });
  after(() => server[Symbol.asyncDispose]());

  it('gives a valid result or a typed error without a secret, never anything else', async function () {
    this.timeout(60_000);
    const client = new SsoPortalClient({ endpoint: server.url, clock: new HastyClock(), random: mostJitter });
    let results = 0;
    await fc.assert(
      fc.asyncProperty(answer, async (hostile) => {
        current = hostile;
        for (const call of [
          client.listAccounts(REQUEST),
          client.listAccountRoles(REQUEST),
          client.getRoleCredentials(REQUEST),
          client.logout(REQUEST),
        ]) {
          const outcome = await call.then(assertTrue).then(
            () => 'result',
            (error: unknown) => error,
          );
          if (outcome === 'result') {
            results += 1;
          } else if (outcome instanceof assert.AssertionError) {
            throw outcome;
          } else {
            assertHarmless(outcome, hostile.body);
          }
        }
      }),
      { numRuns: 300 },
    );
    assert(results > 0, 'no answer was valid: the property says nothing about results');
  });
});
