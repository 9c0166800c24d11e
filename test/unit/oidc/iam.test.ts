import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { systemClock } from '../../../src/common/clock.ts';
import { SsoOidcClient } from '../../../src/oidc/client.ts';
import type { SsoOidcClientOptions } from '../../../src/oidc/client.ts';
import { signatureV4 } from '../../../src/oidc/sigv4.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { answering, errorOf, httpServer } from './support.ts';

const REQUEST = {
  clientId: 'arn:aws:sso::123456789012:application/ssoins-1/apl-1',
  grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  assertion: 'SECRET.assertion.of-somebody',
} as const;
const CREDENTIALS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'SECRET-access-key',
  sessionToken: 'SECRET-session-token',
};

function client(endpoint: URL, more: Partial<SsoOidcClientOptions> = {}): SsoOidcClient {
  return new SsoOidcClient({
    endpoint,
    region: 'eu-west-1',
    credentials: () => Promise.resolve(CREDENTIALS),
    signer: signatureV4(systemClock),
    ...more,
  });
}

/** Credentials that never come. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** The signature of `body` at the beginning of time. */
async function sign(body: string): Promise<string | undefined> {
  const signer = signatureV4({ ...systemClock, now: () => 0 });
  const url = new URL('https://oidc.eu-west-1.amazonaws.com/token?aws_iam=t');
  const request = {
    operation: 'CreateTokenWithIAM',
    method: 'POST',
    url,
    headers: {},
    body,
    secrets: [],
  } as const;
  const scope = { service: 'sso-oauth', region: 'eu-west-1', credentials: CREDENTIALS };
  return (await signer(request, scope)).headers['authorization'];
}

describe('a signed request', () => {
  it('carries the signature of its region and service, at the time of the clock', async () => {
    let received: IncomingHttpHeaders = {};
    await using server = await httpServer((request, response) => {
      received = request.headers;
      response.end('{}');
    });
    const now = Date.UTC(2026, 0, 2, 3, 4, 5);
    await client(server.url, {
      signer: signatureV4({ ...systemClock, now: () => now }),
    }).createTokenWithIAM(REQUEST);
    assert.equal(received['x-amz-date'], '20260102T030405Z');
    assert.equal(received['x-amz-security-token'], CREDENTIALS.sessionToken);
    const credential = 'AKIDEXAMPLE/20260102/eu-west-1/sso-oauth/aws4_request';
    assert.ok(
      received.authorization?.startsWith(`AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=`),
      received.authorization,
    );
  });

  it('is the same for the same moment, and another for another body', async () => {
    assert.equal(await sign('{}'), await sign('{}'));
    assert.notEqual(await sign('{}'), await sign('{ }'));
  });
});

describe('credentials', () => {
  it('that cannot be had are an error that says so, without a request', async () => {
    const reason = new Error('Could not load credentials from any providers');
    const credentials = (): Promise<never> => Promise.reject(reason);
    const endpoint = new URL('http://127.0.0.1:1');
    const error = await errorOf(client(endpoint, { credentials }).createTokenWithIAM(REQUEST));
    assert.equal(error.code, 'CredentialsUnavailable');
    assert.equal(error.sent, 'no');
    assert.match(error.message, /Could not load credentials from any providers.*Set them up/s);
    assert.equal(error.isTransient, true);
  });

  it('that hang are given up after a minute', async () => {
    const clock = new VirtualClock();
    const options = { credentials: never, clock };
    const call = client(new URL('http://127.0.0.1:1'), options).createTokenWithIAM(REQUEST);
    assert.deepEqual(clock.delays, [60_000]);
    void clock.advance(60_000);
    assert.equal((await errorOf(call)).code, 'CredentialsUnavailable');
  });

  it('that hang do not hold up a cancel', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const call = client(new URL('http://127.0.0.1:1'), { credentials: never }).createTokenWithIAM(REQUEST, {
      signal,
    });
    const reason = new Error('cancelled');
    controller.abort(reason);
    await assert.rejects(call, reason);
  });

  for (const exception of ['InvalidSignatureException', 'ExpiredTokenException', 'AccessDeniedException']) {
    it(`that AWS refuses with ${exception} and 403 say nothing about the session`, async () => {
      const body = JSON.stringify({ message: 'The security token included in the request is expired' });
      await using server = await answering(403, body, { 'x-amzn-errortype': exception });
      const error = await errorOf(client(server.url).createTokenWithIAM(REQUEST));
      assert.equal(error.code, 'CredentialsRefused');
      assert.equal(error.isTransient, true);
      assert.ok(error.message.includes(exception), error.message);
      assert.match(error.message, /sso-oauth:CreateTokenWithIAM/);
    });
  }

  it('do not show up in an error that repeats the request', async () => {
    const message = `The canonical string should have been x-amz-security-token:${CREDENTIALS.sessionToken} ${REQUEST.assertion}`;
    const headers = { 'x-amzn-errortype': 'InvalidSignatureException' };
    await using server = await answering(403, JSON.stringify({ message }), headers);
    const error = await errorOf(client(server.url).createTokenWithIAM(REQUEST));
    assert.doesNotMatch(`${error.message} ${JSON.stringify(error)}`, /SECRET/);
  });
});
