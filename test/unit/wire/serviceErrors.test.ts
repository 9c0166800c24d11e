import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { SsoOidcError } from '../../../src/wire/errors.ts';
import { SsoPortalClient } from '../../../src/portal/client.ts';
import { HastyClock } from '../../support/hastyClock.ts';
import { answering, clientOf, DEVICE_POLL, errorOf, REFRESH, SECRETS } from '../oidc/support.ts';

/** What a refresh fails with when the service answers like this. */
async function refreshError(
  status: number,
  body: string | object,
  headers: Readonly<Record<string, string>> = {},
): Promise<SsoOidcError> {
  await using server = await answering(
    status,
    typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  );
  return await errorOf(clientOf(server).createToken(REFRESH));
}

/** The model's exceptions: OAuth code, AWS's name, status. */
const EXCEPTIONS = [
  ['access_denied', 'AccessDeniedException', 400],
  ['authorization_pending', 'AuthorizationPendingException', 400],
  ['expired_token', 'ExpiredTokenException', 400],
  ['invalid_client', 'InvalidClientException', 401],
  ['invalid_client_metadata', 'InvalidClientMetadataException', 400],
  ['invalid_grant', 'InvalidGrantException', 400],
  ['invalid_redirect_uri', 'InvalidRedirectUriException', 400],
  ['invalid_request', 'InvalidRequestException', 400],
  ['invalid_scope', 'InvalidScopeException', 400],
  ['server_error', 'InternalServerException', 500],
  ['slow_down', 'SlowDownException', 400],
  ['unauthorized_client', 'UnauthorizedClientException', 400],
  ['unsupported_grant_type', 'UnsupportedGrantTypeException', 400],
] as const;

