import type { CliFileContent, CliToken } from './files/cliCache.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import type { IssuedTokens, RegisteredClient } from '../flows/tokens.ts';

/** A sign-in of the AWS CLI that can be refreshed. */
export type RenewableCliToken = CliToken & Required<Pick<CliToken, 'renewal'>>;

/** From the latest that a refresh begins here (10 minutes before the end) to the earliest of the AWS CLI, and a minute. */
const HEAD_START_MS = 6 * 60_000;
const HEAD_START_SHARE = 1 / 10;

export function isRenewable(token: CliToken): token is RenewableCliToken {
  return token.renewal !== undefined;
}

/** The token that another tool could still use, or refresh, at `now` (milliseconds since the epoch). */
export function isLive(content: CliFileContent, now: number): boolean {
  if (content.kind !== 'token') {
    return content.kind !== 'none';
  }
  const { expiresAt, renewal } = content.token;
  return expiresAt > now || (renewal !== undefined && renewal.registrationExpiresAt > now);
}

/** What of a sign-in the AWS CLI gets. */
export type SharedTokens = Pick<IssuedTokens, 'accessToken' | 'expiresAt' | 'refreshToken' | 'client'>;

/** What was issued to us, as the AWS CLI keeps it. */
export function cliTokenOf({ startUrl, region }: InteractiveConnection, issued: SharedTokens): CliToken {
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
 * Puts the end of a token so early that it is refreshed here before the AWS CLI begins to. Where a refresh of the AWS
 * CLI's cannot be distinguished from a new sign-in, the user would have to be asked after each.
 */
export function aheadOfCli(issued: IssuedTokens): IssuedTokens {
  const { issuedAt, expiresAt } = issued;
  const headStart = Math.min(HEAD_START_MS, Math.max(expiresAt - issuedAt, 0) * HEAD_START_SHARE);
  return { ...issued, expiresAt: expiresAt - headStart };
}
