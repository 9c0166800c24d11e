import { isExchangeConnection } from '../connections/connection.ts';
import type { Connection } from '../connections/connection.ts';
import type { ExchangeRenewal } from '../flows/exchange.ts';
import type { IssuedTokens, RegisteredClient } from '../flows/tokens.ts';
import { parseScopes } from './scopes.ts';
import type { Session, SessionTokens } from './session.ts';

/** What a session is renewed with: a refresh token and its client, or all it takes for another exchange. */
export type Renewal = { readonly refreshToken: string; readonly client: RegisteredClient } | ExchangeRenewal;

/** What the session can be renewed with, if it can. */
export function renewalOf(
  { connection, scopes }: Session,
  { refreshToken, idToken, client }: SessionTokens,
): Renewal | undefined {
  if (isExchangeConnection(connection)) {
    const { wire } = parseScopes(scopes);
    return {
      connection,
      scopes: wire,
      ...(refreshToken !== undefined && { refreshToken }),
      ...(idToken !== undefined && { idToken }),
    };
  }
  return refreshToken === undefined || client === undefined ? undefined : { refreshToken, client };
}

/** What a refresh waits for that another tool has to do with. */
const HELD_FOR = {
  /** Whose a sign-in is that the AWS CLI has left: the user's word. */
  awsCliSignInUnclear: "The AWS CLI's sign-in has changed, and only the user can say whose it is.",
  /** Another tool has begun to write the AWS CLI's token file, and not finished. */
  awsCliFileUnfinished: "The AWS CLI's token file is being written.",
};

/** A refresh that has to wait: nothing is lost. */
export class RefreshHeldError extends Error {
  override readonly name = 'RefreshHeldError';
  readonly code: keyof typeof HELD_FOR;
  /** Whether the refresh token was sent before that was noticed. */
  readonly isSent: boolean;

  constructor(code: keyof typeof HELD_FOR, isSent: boolean) {
    super(HELD_FOR[code]);
    this.code = code;
    this.isSent = isSent;
  }
}

/** What the sessions need of the service. How it is asked is not their business. */
export interface TokenService {
  /**
   * The tokens that follow. Without a new refresh token that of `renewal` stays in force, unless that is an
   * exchange: one of those names the token that is in force, if any.
   * @throws SsoOidcError, SignInError, RefreshHeldError; the signal's reason when `signal` aborts
   */
  refresh(connection: Connection, renewal: Renewal, signal: AbortSignal): Promise<IssuedTokens>;
  /**
   * Ends the session at the service.
   * @throws SsoOidcError; the signal's reason when `signal` aborts
   */
  signOut(connection: Connection, accessToken: string, signal: AbortSignal): Promise<void>;
}
