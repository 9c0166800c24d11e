import type { CreateTokenResponse, CreateTokenWithIAMResponse, Result } from '../oidc/model.ts';
import { SignInError } from './signInError.ts';

/** A public client as the service registered it (RegisterClient); refresh tokens are bound to it. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Where the service sends browsers, when it says so. Data of the server: check it before it is opened. */
  readonly authorizationEndpoint?: string;
}

/** What a token endpoint granted (RFC 6749, section 5.1), with its lifetime as two points of this machine's time. */
export interface IssuedTokens {
  readonly accessToken: string;
  /** Absent when the session cannot be refreshed. */
  readonly refreshToken?: string;
  readonly idToken?: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The client the tokens were issued to; absent where that is an application (CreateTokenWithIAM). */
  readonly client?: RegisteredClient;
  /** The scopes that were granted, where the service says (CreateTokenWithIAM). */
  readonly scope?: readonly string[];
  /** The service's id of the request that granted them. */
  readonly requestId?: string;
}

/** The service's lifetimes, for a response that names none: of a token that can be refreshed, and of a fixed session. */
const REFRESHABLE_LIFETIME_S = 60 * 60;
const FIXED_LIFETIME_S = 8 * 60 * 60;

/**
 * Reads a CreateToken response received at `now` (milliseconds since the epoch).
 * @param isRenewable whether the session can be renewed though the response may bring no refresh token
 * @throws SignInError `incompleteAnswer` when there is no access token in it
 */
export function issuedTokens(
  response: Result<CreateTokenResponse | CreateTokenWithIAMResponse>,
  client: RegisteredClient | undefined,
  now: number,
  isRenewable = false,
): IssuedTokens {
  const { accessToken, refreshToken, idToken, expiresIn } = response;
  const isShort = isRenewable || refreshToken !== undefined;
  const lifetime = expiresIn ?? (isShort ? REFRESHABLE_LIFETIME_S : FIXED_LIFETIME_S);
  const requestId = response.ResponseMetadata.RequestId;
  if (accessToken === undefined) {
    throw new SignInError('incompleteAnswer', { missing: 'accessToken', requestId });
  }
  return {
    accessToken,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(idToken !== undefined && { idToken }),
    issuedAt: now,
    expiresAt: now + lifetime * 1000,
    ...(client !== undefined && { client }),
    ...('scope' in response && response.scope !== undefined && { scope: response.scope }),
    ...(requestId !== undefined && { requestId }),
  };
}
