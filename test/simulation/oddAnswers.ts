import type { Random } from '../../src/common/random.ts';
import { issuedTokens } from '../../src/flows/tokens.ts';
import type { IssuedTokens } from '../../src/flows/tokens.ts';
import { parseBody } from '../../src/wire/http.ts';
import type { HttpRequest } from '../../src/wire/request.ts';
import { createTokenResponse } from '../../src/oidc/model.ts';
import { processResponse } from '../../src/wire/response.ts';

const REQUEST: HttpRequest = {
  operation: 'CreateToken',
  method: 'POST',
  url: new URL('https://oidc.eu-central-1.amazonaws.com/token'),
  headers: {},
  secrets: [],
};

interface Answer {
  readonly status: number;
  readonly body: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}

const DENIED = 'User: anonymous is not authorized to perform: sso-oauth:CreateToken with an explicit deny';
const NAMED = { 'x-amzn-errortype': 'AccessDeniedException' };

/** What gateways, firewalls, policies and a customer's KMS key answer in the service's place. */
const FRONT_DOORS: readonly Answer[] = [
  { status: 403, body: { Message: DENIED }, headers: NAMED },
  { status: 400, body: { message: DENIED }, headers: NAMED },
  { status: 400, body: { __type: 'com.amazon.coral.service#AccessDeniedException', Message: DENIED } },
  { status: 400, body: {}, headers: { 'x-amzn-errortype': 'InvalidGrantException' } },
  {
    status: 401,
    body: { message: 'Unauthorized' },
    headers: { 'x-amzn-errortype': 'UnauthorizedException' },
  },
  { status: 403, body: { message: 'Forbidden' }, headers: { 'x-amzn-errortype': 'ForbiddenException' } },
  { status: 404, body: { message: 'no Route matched with those values' } },
  { status: 403, body: { error: 'access_denied', error_description: 'Blocked by the proxy.' } },
  { status: 403, body: '<html><h1>Blocked</h1></html>', headers: NAMED },
  { status: 404, body: '' },
  { status: 400, body: { error: 'access_denied', reason: 'KMS_AccessDeniedException' }, headers: NAMED },
];

/**
 * What the wire makes of one of them, drawn by chance.
 * @throws SsoOidcError
 */
export function answerAtFrontDoor(random: Random): never {
  const answer = pick(FRONT_DOORS, random);
  read(answer);
  throw new Error(`An answer that refuses was taken for a token: ${JSON.stringify(answer)}`);
}

const ODD_MEMBERS: readonly object[] = [
  { expiresIn: 0 },
  { expiresIn: 3600.5 },
  { expiresIn: '3600' },
  { expiresIn: -1 },
  { expiresIn: null },
  { expiresIn: 1e300 },
  { idToken: 7 },
  { idToken: '', tokenType: '' },
  { tokenType: ['Bearer'], idToken: {} },
];

/** The same tokens as the wire reads them out of an answer with an odd member, drawn by chance. */
export function withOddMember(issued: IssuedTokens, random: Random): IssuedTokens {
  const { accessToken, refreshToken, issuedAt, expiresAt, client, requestId = '' } = issued;
  const members = {
    accessToken,
    refreshToken,
    tokenType: 'Bearer',
    expiresIn: (expiresAt - issuedAt) / 1000,
  };
  const body = { ...members, ...pick(ODD_MEMBERS, random) };
  const result = read({ status: 200, body, headers: { 'x-amzn-requestid': requestId } });
  return issuedTokens(result, client, issuedAt, true);
}

function read({ status, body, headers = {} }: Answer) {
  const metadata = {
    HTTPStatusCode: status,
    HTTPHeaders: headers,
    RetryAttempts: 0,
    ...('x-amzn-requestid' in headers && { RequestId: headers['x-amzn-requestid'] }),
  };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = { metadata, body: parseBody(text), receivedAt: 0, secrets: [] };
  return processResponse(REQUEST, answer, createTokenResponse);
}

function pick<T>(all: readonly [T, ...T[]] | readonly T[], random: Random): T {
  const one = all[Math.floor(random.uniform() * all.length)];
  if (one === undefined) {
    throw new Error('There is nothing to pick from.');
  }
  return one;
}
