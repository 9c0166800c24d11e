import type { Clock } from '../common/clock.ts';
import type { SsoOidcClient } from '../oidc/client.ts';
import { REFRESH_TOKEN_GRANT } from '../oidc/model.ts';
import { issuedTokens } from './tokens.ts';
import type { IssuedTokens, RegisteredClient } from './tokens.ts';

/**
 * The refresh grant (RFC 6749, section 6). A response without a refresh token leaves the old one in force.
 * @throws SsoOidcError or SignInError; the signal's reason when `signal` aborts
 */
export async function refreshTokens(
  { oidc, clock }: { readonly oidc: SsoOidcClient; readonly clock: Clock },
  { refreshToken, client }: { readonly refreshToken: string; readonly client: RegisteredClient },
  signal: AbortSignal,
): Promise<IssuedTokens> {
  const { clientId, clientSecret } = client;
  const response = await oidc.createToken(
    { clientId, clientSecret, grantType: REFRESH_TOKEN_GRANT, refreshToken },
    { signal },
  );
  return { refreshToken, ...issuedTokens(response, client, clock.now(), true) };
}
