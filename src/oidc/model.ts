/**
 * Requests and responses of the service model `sso-oidc-2019-06-10`, by AWS's member names.
 * Every member of a response may be absent: whoever needs one must check for it. One that is beside the point and not
 * as the model has it counts as absent: the rest has come all the same, and may have cost what works only once.
 */
import * as v from 'valibot';
import { withoutOdd } from '../common/jsonSchemas.ts';

export type { ResponseMetadata, Result } from '../wire/metadata.ts';

/** The `grantType` of the device flow (RFC 8628, section 3.4). */
export const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** The `grantType` of the authorization code flow (RFC 6749, section 4.1.3). */
export const AUTHORIZATION_CODE_GRANT = 'authorization_code';
/** The `grantType` of a refresh (RFC 6749, section 6). */
export const REFRESH_TOKEN_GRANT = 'refresh_token';
/** The `grantType` for another issuer's token (RFC 7523, section 2.1). */
export const JWT_BEARER_GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** The `grantType` for another application's token (RFC 8693, section 2.1). */
export const TOKEN_EXCHANGE_GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
/** A token type of RFC 8693, section 3. */
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token';
/** A token type of RFC 8693, section 3. */
export const REFRESH_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:refresh_token';

export interface RegisterClientRequest {
  /** The name the user sees when asked to approve. */
  readonly clientName: string;
  readonly clientType: 'public';
  readonly scopes?: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly grantTypes?: readonly string[];
  /** The start URL of the Identity Center, for the authorization code flow. */
  readonly issuerUrl?: string;
  /** ARN of the application whose configuration bounds this client. */
  readonly entitledApplicationArn?: string;
}

export interface StartDeviceAuthorizationRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly startUrl: string;
}

interface DeviceCodeGrant {
  readonly grantType: typeof DEVICE_CODE_GRANT;
  readonly deviceCode: string;
}

interface AuthorizationCodeGrant {
  readonly grantType: typeof AUTHORIZATION_CODE_GRANT;
  readonly code: string;
  /** Exactly as it was sent to `/authorize`, port included. */
  readonly redirectUri: string;
  /** RFC 7636, section 4.5. */
  readonly codeVerifier?: string;
}

interface RefreshTokenGrant {
  readonly grantType: typeof REFRESH_TOKEN_GRANT;
  readonly refreshToken: string;
}

export interface JwtBearerGrant {
  readonly grantType: typeof JWT_BEARER_GRANT;
  /** A JSON Web Token of an issuer the application trusts. */
  readonly assertion: string;
}

export interface TokenExchangeGrant {
  readonly grantType: typeof TOKEN_EXCHANGE_GRANT;
  /** An access token issued to another application, with this one in its audience. */
  readonly subjectToken: string;
  readonly subjectTokenType: typeof ACCESS_TOKEN_TYPE;
  readonly requestedTokenType?: typeof ACCESS_TOKEN_TYPE | typeof REFRESH_TOKEN_TYPE;
}

export type CreateTokenRequest = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The service ignores it: a token has the scopes of the registration. */
  readonly scope?: readonly string[];
} & (DeviceCodeGrant | AuthorizationCodeGrant | RefreshTokenGrant);

export type CreateTokenWithIAMRequest = {
  /** The application's ARN. */
  readonly clientId: string;
  /** Absent: all scopes of the application. */
  readonly scope?: readonly string[];
} & (AuthorizationCodeGrant | RefreshTokenGrant | JwtBearerGrant | TokenExchangeGrant);

const text = v.exactOptional(v.string());

/** A number, or a string that is one. */
const numeric = v.pipe(v.unknown(), v.transform(readNumber), v.number());

function readNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

/** AWS's model says a 32-bit integer. */
const seconds = v.pipe(v.number(), v.minValue(1), v.maxValue(2 ** 31 - 1));

/** Rounded down: a token must not seem to live longer than it does. */
const lifetime = v.exactOptional(v.pipe(numeric, v.transform(Math.floor), seconds));

/** Rounded up: the service is never asked more often than it says. */
const interval = v.exactOptional(v.pipe(numeric, v.transform(Math.ceil), seconds));

/** Up to the last moment a `Date` can hold. */
const epochSeconds = v.exactOptional(
  v.pipe(numeric, v.transform(Math.floor), v.minValue(0), v.maxValue(8.64e12)),
);

const registerClientExtras = {
  /** Seconds since the Unix epoch. */
  clientIdIssuedAt: epochSeconds,
  /** Seconds since the Unix epoch; 0 means never (RFC 7591, section 3.2.1). */
  clientSecretExpiresAt: epochSeconds,
  authorizationEndpoint: text,
  tokenEndpoint: text,
};

export const registerClientResponse = v.pipe(
  withoutOdd(registerClientExtras),
  v.object({ clientId: text, clientSecret: text, ...registerClientExtras }),
);
export type RegisterClientResponse = Readonly<v.InferOutput<typeof registerClientResponse>>;

const startDeviceAuthorizationExtras = {
  /** Data of the server: check it before it is opened. */
  verificationUri: text,
  /** Data of the server: check it before it is opened. */
  verificationUriComplete: text,
  /** Seconds, at least 1. */
  expiresIn: lifetime,
  /** Seconds between polls, at least 1; absent means 5. */
  interval,
};

/** RFC 8628, section 3.2. */
export const startDeviceAuthorizationResponse = v.pipe(
  withoutOdd(startDeviceAuthorizationExtras),
  v.object({
    deviceCode: text,
    /** Data of the server: check it before it is shown. */
    userCode: text,
    ...startDeviceAuthorizationExtras,
  }),
);
export type StartDeviceAuthorizationResponse = Readonly<
  v.InferOutput<typeof startDeviceAuthorizationResponse>
>;

const createTokenExtras = {
  /** `Bearer`. */
  tokenType: text,
  /** Seconds, at least 1. */
  expiresIn: lifetime,
  refreshToken: text,
  idToken: text,
};

/** RFC 6749, section 5.1. */
export const createTokenResponse = v.pipe(
  withoutOdd(createTokenExtras),
  v.object({ accessToken: text, ...createTokenExtras }),
);
export type CreateTokenResponse = Readonly<v.InferOutput<typeof createTokenResponse>>;

const createTokenWithIAMExtras = {
  ...createTokenExtras,
  /** RFC 8693, section 2.2.1. */
  issuedTokenType: text,
  scope: v.exactOptional(v.pipe(v.array(v.string()), v.readonly())),
  awsAdditionalDetails: v.exactOptional(
    v.pipe(
      v.object({
        /** The identity context that AWS STS accepts, signed and encrypted. */
        identityContext: text,
      }),
      v.readonly(),
    ),
  ),
};

export const createTokenWithIAMResponse = v.pipe(
  withoutOdd(createTokenWithIAMExtras),
  v.object({ accessToken: text, ...createTokenWithIAMExtras }),
);
export type CreateTokenWithIAMResponse = Readonly<v.InferOutput<typeof createTokenWithIAMResponse>>;
