import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import * as aws from '@aws-sdk/client-sso-oidc';
import { systemClock } from '../../src/common/clock.ts';
import { SsoOidcClient } from '../../src/oidc/client.ts';
import { resolveOidcEndpoint } from '../../src/oidc/endpoint.ts';
import { SsoOidcError } from '../../src/wire/errors.ts';
import type * as model from '../../src/oidc/model.ts';
import { signatureV4 } from '../../src/oidc/sigv4.ts';
import { ApiTable } from './apiTable.ts';
import { Browser } from './browser.ts';
import { GRANT_TYPES, IAM_GRANT_TYPES, PUBLIC_GRANT_TYPES, TOKEN_TYPES } from './grants.ts';
import { startRecorder } from './recorder.ts';
import type { Recorder, Recording } from './recorder.ts';
import { present } from './sdk.ts';
import { startIdentityCenter } from './server.ts';
import type { IdentityCenter } from './server.ts';
import { startTokenIssuer } from './tokenIssuer.ts';
import type { TokenIssuer } from './tokenIssuer.ts';
import {
  assertDocumented,
  assertSameMetadata,
  chooseTheSameHosts,
  lazy,
  membersIn,
  missingIn,
  modelledErrors,
  sendBoth,
  titleOf,
  whileThrowing,
} from './wireEquality.ts';
import type { Operation } from './wireEquality.ts';
import { nonEmpty } from '../unit/support/nonEmpty.ts';

const REGION = 'eu-central-1';
const REDIRECT_URI = 'http://127.0.0.1:49152/oauth/callback';
const A_CLIENT = { clientName: 'a client', clientType: 'public' } as const;
const IN_README = new Set([
  'RegisterClient',
  'StartDeviceAuthorization',
  'CreateToken',
  'CreateTokenWithIAM',
  'ResponseMetadata',
]);

/** What can be used once only, so that each client needs its own. */
const SINGLE_USE = ['code', 'deviceCode', 'refreshToken'];

type Call<Request> = Operation<SsoOidcClient, aws.SSOOIDCClient, Request>;

const REGISTER_CLIENT: Call<model.RegisterClientRequest> = {
  name: 'RegisterClient',
  ours: (client, request) => client.registerClient(request),
  theirs: (client, request) => client.send(new aws.RegisterClientCommand(mutable(request))),
};
const START_DEVICE_AUTHORIZATION: Call<model.StartDeviceAuthorizationRequest> = {
  name: 'StartDeviceAuthorization',
  ours: (client, request) => client.startDeviceAuthorization(request),
  theirs: (client, request) => client.send(new aws.StartDeviceAuthorizationCommand(request)),
};
const CREATE_TOKEN: Call<model.CreateTokenRequest> = {
  name: 'CreateToken',
  ours: (client, request) => client.createToken(request),
  theirs: (client, request) => client.send(new aws.CreateTokenCommand(mutable(request))),
};
const CREATE_TOKEN_WITH_IAM: Call<model.CreateTokenWithIAMRequest> = {
  name: 'CreateTokenWithIAM',
  ours: (client, request) => client.createTokenWithIAM(request),
  theirs: (client, request) => client.send(new aws.CreateTokenWithIAMCommand(mutable(request))),
};

