import assert from 'node:assert/strict';

import type { CreateTokenRequest, ResponseMetadata } from '../../../src/oidc/model.ts';
import { SsoPortalClient } from '../../../src/portal/client.ts';
import { HastyClock } from '../../support/hastyClock.ts';
import {
  answering,
  clientOf,
  DEVICE_POLL,
  errorOf,
  httpServer,
  REFRESH,
  REGISTRATION,
  SECRETS,
} from '../oidc/support.ts';

const ID = '4d1f8a52-6c07-4b7e-9a51-0c8a3c1f2b6d';

const TOKENS = {
  accessToken: 'aoaAAAAAGaccess0f9e8d7c6b5a4e3d2c1b0a',
  refreshToken: 'aorAAAAAGnewrefresh1a2b3c4d5e6f7a8b',
  idToken: 'eyJhbGciOiJub25lIn0XeyJzdWIiOiJwZXJzb24ifQ',
  expiresIn: 3600,
  awsAdditionalDetails: { identityContext: 'IdentityContext9988776655443322' },
};

type Headers = Readonly<Record<string, string>>;

/** The metadata of a refresh that is answered with tokens and these headers. */
async function refreshed(headers: Headers): Promise<ResponseMetadata> {
  await using server = await answering(200, JSON.stringify(TOKENS), headers);
  return (await clientOf(server).createToken(REFRESH)).ResponseMetadata;
}

describe('the metadata of a successful answer', () => {
  it('has the ids that AWS gives to a request', async () => {
    for (const id of [ID, '9F2E8A7B6C5D4E3F', 'request-1', 'EXAMPLE4442587FB7D0A2F9']) {
      const HostId = 'eftixk72aD6Ap51TnqcoF8eFidJG9Z/2mkiDFu8yU9AS1ed4OpIszj7UDNEHGran=';
      const { RequestId, ...metadata } = await refreshed({ 'x-amzn-requestid': id, 'x-amz-id-2': HostId });
      assert.equal(RequestId, id);
      assert.equal(metadata.HostId, HostId);
    }
  });

  for (const [name, echo] of [
    ['the refresh token that was sent', SECRETS.refreshToken],
    ['the client secret that was sent', SECRETS.clientSecret],
    ['a piece of what was sent', SECRETS.clientSecret.slice(3, 20)],
    ['a secret that was sent, in upper case', SECRETS.clientSecret.toUpperCase()],
    ['a secret that was sent, among other things', `id-${SECRETS.clientSecret}-1`],
    ['the access token of the same answer', TOKENS.accessToken],
    ['the refresh token of the same answer', TOKENS.refreshToken],
    ['the ID token of the same answer', TOKENS.idToken],
    ['a piece of a token of the same answer', TOKENS.accessToken.slice(4, 30)],
    ['what lies deeper in the same answer', TOKENS.awsAdditionalDetails.identityContext],
  ] as const) {
    it(`has no id that is ${name}, but the headers as they came`, async () => {
      for (const header of ['x-amzn-requestid', 'x-amz-request-id', 'x-amz-id-2']) {
        const { RequestId, HostId, HTTPHeaders } = await refreshed({ [header]: echo });
        assert.deepEqual({ RequestId, HostId }, { RequestId: undefined, HostId: undefined }, header);
        assert.equal(HTTPHeaders[header], echo);
      }
    });
  }

  it('has no id that does not look like one', async () => {
    for (const id of ['a b', 'x'.repeat(65), `${ID}.${ID}`, '<b>', 'a](command:x)', 'a"b', '-', 'a\u00e9']) {
      assert.equal((await refreshed({ 'x-amzn-requestid': id })).RequestId, undefined, id);
    }
    assert.equal((await refreshed({ 'x-amz-id-2': 'x'.repeat(129) })).HostId, undefined);
  });

  it('falls back to the other name of the header where the first has no id', async () => {
    const headers = { 'x-amzn-requestid': SECRETS.refreshToken, 'x-amz-request-id': ID };
    assert.equal((await refreshed(headers)).RequestId, ID);
  });

  it('is checked for every operation and everything secret in its answer', async () => {
    for (const [member, call] of [
      ['clientSecret', (url: URL) => clientOf({ url }).registerClient(REGISTRATION)],
      [
        'deviceCode',
        (url: URL) =>
          clientOf({ url }).startDeviceAuthorization({
            clientId: 'c',
            clientSecret: 's',
            startUrl: 'https://a',
          }),
      ],
      ['userCode', (url: URL) => clientOf({ url }).createToken(DEVICE_POLL)],
    ] as const) {
      const secret = 'BCDFGHJK-LMNPQRST';
      await using server = await answering(200, JSON.stringify({ [member]: secret }), {
        'x-amzn-requestid': secret,
      });
      assert.equal((await call(server.url)).ResponseMetadata.RequestId, undefined, member);
    }
    for (const member of ['secretAccessKey', 'sessionToken']) {
      const secret = 'FwoGZXIvYXdzEXAMPLEsecret';
      const body = JSON.stringify({ roleCredentials: { [member]: secret } });
      await using server = await answering(200, body, { 'x-amzn-requestid': secret });
      const portal = new SsoPortalClient({ endpoint: server.url, clock: new HastyClock() });
      const role = { accountId: '123456789012', roleName: 'Admin' };
      const { ResponseMetadata } = await portal.getRoleCredentials({
        accessToken: 'a-portal-access-token',
        ...role,
      });
      assert.equal(ResponseMetadata.RequestId, undefined, member);
    }
  });
});

