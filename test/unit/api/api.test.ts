import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';

import type * as published from '../../../api/aws-sso-auth.d.ts';
import { createApi } from '../../../src/services/api.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { systemRandom } from '../../../src/common/random.ts';
import type * as connections from '../../../src/connections/connection.ts';
import type { CallOptions, SsoOidcClient } from '../../../src/oidc/client.ts';
import { SsoOidcError } from '../../../src/wire/errors.ts';
import type { EndpointOptions } from '../../../src/oidc/endpoint.ts';
import type * as model from '../../../src/oidc/model.ts';
import type { SsoPortalClient } from '../../../src/portal/client.ts';
import type * as portal from '../../../src/portal/model.ts';
import { manyAssignments } from '../../identity-center/assignments.ts';
import { SdkClient } from '../../identity-center/sdk.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter } from '../../identity-center/server.ts';
import { startTokenIssuer } from '../../identity-center/tokenIssuer.ts';

/** `true` where each of two types may stand for the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Origin = Pick<connections.ConfiguredConnection, 'origin'>;

/** The published declarations say what the source says: this does not compile otherwise. */
const SAME: {
  readonly client: Same<published.OidcClient, Pick<SsoOidcClient, keyof SsoOidcClient>>;
  readonly portalClient: Same<
    Omit<published.PortalClient, `paginate${string}`>,
    Pick<SsoPortalClient, Exclude<keyof SsoPortalClient, 'endpoint'>>
  >;
  readonly endpointOptions: Same<published.EndpointOptions, EndpointOptions>;
  readonly callOptions: Same<published.CallOptions, CallOptions>;
  readonly registerClient: Same<published.RegisterClientRequest, model.RegisterClientRequest>;
  readonly start: Same<published.StartDeviceAuthorizationRequest, model.StartDeviceAuthorizationRequest>;
  readonly createToken: Same<published.CreateTokenRequest, model.CreateTokenRequest>;
  readonly withIAM: Same<published.CreateTokenWithIAMRequest, model.CreateTokenWithIAMRequest>;
  readonly registered: Same<
    Required<published.RegisterClientResponse>,
    Required<model.RegisterClientResponse>
  >;
  readonly started: Same<
    Required<published.StartDeviceAuthorizationResponse>,
    Required<model.StartDeviceAuthorizationResponse>
  >;
  readonly tokens: Same<Required<published.CreateTokenResponse>, Required<model.CreateTokenResponse>>;
  readonly tokensWithIAM: Same<
    Required<published.CreateTokenWithIAMResponse>,
    Required<model.CreateTokenWithIAMResponse>
  >;
  readonly logout: Same<published.LogoutRequest, portal.LogoutRequest>;
  readonly listAccounts: Same<published.ListAccountsRequest, portal.ListAccountsRequest>;
  readonly listAccountRoles: Same<published.ListAccountRolesRequest, portal.ListAccountRolesRequest>;
  readonly getRoleCredentials: Same<published.GetRoleCredentialsRequest, portal.GetRoleCredentialsRequest>;
  readonly account: Same<Required<published.AccountInfo>, Required<portal.AccountInfo>>;
  readonly accounts: Same<Required<published.ListAccountsResponse>, Required<portal.ListAccountsResponse>>;
  readonly role: Same<Required<published.RoleInfo>, Required<portal.RoleInfo>>;
  readonly roles: Same<
    Required<published.ListAccountRolesResponse>,
    Required<portal.ListAccountRolesResponse>
  >;
  readonly credentials: Same<Required<published.RoleCredentials>, Required<portal.RoleCredentials>>;
  readonly metadata: Same<published.ResponseMetadata, model.ResponseMetadata>;
  readonly interactive: Same<published.InteractiveConnection, connections.InteractiveConnection & Origin>;
  readonly exchange: Same<published.ExchangeConnection, connections.ExchangeConnection & Origin>;
  readonly error: SsoOidcError extends published.OidcError ? true : false;
} = {
  client: true,
  portalClient: true,
  endpointOptions: true,
  callOptions: true,
  registerClient: true,
  start: true,
  createToken: true,
  withIAM: true,
  registered: true,
  started: true,
  tokens: true,
  tokensWithIAM: true,
  logout: true,
  listAccounts: true,
  listAccountRoles: true,
  getRoleCredentials: true,
  account: true,
  accounts: true,
  role: true,
  roles: true,
  credentials: true,
  metadata: true,
  interactive: true,
  exchange: true,
  error: true,
};

