import type { CliToken } from './files/cliCache.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import { isSameIdentityCenter } from '../connections/identityCenter.ts';
import { isRecorded } from './cliRecord.ts';
import type { CliRecord } from './cliRecord.ts';

/** What the token in the AWS CLI's file is to the one that was last seen there. */
export type Descent =
  /** It is that one, or the one that was replaced by it here. */
  | 'same'
  /** A tool has refreshed it: it belongs to the same user. */
  | 'refreshed'
  /** It may have been refreshed, or be a new sign-in, perhaps another user's: nothing in the file shows which. */
  | 'unclear'
  /** It is another sign-in. */
  | 'another';

/**
 * From here on before its end the AWS CLI refreshes a token, and no other tool does so earlier (botocore, 15 minutes;
 * the AWS SDKs for JavaScript and Ruby 5, that for Go after its end). In milliseconds.
 */
export const CLI_REFRESH_MS = 15 * 60_000;
/** The clock of a disk on another machine may be wrong by this. In milliseconds. */
const DISK_CLOCK_MS = 2 * 60_000;

/**
 * Whether `token` descends from the sign-in that `record` is about. The client proves it only where the AWS CLI cannot
 * sign in again with it. A later token that was written when nothing had to be refreshed yet comes of a sign-in.
 *
 * To take another user's sign-in for ours is the worst mistake: then a session silently becomes that user. The second
 * worst is to miss a refresh: then a spent token is sent, and both are signed out. So what nothing proves is
 * `unclear`, and for the user to say.
 * @param writtenAt when the file was: milliseconds since the epoch
 */
export function descentOf(token: CliToken, writtenAt: number, record: CliRecord): Descent {
  const { accessToken, renewal } = token;
  if (isRecorded(record.accessToken, accessToken)) {
    return 'same';
  }
  if (record.isCopy) {
    // What no tool can refresh is replaced by a sign-in only.
    return isRecorded(record.replaced, accessToken) ? 'same' : 'another';
  }
  if (renewal !== undefined && isSameRefreshToken(record, renewal.refreshToken)) {
    return 'same';
  }
  if (isRecorded(record.confirmed, accessToken)) {
    return 'refreshed';
  }
  if (!isTokenOf(token, record.connection) || token.expiresAt < record.expiresAt) {
    return 'another';
  }
  const isTooEarly = writtenAt < record.expiresAt - CLI_REFRESH_MS - DISK_CLOCK_MS;
  if (renewal === undefined) {
    // Of a refresh without a new refresh token the tools keep no old one.
    return isTooEarly ? 'another' : 'unclear';
  }
  if (!isRecorded(record.clientId, renewal.clientId)) {
    return 'another';
  }
  if (record.isClientReused) {
    return isTooEarly ? 'another' : 'unclear';
  }
  // Only a clock that was wrong explains it, or a client that was copied.
  return isTooEarly ? 'unclear' : 'refreshed';
}

function isSameRefreshToken(record: CliRecord, refreshToken: string): boolean {
  return isRecorded(record.refreshToken, refreshToken) || isRecorded(record.replaced, refreshToken);
}

/** Whether a token is one of the connection's Identity Center, as far as its file says. */
export function isTokenOf(
  { startUrl, region }: CliToken,
  { name, ...connection }: CliRecord['connection'],
): boolean {
  const written: InteractiveConnection = {
    name,
    startUrl: startUrl ?? connection.startUrl,
    region: region ?? connection.region,
  };
  // The file names no endpoint: a connection with another one than the AWS CLI's has no file.
  return isSameIdentityCenter(written, { name, startUrl: connection.startUrl, region: connection.region });
}
