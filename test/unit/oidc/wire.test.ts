import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as aws from '@aws-sdk/client-sso-oidc';
import { SsoOidcClient } from '../../../src/oidc/client.ts';
import type { Listening } from '../../support/listen.ts';
import { answering, errorOf, httpServer } from './support.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly contentType: string | undefined;
  readonly body: unknown;
}

const REGISTER = {
  clientName: 'name',
  clientType: 'public',
  scopes: ['sso:account:access', 'codewhisperer:completions'],
  redirectUris: ['http://127.0.0.1/oauth/callback'],
  grantTypes: ['authorization_code', 'refresh_token'],
  issuerUrl: 'https://acme.awsapps.com/start',
  entitledApplicationArn: 'arn:aws:sso::123456789012:application/ssoins-1/apl-1',
} as const;
const START = { clientId: 'id', clientSecret: 'secret', startUrl: 'https://acme.awsapps.com/start' };
const CODE = {
  clientId: 'id',
  clientSecret: 'secret',
  grantType: 'authorization_code',
  code: 'code',
  redirectUri: 'http://127.0.0.1:1234/oauth/callback',
  codeVerifier: 'verifier',
  scope: ['sso:account:access'],
} as const;
const DEVICE = {
  clientId: 'id',
  clientSecret: 'secret',
  grantType: 'urn:ietf:params:oauth:grant-type:device_code',
  deviceCode: 'device',
} as const;
const EXCHANGE = {
  clientId: 'arn:aws:sso::123456789012:application/ssoins-1/apl-1',
  grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subjectToken: 'subject',
  subjectTokenType: 'urn:ietf:params:oauth:token-type:access_token',
  requestedTokenType: 'urn:ietf:params:oauth:token-type:refresh_token',
  scope: ['openid', 'aws'],
} as const;
const ASSERTION = {
  clientId: 'arn:aws:sso::123456789012:application/ssoins-1/apl-1',
  grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  assertion: 'a.b.c',
} as const;
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

describe('the wire', () => {
  let server: Listening;
  let ours: SsoOidcClient;
  let theirs: aws.SSOOIDCClient;
  const received: Received[] = [];

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    const body = await text(request);
    received.push({
      method,
      url,
      contentType: headers['content-type'],
      body: body === '' ? undefined : JSON.parse(body),
    });
    response.setHeader('content-type', 'application/json').end('{}');
  }

  before(async () => {
    server = await httpServer((request, response) => void receive(request, response));
    const endpoint = new URL('/prefix', server.url);
    ours = new SsoOidcClient({
      endpoint,
      region: 'eu-west-1',
      credentials: async () => credentials,
      signer: async (request) => request,
    });
    theirs = new aws.SSOOIDCClient({ endpoint: endpoint.href, region: 'eu-west-1', credentials });
  });
  after(() => server[Symbol.asyncDispose]());

  /** Both requests, which must not differ. */
  async function assertSame(mine: () => Promise<unknown>, sdk: () => Promise<unknown>): Promise<void> {
    received.length = 0;
    await mine();
    await sdk();
    assert.equal(received.length, 2);
    assert.deepEqual(received[0], received[1]);
  }

  it("sends RegisterClient as AWS's SDK does", () =>
    assertSame(
      () => ours.registerClient(REGISTER),
      () => theirs.send(new aws.RegisterClientCommand(structuredClone(REGISTER) as never)),
    ));

  it("sends StartDeviceAuthorization as AWS's SDK does", () =>
    assertSame(
      () => ours.startDeviceAuthorization(START),
      () => theirs.send(new aws.StartDeviceAuthorizationCommand(START)),
    ));

  for (const request of [CODE, DEVICE]) {
    it(`sends CreateToken with ${request.grantType} as AWS's SDK does`, () =>
      assertSame(
        () => ours.createToken(request),
        () => theirs.send(new aws.CreateTokenCommand(structuredClone(request) as never)),
      ));
  }

  for (const request of [EXCHANGE, ASSERTION]) {
    it(`sends CreateTokenWithIAM with ${request.grantType} as AWS's SDK does`, () =>
      assertSame(
        () => ours.createTokenWithIAM(request),
        () => theirs.send(new aws.CreateTokenWithIAMCommand(structuredClone(request) as never)),
      ));
  }

  it('hands the signer the request, the service, the region and the credentials', async () => {
    const seen: unknown[] = [];
    const client = new SsoOidcClient({
      endpoint: server.url,
      region: 'eu-west-1',
      credentials: async () => credentials,
      signer: async (request, scope) => {
        seen.push(request.url.href, scope);
        return request;
      },
    });
    await client.createTokenWithIAM(ASSERTION);
    assert.deepEqual(seen, [
      new URL('/token?aws_iam=t', server.url).href,
      { service: 'sso-oauth', region: 'eu-west-1', credentials },
    ]);
  });

  it('refuses CreateTokenWithIAM when it cannot be signed, and sends nothing', async () => {
    received.length = 0;
    const error = await errorOf(new SsoOidcClient({ endpoint: server.url }).createTokenWithIAM(ASSERTION));
    assert.equal(error.code, 'SigningUnavailable');
    assert.equal(error.sent, 'no');
    assert.deepEqual(received, []);
  });
});

describe('a result', () => {
  const headers = { 'x-amzn-requestid': 'request-1', 'x-amz-id-2': 'host-1' };
  const token = {
    accessToken: 'access',
    tokenType: 'Bearer',
    expiresIn: 3600,
    refreshToken: 'refresh',
    idToken: 'id',
    issuedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
    scope: ['openid'],
    awsAdditionalDetails: { identityContext: 'context' },
  };

  it('has every member of the model, the metadata, and nothing else', async () => {
    await using server = await answering(200, JSON.stringify({ ...token, unknown: 1 }), headers);
    const client = new SsoOidcClient({
      endpoint: server.url,
      region: 'eu-west-1',
      credentials: async () => credentials,
      signer: async (request) => request,
    });
    const { ResponseMetadata, ...members } = await client.createTokenWithIAM(ASSERTION);
    assert.deepEqual(members, token);
    const { HTTPHeaders, ...metadata } = ResponseMetadata;
    assert.deepEqual(metadata, {
      RequestId: 'request-1',
      HTTPStatusCode: 200,
      RetryAttempts: 0,
      HostId: 'host-1',
    });
    assert.equal(HTTPHeaders['x-amzn-requestid'], 'request-1');
  });

  it('counts a null as absent', async () => {
    await using server = await answering(200, '{"clientId":"id","tokenEndpoint":null,"clientSecret":null}');
    const { ResponseMetadata, ...members } = await new SsoOidcClient({
      endpoint: server.url,
    }).registerClient(REGISTER);
    assert.deepEqual(members, { clientId: 'id' });
    assert.equal('RequestId' in ResponseMetadata, false);
  });
});
