/**
 * The API of the extension `identity-center-tools.aws-sso-auth`, for other extensions. Copy this file into yours:
 *
 *     const id = 'identity-center-tools.aws-sso-auth';
 *     const exports = await vscode.extensions.getExtension<AwsSsoExports>(id)?.activate();
 *     const api = await exports?.getApi(1);
 *
 * It returns no tokens and no credentials of its own. For a token, call
 * `vscode.authentication.getSession('aws-sso', scopes)`. With that token, the portal client gets the credentials of a role.
 */
import type { Event } from 'vscode';

/** What the extension exports. */
export interface AwsSsoExports {
  /** Rejects for a version that this release doesn't support. */
  getApi(version: 1): Promise<AwsSsoApi>;
}

/** Version 1. Members may be added to it; none is changed or removed. */
export interface AwsSsoApi {
  readonly version: 1;
  /** The connections that the user can sign in to: those in the settings, then those in `~/.aws/config`. */
  getConnections(): Promise<readonly Connection[]>;
  /** Fires when the list of connections may have changed. */
  readonly onDidChangeConnections: Event<void>;
  /**
   * A client for the service sso-oidc, over the editor's network (proxy, certificates), for a registration and AWS
   * credentials of your own.
   * @throws OidcError with the code `InvalidEndpoint` when the options contradict each other or are not safe
   */
  createOidcClient(options: OidcClientOptions): OidcClient;
  /**
   * A client for the access portal, over the editor's network: accounts, roles and their credentials, for an access token
   * that you got from `getSession`, with the scope `sso:account:access`.
   * @throws OidcError with the code `InvalidEndpoint` when the options contradict each other or are not safe
   */
  createPortalClient(options: EndpointOptions): PortalClient;
}

export type Connection = InteractiveConnection | ExchangeConnection;

interface ConnectionBase {
  readonly name: string;
  readonly region: string;
  readonly origin: 'settings' | 'awsConfig';
  /** The scopes that a sign-in requests if none are named. */
  readonly scopes?: readonly string[];
  readonly endpointUrl?: string;
  /** Replaces only the access portal's host. */
  readonly portalEndpointUrl?: string;
  readonly useFipsEndpoint?: boolean;
  readonly useDualstackEndpoint?: boolean;
}

/** A connection that the user signs in to with a browser. */
export interface InteractiveConnection extends ConnectionBase {
  readonly startUrl: string;
  readonly flow?: 'deviceCode' | 'authorizationCode';
  readonly issuerUrl?: string;
  readonly entitledApplicationArn?: string;
}

/** A connection that exchanges the token of another account in the editor. */
export interface ExchangeConnection extends ConnectionBase {
  readonly applicationArn: string;
  readonly flow: 'jwtBearer' | 'tokenExchange';
  readonly assertionFrom: { readonly providerId: string; readonly scopes: readonly string[] };
}

/** Where to find the service: a region, optionally a variant of its hosts, or a URL that replaces the host. */
export interface EndpointOptions {
  /** Required unless `endpoint` is set. */
  readonly region?: string | undefined;
  readonly useFips?: boolean | undefined;
  readonly useDualStack?: boolean | undefined;
  /** https, or http to a loopback host. */
  readonly endpoint?: string | undefined;
}

/** `createTokenWithIAM` requires `region` even if `endpoint` is set. */
export interface OidcClientOptions extends EndpointOptions {
  /** For `createTokenWithIAM` only: the credentials that sign its requests. */
  readonly credentials?: () => Promise<AwsCredentials>;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Every operation rejects with `OidcError`, or with the signal's reason as soon as that aborts. */
export interface OidcClient {
  registerClient(
    request: RegisterClientRequest,
    options?: CallOptions,
  ): Promise<Result<RegisterClientResponse>>;
  startDeviceAuthorization(
    request: StartDeviceAuthorizationRequest,
    options?: CallOptions,
  ): Promise<Result<StartDeviceAuthorizationResponse>>;
  createToken(request: CreateTokenRequest, options?: CallOptions): Promise<Result<CreateTokenResponse>>;
  createTokenWithIAM(
    request: CreateTokenWithIAMRequest,
    options?: CallOptions,
  ): Promise<Result<CreateTokenWithIAMResponse>>;
}

/**
 * Every operation rejects with `OidcError`, or with the signal's reason as soon as that aborts. Its `code` may be
 * `UnauthorizedException` (ask `getSession` again), `ForbiddenException` (a role that is listed may still be refused),
 * `TooManyRequestsException` (after three attempts), `ResourceNotFoundException` or `InvalidRequestException`.
 */
export interface PortalClient {
  /** A page of the accounts assigned to the user. */
  listAccounts(request: ListAccountsRequest, options?: CallOptions): Promise<Result<ListAccountsResponse>>;
  /** A page of the roles assigned to the user in one account. */
  listAccountRoles(
    request: ListAccountRolesRequest,
    options?: CallOptions,
  ): Promise<Result<ListAccountRolesResponse>>;
  /** All pages. Each page is requested when it's read. */
  paginateListAccounts(
    request: ListAccountsRequest,
    options?: CallOptions,
  ): AsyncIterable<Result<ListAccountsResponse>>;
  /** All pages. Each page is requested when it's read. */
  paginateListAccountRoles(
    request: ListAccountRolesRequest,
    options?: CallOptions,
  ): AsyncIterable<Result<ListAccountRolesResponse>>;
  getRoleCredentials(
    request: GetRoleCredentialsRequest,
    options?: CallOptions,
  ): Promise<Result<GetRoleCredentialsResponse>>;
  /** Ends the session that the token belongs to, for everyone who has it. */
  logout(request: LogoutRequest, options?: CallOptions): Promise<Result<object>>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface RegisterClientRequest {
  readonly clientName: string;
  readonly clientType: 'public';
  readonly scopes?: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly grantTypes?: readonly string[];
  readonly issuerUrl?: string;
  readonly entitledApplicationArn?: string;
}

export interface StartDeviceAuthorizationRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly startUrl: string;
}

interface DeviceCodeGrant {
  readonly grantType: 'urn:ietf:params:oauth:grant-type:device_code';
  readonly deviceCode: string;
}

interface AuthorizationCodeGrant {
  readonly grantType: 'authorization_code';
  readonly code: string;
  readonly redirectUri: string;
  readonly codeVerifier?: string;
}

interface RefreshTokenGrant {
  readonly grantType: 'refresh_token';
  readonly refreshToken: string;
}

interface JwtBearerGrant {
  readonly grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer';
  readonly assertion: string;
}

type AccessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
type RefreshTokenType = 'urn:ietf:params:oauth:token-type:refresh_token';

interface TokenExchangeGrant {
  readonly grantType: 'urn:ietf:params:oauth:grant-type:token-exchange';
  readonly subjectToken: string;
  readonly subjectTokenType: AccessTokenType;
  readonly requestedTokenType?: AccessTokenType | RefreshTokenType;
}

export type CreateTokenRequest = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: readonly string[];
} & (DeviceCodeGrant | AuthorizationCodeGrant | RefreshTokenGrant);

