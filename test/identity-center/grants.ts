/** The grant types of CreateToken (RFC 6749 sections 4.1 and 6, RFC 8628 section 3.4). */
export const GRANT_TYPES = {
  authorizationCode: 'authorization_code',
  refreshToken: 'refresh_token',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
  /** CreateTokenWithIAM only (RFC 7523 section 2.1). */
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  /** CreateTokenWithIAM only (RFC 8693 section 2.1). */
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
} as const;

/** What a client can register for. */
export const PUBLIC_GRANT_TYPES: readonly string[] = [
  GRANT_TYPES.authorizationCode,
  GRANT_TYPES.refreshToken,
  GRANT_TYPES.deviceCode,
];

/** What an application can allow. */
export const IAM_GRANT_TYPES: readonly string[] = [
  GRANT_TYPES.authorizationCode,
  GRANT_TYPES.refreshToken,
  GRANT_TYPES.jwtBearer,
  GRANT_TYPES.tokenExchange,
];

/** Token types (RFC 8693 section 3). */
export const TOKEN_TYPES = {
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
  refreshToken: 'urn:ietf:params:oauth:token-type:refresh_token',
} as const;
