import type { Provider } from 'oidc-provider';
import type { Random } from '../../src/common/random.ts';
import { isImpossibleAt } from '../../src/connections/startUrl/builderId.ts';
import type { MemoryStore } from './adapter.ts';
import { ENGINE_PATHS } from './engine.ts';
import type { EngineClient } from './engineClient.ts';
import { OidcError } from './errors.ts';
import { GRANT_TYPES, PUBLIC_GRANT_TYPES } from './grants.ts';
import type { ApiRequest, ApiResponse, Operation } from './http.ts';
import { json } from './http.ts';
import { createTokenWithIAM } from './iamApi.ts';
import type { IamApiParts } from './iamApi.ts';
import type { PollingGate } from './polling.ts';
import { registeredScope, SCOPES } from './scopes.ts';
import {
  CreateTokenRequest,
  DeviceAuthorization,
  parseBody,
  RegisterClientRequest,
  Registration,
  StartDeviceAuthorizationRequest,
  tokenForm,
  Tokens,
} from './wire.ts';

type Client = InstanceType<Provider['Client']>;

/** What the sso-oidc operations stand on. */
export interface OidcApiParts {
  readonly engine: Provider;
  readonly store: MemoryStore;
  readonly gate: PollingGate;
  readonly random: Random;
  readonly engineClient: EngineClient;
  /** Origin of the JSON API. */
  readonly apiUrl: string;
  /** Origin of the pages. */
  readonly pageUrl: string;
  readonly startUrls: ReadonlySet<string>;
  readonly intervalSeconds: number;
  readonly clientTtlSeconds: number;
  readonly iam: IamApiParts;
}

/** The operations of sso-oidc by method and path, each translated to the engine's standard endpoint and back. */
export function oidcOperations(parts: OidcApiParts): Readonly<Record<string, Operation>> {
  return {
    'POST /client/register': (request) => registerClient(parts, request),
    'POST /device_authorization': (request) => startDeviceAuthorization(parts, request),
    'POST /token': (request) =>
      request.query.get('aws_iam') === 't'
        ? createTokenWithIAM(parts.iam, request)
        : createToken(parts, request),
  };
}

async function registerClient(parts: OidcApiParts, { body }: ApiRequest): Promise<ApiResponse> {
  const request = parseBody(RegisterClientRequest, body);
  if (request.clientType !== 'public') {
    throw new OidcError('invalid_client_metadata', 'The client type must be public.');
  }
  const unknown = request.scopes?.find((scope) => !SCOPES.includes(scope));
  if (unknown !== undefined) {
    throw new OidcError('invalid_scope', `The scope ${unknown} does not exist.`);
  }
  if (isImpossibleAt(request.issuerUrl ?? '', request.scopes ?? [])) {
    throw new OidcError('invalid_scope', 'An AWS Builder ID has no AWS accounts.');
  }
  const grantTypes = request.grantTypes ?? [GRANT_TYPES.deviceCode, GRANT_TYPES.refreshToken];
  const unsupported = grantTypes.find((grantType) => !isSupported(grantType));
  if (unsupported !== undefined) {
    throw new OidcError('unsupported_grant_type', `The grant type ${unsupported} is not supported.`);
  }
  const usesCode = grantTypes.includes(GRANT_TYPES.authorizationCode);
  const registration = await parts.engineClient.postJson(
    ENGINE_PATHS.registration,
    {
      client_name: request.clientName,
      grant_types: grantTypes,
      response_types: usesCode ? ['code'] : [],
      redirect_uris: request.redirectUris ?? [],
      ...(request.scopes?.length ? { scope: request.scopes.join(' ') } : {}),
    },
    Registration,
  );
  const expiresAt = registration.client_id_issued_at + parts.clientTtlSeconds;
  const metadata = parts.store.entries('Client').get(registration.client_id);
  if (metadata !== undefined) {
    // The engine issues secrets that never expire, and honours the time once it is there.
    metadata.client_secret_expires_at = expiresAt;
  }
  return json(200, {
    clientId: registration.client_id,
    clientSecret: registration.client_secret,
    clientIdIssuedAt: registration.client_id_issued_at,
    clientSecretExpiresAt: expiresAt,
    ...(usesCode
      ? { authorizationEndpoint: `${parts.pageUrl}/authorize`, tokenEndpoint: `${parts.apiUrl}/token` }
      : {}),
  });
}

async function startDeviceAuthorization(parts: OidcApiParts, { body }: ApiRequest): Promise<ApiResponse> {
  const request = parseBody(StartDeviceAuthorizationRequest, body);
  if (!parts.startUrls.has(request.startUrl)) {
    throw new OidcError('invalid_request', 'The start URL is not known in this region.');
  }
  const client = await parts.engine.Client.find(request.clientId);
  requireGrantType(client, GRANT_TYPES.deviceCode);
  if (isImpossibleAt(request.startUrl, registeredScope(client).split(' '))) {
    // Of what the service model has for this operation, it fits best: how AWS itself refuses is not documented.
    throw new OidcError('unauthorized_client', 'An AWS Builder ID has no AWS accounts.');
  }
  const answer = await parts.engineClient.postForm(
    ENGINE_PATHS.device_authorization,
    {
      client_id: request.clientId,
      client_secret: request.clientSecret,
      scope: registeredScope(client),
    },
    DeviceAuthorization,
  );
  const verificationUri = `${parts.pageUrl}${ENGINE_PATHS.code_verification}`;
  return json(200, {
    deviceCode: answer.device_code,
    userCode: answer.user_code,
    verificationUri,
    verificationUriComplete: `${verificationUri}?user_code=${answer.user_code}`,
    expiresIn: answer.expires_in,
    interval: parts.intervalSeconds,
  });
}

async function createToken(parts: OidcApiParts, { body }: ApiRequest): Promise<ApiResponse> {
  const request = parseBody(CreateTokenRequest, body);
  const client = await parts.engine.Client.find(request.clientId);
  requireGrantType(client, request.grantType);
  const { deviceCode, grantType } = request;
  const isPoll = grantType === GRANT_TYPES.deviceCode && deviceCode !== undefined;
  if (isPoll && !parts.gate.admit(deviceCode)) {
    throw new OidcError('slow_down', 'The device code is polled faster than its interval allows.');
  }
  const tokens = await parts.engineClient.postForm(ENGINE_PATHS.token, tokenForm(request), Tokens);
  return json(200, {
    accessToken: tokens.access_token,
    tokenType: tokens.token_type,
    expiresIn: tokens.expires_in,
    refreshToken: tokens.refresh_token,
    // Without `openid` the service's ID token is a string that means nothing to the client.
    idToken: tokens.id_token ?? Buffer.from(parts.random.bytes(48)).toString('base64url'),
  });
}

/** The engine calls this an invalid request; RFC 6749 section 5.2 and the service have a name for it. */
function requireGrantType(client: Client | undefined, grantType: string): void {
  if (client !== undefined && isSupported(grantType) && !client.grantTypeAllowed(grantType)) {
    throw new OidcError('unauthorized_client', 'The client is not registered for this grant type.');
  }
}

function isSupported(grantType: string): boolean {
  return PUBLIC_GRANT_TYPES.includes(grantType);
}