describe('an error of the service', () => {
  for (const [error, name, status] of EXCEPTIONS) {
    it(`is ${name}, with everything the service said (botocore#2651)`, async () => {
      const body = { error, error_description: 'Because I say so', reason: 'KMS_DisabledException' };
      const failed = await refreshError(status, body, {
        'x-amzn-ErrorType': `${name}:http://internal.amazon.com/coral/com.amazonaws.ssooidc/`,
        'x-amzn-RequestId': 'request-1',
      });
      assert.equal(failed.code, name);
      assert.equal(failed.operation, 'CreateToken');
      assert.equal(failed.error, error);
      assert.equal(failed.error_description, 'Because I say so');
      assert.equal(failed.reason, 'KMS_DisabledException');
      assert.equal(failed.status, status);
      assert.equal(failed.requestId, 'request-1');
      assert.equal(failed.sent, 'maybe');
      assert.equal(failed.ResponseMetadata?.HTTPStatusCode, status);
      assert.equal(failed.isTransient, name === 'InternalServerException');
      assert.match(
        failed.message,
        /^IAM Identity Center can't use the AWS KMS key .*CreateToken at 127.0.0.1:\d+ failed \(.*"Because I say so".*request-1\. [A-Z]/,
      );
    });

    it(`is ${name} from the OAuth code alone`, async () => {
      assert.equal((await refreshError(status, { error })).code, name);
    });
  }

  for (const [name, body, sentence] of [
    // A service that only names its error is quoted with it; the rest is ours.
    ['InvalidGrantException', { error: 'invalid_grant' }, /The code or refresh token is no longer valid\./],
    ['InvalidRequestException', {}, /The request isn't valid\./],
  ] as const) {
    it(`is never just ${name}: what happened, the request id and what to do (aws-toolkit-vscode#3064, aws-cli#7129)`, async () => {
      const { message } = await refreshError(400, body, {
        'x-amzn-ErrorType': name,
        'x-amzn-RequestId': 'request-1',
      });
      assert.match(message, /^[A-Z].*\. CreateToken at 127.0.0.1:\d+ failed \(/);
      assert.match(message, sentence);
      assert.match(message, /HTTP 400.*Request ID: request-1\. (Sign in again|Check the connection's)/);
      assert.doesNotMatch(message, /UnknownError|undefined|""/);
    });
  }

  it('is InvalidRequestRegionException with the endpoint and the region to use', async () => {
    const body = {
      error: 'invalid_request',
      endpoint: 'https://oidc.us-east-1.amazonaws.com',
      region: 'us-east-1',
    };
    const failed = await refreshError(400, body, { 'x-amzn-ErrorType': 'InvalidRequestRegionException' });
    assert.equal(failed.code, 'InvalidRequestRegionException');
    assert.equal(failed.endpoint, 'https://oidc.us-east-1.amazonaws.com');
    assert.equal(failed.region, 'us-east-1');
    assert.match(failed.message, /another region\. .*The service asks to use the region us-east-1\./);
  });

  for (const [name, status] of [
    ['InvalidRequestException', 400],
    ['UnauthorizedException', 401],
    ['ForbiddenException', 403],
    ['ResourceNotFoundException', 404],
    ['TooManyRequestsException', 429],
  ] as const) {
    it(`of the portal is ${name}`, async () => {
      const body = { message: 'Session token not found', __type: `com.amazonaws.switchboard.portal#${name}` };
      await using server = await answering(status, JSON.stringify(body));
      const portal = new SsoPortalClient({ endpoint: server.url, clock: new HastyClock() });
      const failed = await errorOf(portal.listAccounts({ accessToken: 'a-portal-access-token' }));
      assert.equal(failed.code, name);
      assert.equal(failed.error_description, 'Session token not found');
      assert.equal(failed.isTransient, name === 'TooManyRequestsException');
    });
  }

  it('that the model does not know says nothing about the session', async () => {
    for (const [status, body] of [
      [403, { message: 'Forbidden' }],
      [401, { error: 'unauthorized' }],
      [400, { __type: 'UnknownOperationException' }],
      [400, { error: 'toString' }],
      [418, []],
      [400, 'null'],
      [400, '7'],
    ] as const) {
      const failed = await refreshError(status, body);
      assert(['UnexpectedStatus', 'EmptyBody'].includes(failed.code), failed.message);
      assert(failed.isTransient, failed.message);
    }
  });

  it('that comes with 429 or a 5xx status says nothing about the session', async () => {
    for (const status of [429, 500, 503]) {
      assert((await refreshError(status, { error: 'invalid_grant' })).isTransient);
    }
  });

  it('keeps headers out of what a log prints', async () => {
    const failed = await refreshError(400, { error: 'invalid_grant' }, { 'x-private': 'header-value' });
    assert.equal(failed.ResponseMetadata?.HTTPHeaders['x-private'], 'header-value');
    assert.doesNotMatch(inspect(failed, { depth: 9 }) + JSON.stringify(failed), /header-value/);
  });

  it('never repeats a secret that was sent', async () => {
    const { refreshToken, clientSecret } = SECRETS;
    const echo = [
      refreshToken,
      `"${clientSecret}"`,
      encodeURIComponent(refreshToken),
      refreshToken.slice(0, 20),
      clientSecret.slice(5),
    ].join(' and ');
    const failed = await refreshError(
      400,
      { error: clientSecret, error_description: `No ${echo}`, reason: refreshToken, endpoint: refreshToken },
      { 'x-amzn-ErrorType': clientSecret, 'x-amzn-RequestId': refreshToken },
    );
    const printed = inspect(failed) + JSON.stringify(failed) + failed.message;
    assert.doesNotMatch(printed, /aorAAAAAG|0123456789|MGQCMH|7e1f4d2c9ab8/);
    assert.match(failed.error_description ?? '', /^No \[redacted\] and/);
  });

  it('keeps its words to one line of bounded length, without control characters', async () => {
    const error_description = `a\u0000b\r\nc\u001B[31m\u202Ed ${'😀'.repeat(5000)}`;
    const failed = await refreshError(400, { error: 'invalid_grant', error_description });
    assert.match(failed.error_description ?? '', /^a b c \[31m d 😀/u);
    assert(failed.message.length < 1000, `${failed.message.length} characters`);
    assert(failed.message.isWellFormed());
    assert.doesNotMatch(failed.message, /[\p{Cc}\p{Cf}]/u);
  });

  it('tells how long the service asks to wait, by its own clock', async () => {
    await using seconds = await answering(503, '{}', { 'retry-after': '7' });
    assert.equal((await errorOf(clientOf(seconds).createToken(DEVICE_POLL))).retryAfterMs, 7000);
    await using date = await answering(503, '<html>', {
      date: 'Fri, 02 Jan 2015 00:00:00 GMT',
      'retry-after': 'Fri, 02 Jan 2015 00:00:30 GMT',
    });
    assert.equal((await errorOf(clientOf(date).createToken(DEVICE_POLL))).retryAfterMs, 30_000);
    await using forever = await answering(503, '{}', { 'retry-after': '9'.repeat(400) });
    assert.equal((await errorOf(clientOf(forever).createToken(DEVICE_POLL))).retryAfterMs, 3_600_000);
    await using nonsense = await answering(503, '{}', { 'retry-after': 'soon' });
    assert.equal((await errorOf(clientOf(nonsense).createToken(DEVICE_POLL))).retryAfterMs, undefined);
  });
});