describe("our client and AWS's SDK", () => {
  const table = new ApiTable();
  let issuer: TokenIssuer;
  let center: IdentityCenter;
  let recorder: Recorder;
  let ours: SsoOidcClient;
  let theirs: aws.SSOOIDCClient;

  before(async () => {
    issuer = await startTokenIssuer();
    center = await startIdentityCenter({ region: REGION, trustedIssuers: [issuer] });
    recorder = await startRecorder(center.url);
    const { credentials } = center.iam;
    const signer = signatureV4(systemClock);
    const endpoint = new URL(recorder.url);
    ours = new SsoOidcClient({ endpoint, region: REGION, credentials: async () => credentials, signer });
    theirs = new aws.SSOOIDCClient({ endpoint: recorder.url, region: REGION, credentials, maxAttempts: 1 });
  });
  after(() => {
    theirs.destroy();
    return Promise.all([recorder.close(), center.close(), issuer.close()]);
  });

  /** A test that both clients send the same and read the answer without loss. `request` makes one for each. */
  function sends<Request extends object>(
    title: string,
    operation: Call<Request>,
    request: () => Promise<NoInfer<Request>>,
  ): void {
    it(title, async function () {
      const [mine, their] = [await request(), await request()];
      const [sent, wanted] = await sendBoth(recorder, operation, [ours, mine], [theirs, their]);
      assert.deepEqual(onTheWire(sent), onTheWire(wanted));
      note(titleOf(this), operation.name, sent);
    });
  }

  function note(test: string, subject: string, { request, answer }: Recording): void {
    const members = membersOf(request.body);
    if (typeof members['grantType'] === 'string') {
      table.add({ subject, kind: 'grant', item: members['grantType'], test });
    } else {
      table.add({ subject, kind: 'operation', item: `${request.method} ${request.path}`, test });
    }
    for (const item of Object.keys(members)) {
      table.add({ subject, kind: 'in the request', item, test });
    }
    for (const item of Object.keys(answer)) {
      table.add({ subject, kind: 'in the response', item, test });
    }
    for (const item of Object.keys(answer['awsAdditionalDetails'] ?? {})) {
      table.add({ subject, kind: 'in the response', item: `awsAdditionalDetails.${item}`, test });
    }
  }

  async function register(more: Partial<model.RegisterClientRequest> = {}) {
    const request = {
      clientName: 'wire',
      clientType: 'public',
      scopes: ['sso:account:access'],
      ...more,
    } as const;
    const { clientId, clientSecret } = await ours.registerClient(request);
    return { clientId: present(clientId), clientSecret: present(clientSecret) };
  }

  async function signIn() {
    const client = await register();
    const { startUrl } = center;
    const { userCode, deviceCode } = await ours.startDeviceAuthorization({ ...client, startUrl });
    await center.approve(present(userCode));
    return { ...client, deviceCode: present(deviceCode) };
  }

  async function approvedCode(clientId: string, codeVerifier: string): Promise<string> {
    const url = new URL(`${center.pageUrl}/authorize`);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: REDIRECT_URI,
      code_challenge_method: 'S256',
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      scopes: 'sso:account:access openid',
    }).toString();
    const { url: callback } = await new Browser().decide(url, 'approve');
    return present(callback.searchParams.get('code') ?? undefined);
  }

  const shared = lazy(async () => ({
    publicClient: await register({
      scopes: ['sso:account:access', 'openid'],
      grantTypes: [GRANT_TYPES.authorizationCode, GRANT_TYPES.refreshToken],
      redirectUris: ['http://127.0.0.1/oauth/callback'],
    }),
    codeVerifier: randomBytes(48).toString('base64url'),
    assertion: await issuer.issue({ email: 'jane@example.com' }),
    subjectToken: present(
      (await ours.createToken({ ...(await signIn()), grantType: GRANT_TYPES.deviceCode })).accessToken,
    ),
    deviceClient: await register(),
  }));

  sends('register a client for the device code', REGISTER_CLIENT, async () => ({
    ...A_CLIENT,
    scopes: ['sso:account:access', 'codewhisperer:completions'],
  }));

  sends('register a client for the authorization code, with every member', REGISTER_CLIENT, async () => ({
    ...A_CLIENT,
    scopes: ['sso:account:access'],
    grantTypes: [GRANT_TYPES.authorizationCode, GRANT_TYPES.refreshToken],
    redirectUris: ['http://127.0.0.1/oauth/callback'],
    issuerUrl: 'https://d-1234567890.awsapps.com/start',
    entitledApplicationArn: 'arn:aws:sso::123456789012:application/ssoins-1/apl-1',
  }));

  sends('start a device authorization', START_DEVICE_AUTHORIZATION, async () => ({
    ...(await shared()).deviceClient,
    startUrl: center.startUrl,
  }));

  sends('exchange a device code', CREATE_TOKEN, async () => {
    const client = (await shared()).deviceClient;
    const started = await ours.startDeviceAuthorization({ ...client, startUrl: center.startUrl });
    await center.approve(present(started.userCode));
    return { ...client, grantType: GRANT_TYPES.deviceCode, deviceCode: present(started.deviceCode) };
  });

  sends('exchange an authorization code, with its verifier and scopes', CREATE_TOKEN, async () => {
    const { publicClient, codeVerifier } = await shared();
    return {
      ...publicClient,
      grantType: GRANT_TYPES.authorizationCode,
      code: await approvedCode(publicClient.clientId, codeVerifier),
      redirectUri: REDIRECT_URI,
      codeVerifier,
      scope: ['sso:account:access', 'openid'],
    };
  });

  sends('refresh', CREATE_TOKEN, async () => {
    const { publicClient, codeVerifier } = await shared();
    const { refreshToken } = await ours.createToken({
      ...publicClient,
      grantType: GRANT_TYPES.authorizationCode,
      code: await approvedCode(publicClient.clientId, codeVerifier),
      redirectUri: REDIRECT_URI,
      codeVerifier,
    });
    return { ...publicClient, grantType: GRANT_TYPES.refreshToken, refreshToken: present(refreshToken) };
  });

  sends('exchange a JSON Web Token, signed', CREATE_TOKEN_WITH_IAM, async () => ({
    clientId: center.iam.applicationArn,
    grantType: GRANT_TYPES.jwtBearer,
    assertion: (await shared()).assertion,
    scope: ['openid', 'aws', 'sts:identity_context'],
  }));

  sends('exchange an access token, signed', CREATE_TOKEN_WITH_IAM, async () => ({
    clientId: center.iam.applicationArn,
    grantType: GRANT_TYPES.tokenExchange,
    subjectToken: (await shared()).subjectToken,
    subjectTokenType: TOKEN_TYPES.accessToken,
    requestedTokenType: TOKEN_TYPES.refreshToken,
  }));

  sends('exchange an authorization code of an application, signed', CREATE_TOKEN_WITH_IAM, async () => {
    const { codeVerifier } = await shared();
    const clientId = center.iam.applicationArn;
    return {
      clientId,
      grantType: GRANT_TYPES.authorizationCode,
      code: await approvedCode(clientId, codeVerifier),
      redirectUri: REDIRECT_URI,
      codeVerifier,
    };
  });

  sends('refresh a session of an application, signed', CREATE_TOKEN_WITH_IAM, async () => {
    const clientId = center.iam.applicationArn;
    const { assertion } = await shared();
    const grant = { grantType: GRANT_TYPES.jwtBearer, assertion } as const;
    const { refreshToken } = await ours.createTokenWithIAM({ clientId, ...grant });
    return { clientId, grantType: GRANT_TYPES.refreshToken, refreshToken: present(refreshToken) };
  });

  describe('read the same in', () => {
    const MEMBERS = {
      error: 'the_error',
      error_description: 'What the service says.',
      reason: 'a reason',
      endpoint: 'https://oidc.eu-west-1.amazonaws.com',
      region: 'eu-west-1',
    } as const;
    const REQUEST = {
      clientId: 'id',
      clientSecret: 'secret',
      grantType: 'refresh_token',
      refreshToken: 'a refresh token',
    } as const;

    interface Thrown {
      readonly own: SsoOidcError;
      readonly their: aws.SSOOIDCServiceException & Partial<typeof MEMBERS>;
    }

    /** What each client throws at an answer. */
    async function thrown(status: number, exception: string, body: object): Promise<Thrown> {
      const shape = 'com.amazonaws.ssooidc';
      return whileThrowing({ name: exception, shape, status }, {}, body, async (endpoint) => {
        const sdk = new aws.SSOOIDCClient({ endpoint: endpoint.origin, region: REGION, maxAttempts: 1 });
        try {
          const client = new SsoOidcClient({ endpoint });
          const own = await client.createToken(REQUEST).catch((error: unknown) => error);
          const their = await sdk.send(new aws.CreateTokenCommand(REQUEST)).catch((error: unknown) => error);
          assert.ok(own instanceof SsoOidcError, String(own));
          assert.ok(their instanceof aws.SSOOIDCServiceException, String(their));
          return { own, their };
        } finally {
          sdk.destroy();
        }
      });
    }

    for (const { name, status, members } of nonEmpty(
      'exception in the model',
      modelledErrors(aws, 'com.amazonaws.ssooidc'),
    )) {
      it(name, async function () {
        const test = titleOf(this);
        const { own, their } = await thrown(status, name, MEMBERS);
        assert.equal(own.code, their.name);
        assert.equal(own.status, their.$metadata.httpStatusCode);
        table.add({ subject: 'Errors', kind: `exception, HTTP ${status}`, item: name, test });
        for (const member of members as readonly (keyof typeof MEMBERS)[]) {
          assert.equal(own[member], MEMBERS[member]);
          assert.equal(own[member], their[member]);
          table.add({ subject: 'Errors', kind: `in ${name}`, item: member, test });
        }
      });
    }

    for (const [exception, reasons] of [
      ['AccessDeniedException', aws.AccessDeniedExceptionReason],
      ['InvalidRequestException', aws.InvalidRequestExceptionReason],
    ] as const) {
      it(`every reason of ${exception}`, async function () {
        const test = titleOf(this);
        for (const reason of nonEmpty('reason in the model', Object.values(reasons))) {
          const { own, their } = await thrown(400, exception, { ...MEMBERS, reason });
          assert.equal(own.reason, reason);
          assert.equal(own.reason, their.reason);
          table.add({ subject: 'Errors', kind: `reason of ${exception}`, item: reason, test });
        }
      });
    }

    it("a response's metadata", async function () {
      const test = titleOf(this);
      const { own, their } = await thrown(400, 'InvalidGrantException', MEMBERS);
      assertSameMetadata(present(own.ResponseMetadata), their.$metadata);
      for (const item of Object.keys(present(own.ResponseMetadata))) {
        table.add({ subject: 'ResponseMetadata', kind: 'member', item, test });
      }
    });
  });

  describe('choose the same host', () => {
    chooseTheSameHosts(table, 'Hosts', resolveOidcEndpoint, (wanted) =>
      theirs.config.endpointProvider(wanted),
    );
  });

  describe('together', () => {
    it("have shown everything that is in AWS's model", () => {
      const { missing, need } = missingIn(table, [
        aws.RegisterClient$,
        aws.StartDeviceAuthorization$,
        aws.CreateToken$,
        aws.CreateTokenWithIAM$,
      ]);
      membersIn(aws.AwsAdditionalDetails$).forEach((item) =>
        need('CreateTokenWithIAM', 'in the response', `awsAdditionalDetails.${item}`),
      );
      PUBLIC_GRANT_TYPES.forEach((item) => need('CreateToken', 'grant', item));
      IAM_GRANT_TYPES.forEach((item) => need('CreateTokenWithIAM', 'grant', item));
      assert.deepEqual(missing, []);
    });

    it('are in docs/api.md and the README as these tests have shown them (else run `npm run api-table`)', () =>
      assertDocumented('sso-oidc', table, IN_README));
  });
});

/** All that must be equal: what can be used once is replaced by its type. */
function onTheWire({ request, status }: Recording): object {
  const { method, path, query, headers, body } = request;
  const members = membersOf(body);
  for (const name of SINGLE_USE.filter((name) => name in members)) {
    members[name] = typeof members[name];
  }
  const authorization = headers.authorization?.replace(/, ?/g, ',').replace(/Signature=.*/, '');
  return {
    method,
    path,
    query: query.toString(),
    contentType: headers['content-type'],
    members,
    // The service has checked both signatures, else it would not answer like this.
    status,
    signedFor: authorization?.replace(/SignedHeaders=.*/, ''),
  };
}

function membersOf(body: string): Record<string, unknown> {
  return JSON.parse(body) as Record<string, unknown>;
}

/** The SDK's types want arrays that may be changed. */
function mutable(request: object): never {
  return structuredClone(request) as never;
}
