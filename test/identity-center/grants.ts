/** The grant types of CreateToken (RFC 6749 sections 4.1 and 6, RFC 8628 section 3.4). */
export const GRANT_TYPES = {
  authorizationCode: 'authorization_code',
  refreshToken: 'refresh_token',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
} as const;
