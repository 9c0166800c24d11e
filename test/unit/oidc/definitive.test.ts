import assert from 'node:assert/strict';
import type { SsoOidcError } from '../../../src/wire/errors.ts';
import { SsoPortalClient } from '../../../src/portal/client.ts';
import { SERVICE_ERRORS } from '../../../src/wire/serviceErrors.ts';
import type { ServiceErrorCode } from '../../../src/wire/serviceErrors.ts';
import { HastyClock } from '../../support/hastyClock.ts';
import { answering, clientOf, errorOf, REFRESH } from './support.ts';

type Headers = Readonly<Record<string, string>>;

async function refreshError(status: number, body: string | object, type?: string): Promise<SsoOidcError> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers: Headers = type === undefined ? {} : { 'x-amzn-ErrorType': type };
  await using server = await answering(status, text, headers);
  return await errorOf(clientOf(server).createToken(REFRESH));
}

const ENDS_SESSION: ReadonlySet<ServiceErrorCode> = new Set([
  'AccessDeniedException',
  'ExpiredTokenException',
  'InvalidClientException',
  'InvalidGrantException',
  'UnauthorizedClientException',
]);

async function portalError(status: number, body: object, headers: Headers): Promise<SsoOidcError> {
  await using server = await answering(status, JSON.stringify(body), headers);
  const portal = new SsoPortalClient({ endpoint: server.url, clock: new HastyClock() });
  return await errorOf(portal.listAccounts({ accessToken: 'a-portal-access-token' }));
}

const POLICY = 'User: anonymous is not authorized to perform: sso-oauth:CreateToken with an explicit deny';

