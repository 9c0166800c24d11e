import type { Connection } from '../connections/connection.ts';
import type { IssuedTokens, RegisteredClient } from '../flows/tokens.ts';

/** What the sessions need of the service. How it is asked is not their business. */
export interface TokenService {
  /**
   * @throws SsoOidcError, SignInError; the signal's reason when `signal` aborts
   */
  refresh(
    connection: Connection,
    tokens: { readonly refreshToken: string; readonly client: RegisteredClient },
    signal: AbortSignal,
  ): Promise<IssuedTokens>;
  /**
   * Tells the service that the session is over.
   * @throws SsoOidcError; the signal's reason when `signal` aborts
   */
  signOut(connection: Connection, accessToken: string, signal: AbortSignal): Promise<void>;
}