export type CreateTokenWithIAMRequest = {
  /** The application's ARN. */
  readonly clientId: string;
  readonly scope?: readonly string[];
} & (AuthorizationCodeGrant | RefreshTokenGrant | JwtBearerGrant | TokenExchangeGrant);

/** Every member of a response may be absent. */
export interface RegisterClientResponse {
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Seconds since the Unix epoch. */
  readonly clientIdIssuedAt?: number;
  /** Seconds since the Unix epoch; 0 means never. */
  readonly clientSecretExpiresAt?: number;
  readonly authorizationEndpoint?: string;
  readonly tokenEndpoint?: string;
}

export interface StartDeviceAuthorizationResponse {
  readonly deviceCode?: string;
  readonly userCode?: string;
  readonly verificationUri?: string;
  readonly verificationUriComplete?: string;
  /** Seconds. */
  readonly expiresIn?: number;
  /** Seconds between polls; absent means 5. */
  readonly interval?: number;
}

export interface CreateTokenResponse {
  readonly accessToken?: string;
  readonly tokenType?: string;
  /** Seconds. */
  readonly expiresIn?: number;
  readonly refreshToken?: string;
  readonly idToken?: string;
}

export interface CreateTokenWithIAMResponse extends CreateTokenResponse {
  readonly issuedTokenType?: string;
  readonly scope?: readonly string[];
  readonly awsAdditionalDetails?: { readonly identityContext?: string };
}

export interface LogoutRequest {
  readonly accessToken: string;
}

export interface ListAccountsRequest {
  readonly accessToken: string;
  /** The maximum number of entries on a page: 1 to 100. */
  readonly maxResults?: number;
  readonly nextToken?: string;
}

export interface ListAccountRolesRequest extends ListAccountsRequest {
  readonly accountId: string;
}

export interface GetRoleCredentialsRequest {
  readonly accessToken: string;
  readonly accountId: string;
  readonly roleName: string;
}

export interface ListAccountsResponse {
  readonly accountList?: readonly AccountInfo[];
  /** For the next page; absent on the last page. */
  readonly nextToken?: string;
}

export interface AccountInfo {
  readonly accountId?: string;
  readonly accountName?: string;
  readonly emailAddress?: string;
}

export interface ListAccountRolesResponse {
  readonly roleList?: readonly RoleInfo[];
  /** For the next page; absent on the last page. */
  readonly nextToken?: string;
}

export interface RoleInfo {
  readonly accountId?: string;
  readonly roleName?: string;
}

export interface GetRoleCredentialsResponse {
  readonly roleCredentials?: RoleCredentials;
}

export interface RoleCredentials {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  /** Milliseconds since the Unix epoch. */
  readonly expiration?: number;
}

export type Result<Response> = Response & { readonly ResponseMetadata: ResponseMetadata };

export interface ResponseMetadata {
  readonly RequestId?: string;
  readonly HTTPStatusCode: number;
  /** Names in lower case. */
  readonly HTTPHeaders: Readonly<Record<string, string>>;
  readonly RetryAttempts: number;
  readonly HostId?: string;
}

/** An error of an operation. Its message can be shown to the user, and contains no secret. */
export interface OidcError extends Error {
  /**
   * An exception of the service, such as `InvalidGrantException`, or what prevented a response, such as `NetworkDns`.
   */
  readonly code: string;
  readonly error: string | undefined;
  readonly error_description: string | undefined;
  readonly reason: string | undefined;
  /** With `InvalidRequestRegionException`. */
  readonly endpoint: string | undefined;
  /** With `InvalidRequestRegionException`. */
  readonly region: string | undefined;
  /** HTTP status. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  /** Milliseconds. */
  readonly retryAfterMs: number | undefined;
  readonly ResponseMetadata: ResponseMetadata | undefined;
}
