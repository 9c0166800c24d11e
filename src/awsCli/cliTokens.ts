import type { CliToken } from '../connections/cliCache.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import type { IssuedTokens, RegisteredClient } from '../flows/tokens.ts';
import type { CliRecord } from './cliRecord.ts';

/** A sign-in of the AWS CLI that can be refreshed. */
export type RenewableCliToken = CliToken & Required<Pick<CliToken, 'renewal'>>;

export function isRenewable(token: CliToken): token is RenewableCliToken {
  return token.renewal !== undefined;
}

/** What was issued to us, as the AWS CLI keeps it. */
export function cliTokenOf({ startUrl, region }: InteractiveConnection, issued: IssuedTokens): CliToken {
  const { accessToken, expiresAt, refreshToken, client } = issued;
  const token = { startUrl, region, accessToken, expiresAt };
  if (refreshToken === undefined || client === undefined) {
    return token;
  }
  const { clientId, clientSecret, expiresAt: registrationExpiresAt } = client;
  return { ...token, renewal: { clientId, clientSecret, registrationExpiresAt, refreshToken } };
}

/** The AWS CLI's sign-in as if it had been issued to us at `now` (milliseconds since the epoch). */
export function issuedByCli(
  { accessToken, expiresAt, renewal }: RenewableCliToken,
  now: number,
): IssuedTokens {
  const { clientId, clientSecret, registrationExpiresAt, refreshToken } = renewal;
  const client: RegisteredClient = {
    clientId,
    clientSecret,
    issuedAt: now,
    expiresAt: registrationExpiresAt,
  };
  return { accessToken, refreshToken, issuedAt: now, expiresAt, client };
}

/**
 * What the AWS CLI made of the token that `record` is about: the same client got a later one. A sign-in of its own
 * has another client.
 */
export function renewedByCli(
  token: CliToken | undefined,
  record: CliRecord,
  { refreshToken, client }: { readonly refreshToken: string; readonly client: RegisteredClient },
): RenewableCliToken | undefined {
  return token !== undefined &&
    isRenewable(token) &&
    token.renewal.clientId === client.clientId &&
    token.renewal.refreshToken !== refreshToken &&
    token.expiresAt >= record.expiresAt
    ? token
    : undefined;
}
