import type { InteractiveConnection } from '../connections/connection.ts';
import type { Renewal } from '../sessions/tokenService.ts';
import type { CliFile } from './cliFiles.ts';
import { isRecorded, recordOf } from './cliRecord.ts';
import type { CliRecord } from './cliRecord.ts';
import { isRenewable } from './cliTokens.ts';
import type { RenewableCliToken } from './cliTokens.ts';

/** A refresh token and the client it is bound to. */
export type ClientRenewal = Extract<Renewal, { readonly client: unknown }>;

/** A file of which there is a record. */
export type RecordedCliFile = CliFile & { readonly record: CliRecord };

/**
 * The file with a record of the refresh token in it where that is the very one of `renewal`, and the record is lost or
 * of another time. Whose sign-in it was is then unknown: it counts as the AWS CLI's own, which is updated and not
 * removed.
 */
export function withHeld(file: CliFile, connection: InteractiveConnection, renewal: ClientRenewal): CliFile {
  const token = renewableOf(file);
  if (token?.renewal.refreshToken !== renewal.refreshToken || isAbout(file, renewal)) {
    return file;
  }
  const written = { ...connection, startUrl: token.startUrl ?? connection.startUrl };
  const record = recordOf(token, { connection: written, origin: 'takenOver', isClientReused: true });
  return { ...file, record, state: 'same' };
}

/** Whether the file holds the token that `renewal` would refresh, as its record says. */
export function isAbout<F extends CliFile>(
  file: F,
  { refreshToken }: ClientRenewal,
): file is F & { readonly record: CliRecord } {
  return file.record?.isCopy !== true && isRecorded(file.record?.refreshToken, refreshToken);
}

/** A window had refreshed it and updated the AWS CLI's file, and ended before it could save the response. */
export function answerBefore(
  file: CliFile,
  { refreshToken }: ClientRenewal,
): { readonly file: RecordedCliFile; readonly token: RenewableCliToken } | undefined {
  const { record } = file;
  const token = renewableOf(file);
  return record !== undefined &&
    token !== undefined &&
    isRecorded(record.replaced, refreshToken) &&
    !isRecorded(record.refreshToken, refreshToken) &&
    isRecorded(record.refreshToken, token.renewal.refreshToken)
    ? { file: { ...file, record }, token }
    : undefined;
}

export function renewableOf({ content }: CliFile): RenewableCliToken | undefined {
  return content.kind === 'token' && isRenewable(content.token) ? content.token : undefined;
}