describe('a response that ends a session', () => {
  const modelled = Object.entries(SERVICE_ERRORS).flatMap(([code, { status, ...row }]) =>
    'error' in row ? [[code as ServiceErrorCode, status, row.error] as const] : [],
  );

  for (const [code, status, error] of modelled) {
    const ends = ENDS_SESSION.has(code);
    it(`is ${ends ? '' : 'not '}${code} with the status and the error code that the model has for it`, async () => {
      for (const type of [code, `${code}:http://internal.amazon.com/coral/com.amazonaws.ssooidc/`]) {
        const failed = await refreshError(status, { error, error_description: 'No.' }, type);
        assert.deepEqual([failed.code, failed.isDefinitive, failed.endsSession], [code, true, ends]);
      }
    });
  }

  it('needs no x-amzn-ErrorType: a proxy may have dropped it, and RFC 6749 knows none', async () => {
    assert.equal((await refreshError(400, { error: 'invalid_grant' })).endsSession, true);
    assert.equal((await refreshError(401, { error: 'invalid_client' })).endsSession, true);
  });

  it('may name an exception that is newer than this program, with an error code of RFC 6749', async () => {
    const failed = await refreshError(400, { error: 'invalid_grant' }, 'SessionRevokedException');
    assert.deepEqual([failed.code, failed.endsSession], ['InvalidGrantException', true]);
  });

  for (const [what, status, body, type] of [
    ['a 403 of a policy in AWS’s name', 403, { Message: POLICY }, 'AccessDeniedException'],
    ['a 403 of a policy without its name', 403, { message: POLICY }, undefined],
    ['a 400 of a policy that names itself in the body', 400, { __type: 'AccessDeniedException' }, undefined],
    [
      'a 400 with the name in both places',
      400,
      { __type: 'x#InvalidGrantException', MESSAGE: POLICY },
      'InvalidGrantException',
    ],
    ['a 401 of an API gateway', 401, { message: 'Unauthorized' }, 'UnauthorizedException'],
    ['a 404 of a gateway', 404, { message: 'no Route matched with those values' }, undefined],
    ['a name without any words', 400, {}, 'InvalidGrantException'],
    ['a page of a proxy', 403, '<html><h1>Access denied</h1></html>', 'AccessDeniedException'],
    ['the right code with another status', 403, { error: 'access_denied' }, 'AccessDeniedException'],
    ['invalid_grant with 401', 401, { error: 'invalid_grant' }, 'InvalidGrantException'],
    ['invalid_client with 400', 400, { error: 'invalid_client' }, undefined],
    [
      'a name and an error code that contradict each other',
      400,
      { error: 'invalid_request' },
      'InvalidGrantException',
    ],
    ['an error code in capitals', 400, { error: 'INVALID_GRANT' }, 'InvalidGrantException'],
    ['an empty error code', 400, { error: '' }, 'InvalidGrantException'],
    ['an error code that is an object', 400, { error: { code: 'invalid_grant' } }, 'InvalidGrantException'],
    ['an exception of the portal', 401, { error: 'invalid_client' }, 'UnauthorizedException'],
  ] as const) {
    it(`is not ${what} (resource-control-policy-examples#18)`, async () => {
      const failed = await refreshError(status, body, type);
      const isRight = what === 'an exception of the portal';
      assert.equal(failed.endsSession, isRight, failed.message);
      assert.equal(failed.isTransient, !isRight, failed.message);
    });
  }

  it('is not a 200, whatever it says', async () => {
    await using server = await answering(200, JSON.stringify({ error: 'invalid_grant' }));
    const result = await clientOf(server).createToken(REFRESH);
    assert.equal(result.accessToken, undefined);
  });

  for (const name of ['message', 'Message', 'MESSAGE']) {
    it(`of a proxy in front of the service is shown with its own words, found under ${name} (resource-control-policy-examples#18)`, async () => {
      const failed = await refreshError(403, { [name]: POLICY }, 'AccessDeniedException');
      assert.equal(failed.error_description, POLICY);
      assert.ok(failed.message.includes(`The response said: "${POLICY}"`), failed.message);
      assert.match(failed.message, /AccessDeniedException.*HTTP 403/);
      assert.match(failed.message, /policy, gateway, or firewall/);
      assert.doesNotMatch(failed.message, /Access was denied|Sign in again/);
    });
  }

  it('of the portal is its model’s, by name and status', async () => {
    const type = { 'x-amzn-errortype': 'UnauthorizedException' };
    const own = await portalError(401, { message: 'Session token not found or invalid' }, type);
    assert.deepEqual([own.code, own.isDefinitive, own.endsSession], ['UnauthorizedException', true, false]);
    for (const [status, headers] of [
      [403, type],
      [401, {}],
      [403, { 'x-amzn-errortype': 'AccessDeniedException' }],
      [400, { 'x-amzn-errortype': 'InvalidGrantException' }],
    ] as const) {
      const foreign = await portalError(status, { Message: POLICY }, headers);
      assert.deepEqual([foreign.code, foreign.isDefinitive], ['UnexpectedStatus', false], foreign.message);
      assert.ok(foreign.message.includes(POLICY), foreign.message);
    }
  });
});

describe('a KMS key that locks the service out', () => {
  for (const [error, type, reason] of [
    ['access_denied', 'AccessDeniedException', 'KMS_AccessDeniedException'],
    ['invalid_request', 'InvalidRequestException', 'KMS_DisabledException'],
    ['invalid_request', 'InvalidRequestException', 'KMS_NotFoundException'],
  ] as const) {
    it(`is named with ${reason}, and ends no session (iam-identity-center-team#500)`, async () => {
      const body = { error, reason, error_description: 'The key cannot be used.' };
      const failed = await refreshError(400, body, type);
      assert.deepEqual([failed.code, failed.reason, failed.endsSession], [type, reason, false]);
      assert.equal(failed.isKeyFault, true);
      assert.match(failed.message, /AWS KMS key/);
      assert.ok(failed.message.includes(reason), failed.message);
      assert.match(failed.message, /"The key cannot be used\.".*administrator/);
      assert.doesNotMatch(failed.message, /Access was denied|start URL/);
    });
  }
});