const ACME: connections.ConfiguredConnection = {
  connection: {
    name: 'acme',
    startUrl: 'https://acme.awsapps.com/start',
    region: 'eu-central-1',
    scopes: ['sso:account:access'],
  },
  origin: 'settings',
};

function api(parts: Partial<Parameters<typeof createApi>[1]> = {}): published.AwsSsoApi {
  return createApi(1, {
    readConnections: async () => [ACME],
    onDidChangeConnections: () => ({ dispose: () => undefined }),
    fetch: globalThis.fetch,
    clock: systemClock,
    random: systemRandom,
    ...parts,
  });
}

describe('the API for other extensions', () => {
  let center: IdentityCenter;
  before(async () => (center = await startIdentityCenter()));
  after(() => center.close());

  it('is declared as it is', () => {
    assert.ok(Object.values(SAME).every(Boolean));
  });

  it('has version 1, and says so to whoever asks for another', () => {
    assert.equal(api().version, 1);
    assert.throws(() => createApi(2, undefined as never), /no version 2 of its API, but version 1/);
  });

  it('lists the connections, as copies', async () => {
    const [connection] = await api().getConnections();
    assert.deepEqual(connection, { ...ACME.connection, origin: 'settings' });
    (connection as unknown as { scopes: string[] }).scopes.push('changed');
    assert.deepEqual(ACME.connection.scopes, ['sso:account:access']);
  });

  it('tells when they may have changed', () => {
    const emitter = new EventEmitter();
    let changes = 0;
    const subscription = api({
      onDidChangeConnections: (listener) => {
        emitter.on('change', listener);
        return { dispose: () => emitter.off('change', listener) };
      },
    }).onDidChangeConnections(() => (changes += 1));
    emitter.emit('change');
    subscription.dispose();
    emitter.emit('change');
    assert.equal(changes, 1);
  });

  it("lists accounts and roles, gets credentials and logs out with the caller's access token, over the editor's network", async function () {
    this.timeout(10_000);
    const own = await startIdentityCenter();
    const registered = await SdkClient.register(own);
    try {
      own.assign(manyAssignments(2, 3));
      const { accessToken } = await registered.signIn(own);
      const requested: string[] = [];
      const fetch: typeof globalThis.fetch = (url, init) => {
        requested.push(new URL(url instanceof Request ? url.url : url).pathname);
        return globalThis.fetch(url, init);
      };
      const client = api({ fetch }).createPortalClient({ endpoint: own.url });
      const { accountList = [], nextToken } = await client.listAccounts({ accessToken, maxResults: 1 });
      assert.equal(typeof nextToken, 'string');
      const ids: (string | undefined)[] = [];
      for await (const page of client.paginateListAccounts({ accessToken, maxResults: 1 })) {
        ids.push(...(page.accountList ?? []).map(({ accountId }) => accountId));
      }
      assert.deepEqual(ids, ['100000000001', '100000000002']);
      const { accountId = '' } = accountList[0] ?? {};
      const roles: (string | undefined)[] = [];
      for await (const page of client.paginateListAccountRoles({ accessToken, accountId, maxResults: 2 })) {
        roles.push(...(page.roleList ?? []).map(({ roleName }) => roleName));
      }
      assert.deepEqual(roles, ['AdministratorAccess', 'PowerUserAccess', 'ReadOnlyAccess']);
      const { roleList = [] } = await client.listAccountRoles({ accessToken, accountId });
      const { roleName = '' } = roleList[0] ?? {};
      const { roleCredentials, ResponseMetadata } = await client.getRoleCredentials({
        accessToken,
        accountId,
        roleName,
      });
      assert.match(roleCredentials?.accessKeyId ?? '', /^ASIA/);
      assert.equal(ResponseMetadata.HTTPStatusCode, 200);
      await client.logout({ accessToken });
      assert.equal(await own.isTokenActive(accessToken), false);
      await assert.rejects(client.listAccounts({ accessToken }), {
        code: 'UnauthorizedException',
        status: 401,
      });
      assert.equal(requested.filter((path) => path === '/assignment/accounts').length, 4);
    } finally {
      registered.dispose();
      await own.close();
    }
  });

  it("asks the portal with the caller's access token alone: it has none of its own", async () => {
    const client = api().createPortalClient({ endpoint: center.url });
    const error = await client.listAccounts({ accessToken: 'made-up' }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof SsoOidcError);
    assert.equal(error.code, 'UnauthorizedException');
  });

  it("signs in with the caller's own registration, over the editor's network", async () => {
    const requested: string[] = [];
    const fetch: typeof globalThis.fetch = (url, init) => {
      requested.push(new URL(url instanceof Request ? url.url : url).pathname);
      return globalThis.fetch(url, init);
    };
    const client = api({ fetch }).createOidcClient({ endpoint: center.url });
    const { clientId = '', clientSecret = '' } = await client.registerClient({
      clientName: 'another extension',
      clientType: 'public',
      scopes: ['sso:account:access'],
    });
    const { startUrl } = center;
    const { userCode = '', deviceCode = '' } = await client.startDeviceAuthorization({
      clientId,
      clientSecret,
      startUrl,
    });
    await center.approve(userCode);
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    const { accessToken = '' } = await client.createToken({ clientId, clientSecret, grantType, deviceCode });
    assert.ok(await center.isTokenActive(accessToken));
    assert.deepEqual(requested, ['/client/register', '/device_authorization', '/token']);
  });

  it("calls CreateTokenWithIAM with the caller's credentials", async () => {
    const issuer = await startTokenIssuer();
    const trusting = await startIdentityCenter({ trustedIssuers: [issuer] });
    try {
      const { applicationArn: clientId, region, credentials } = trusting.iam;
      const client = api().createOidcClient({
        endpoint: trusting.url,
        region,
        credentials: async () => credentials,
      });
      const assertion = await issuer.issue({ email: 'jane@example.com' });
      const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
      const { accessToken = '' } = await client.createTokenWithIAM({ clientId, grantType, assertion });
      assert.ok(await trusting.isTokenActive(accessToken));
    } finally {
      await Promise.all([issuer.close(), trusting.close()]);
    }
  });

  it('never signs with credentials that the caller did not bring', async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...rest } = process.env;
    process.env = { ...rest, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
    try {
      const client = api().createOidcClient({ endpoint: center.url, region: 'us-east-1' });
      const grant = { grantType: 'refresh_token', refreshToken: 'any' } as const;
      await assert.rejects(
        client.createTokenWithIAM({ clientId: 'arn:aws:sso::1:application/x', ...grant }),
        {
          code: 'SigningUnavailable',
        },
      );
    } finally {
      process.env = {
        ...rest,
        ...(AWS_ACCESS_KEY_ID !== undefined && { AWS_ACCESS_KEY_ID }),
        ...(AWS_SECRET_ACCESS_KEY !== undefined && { AWS_SECRET_ACCESS_KEY }),
      };
    }
  });

  it('exports functions, and no access to what they share with us', async () => {
    const client = api().createOidcClient({ endpoint: center.url });
    const portal = api().createPortalClient({ endpoint: center.url });
    for (const shared of [api(), client, portal]) {
      assert.ok(Object.isFrozen(shared));
      assert.equal(Object.getPrototypeOf(shared), Object.prototype);
    }
  });

  it('refuses an endpoint that is not safe', () => {
    assert.throws(() => api().createOidcClient({ endpoint: 'http://example.com' }), SsoOidcError);
    assert.throws(() => api().createPortalClient({ endpoint: 'http://example.com' }), SsoOidcError);
    assert.throws(() => api().createPortalClient({}), { code: 'InvalidEndpoint' });
  });
});