describe('the metadata of a response that cannot be used', () => {
  for (const [name, status, body] of [
    ['breaks off', 200, JSON.stringify(TOKENS).slice(0, 60)],
    ['is of another shape', 200, JSON.stringify([TOKENS])],
    ['is an error with tokens in it', 400, JSON.stringify({ error: 'invalid_grant', ...TOKENS })],
  ] as const) {
    it(`because it ${name} has no token of it for an id, and neither has the message`, async () => {
      const words = `Not ${TOKENS.accessToken}`;
      const text = body.replace('{', `{"error_description":"${words}",`);
      await using server = await answering(status, text, { 'x-amzn-requestid': TOKENS.accessToken });
      const failed = await errorOf(clientOf(server).createToken(REFRESH));
      assert.equal(failed.requestId, undefined);
      assert.equal(failed.ResponseMetadata?.RequestId, undefined);
      assert.ok(!failed.message.includes(TOKENS.accessToken), failed.message);
    });
  }
});

describe('the metadata of a response that is not read to its end', () => {
  for (const [name, code, rest, length] of [
    ['the connection breaks off', 'TruncatedBody', '', 9999],
    ['it is too long', 'OversizedBody', 'x'.repeat(2 ** 20), undefined],
  ] as const) {
    it(`because ${name} has no token of it for an id`, async () => {
      await using server = await httpServer((_, response) => {
        const sized = length === undefined ? {} : { 'content-length': String(length) };
        response.writeHead(200, { 'x-amzn-requestid': TOKENS.accessToken, ...sized });
        response.write(JSON.stringify(TOKENS) + rest, () => response.destroy());
      });
      const failed = await errorOf(clientOf(server).createToken(REFRESH));
      assert.equal(failed.code, code);
      assert.equal(failed.requestId, undefined);
      assert.ok(!failed.message.includes(TOKENS.accessToken), failed.message);
    });
  }
});

describe('what is redacted from the words of the service', () => {
  const SECRET = 'Zk3vJq8w1LmNpRsTuVxYz0123456789';
  const client = { clientId: 'client-id', clientSecret: SECRETS.clientSecret } as const;
  const byCode = { ...client, grantType: 'authorization_code', redirectUri: 'http://127.0.0.1/' } as const;
  const requests: readonly (readonly [member: string, request: CreateTokenRequest])[] = [
    ['deviceCode', { ...DEVICE_POLL, deviceCode: SECRET }],
    ['refreshToken', { ...REFRESH, refreshToken: SECRET }],
    ['clientSecret', { ...REFRESH, clientSecret: SECRET }],
    ['code', { ...byCode, code: SECRET }],
    ['codeVerifier', { ...byCode, code: 'another', codeVerifier: SECRET }],
  ];
  for (const [member, request] of requests) {
    it(`is the ${member} that was sent`, async () => {
      const body = JSON.stringify({ error: 'invalid_grant', error_description: `No ${SECRET}` });
      await using server = await answering(400, body, { 'x-amzn-requestid': SECRET });
      const failed = await errorOf(clientOf(server).createToken(request));
      assert.equal(failed.error_description, 'No [redacted]');
      assert.equal(failed.requestId, undefined);
    });
  }

  for (const [member, grant] of [
    ['assertion', { grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: SECRET }],
    [
      'subjectToken',
      {
        grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subjectToken: SECRET,
        subjectTokenType: 'urn:ietf:params:oauth:token-type:access_token',
      },
    ],
  ] as const) {
    it(`is the ${member} that was sent to be exchanged`, async () => {
      const body = JSON.stringify({ error: 'invalid_grant', error_description: `No ${SECRET}` });
      await using server = await answering(400, body);
      const client = clientOf(server, new HastyClock(), {
        region: 'eu-central-1',
        credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'EXAMPLEKEY' }),
        signer: async (request) => request,
      });
      const failed = await errorOf(
        client.createTokenWithIAM({ clientId: 'arn:aws:sso::1:application/a', ...grant }),
      );
      assert.equal(failed.error_description, 'No [redacted]');
    });
  }
});
