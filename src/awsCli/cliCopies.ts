import type { InteractiveConnection } from '../connections/connection.ts';
import type { CliFile, CliFiles } from './cliFiles.ts';
import { copyRecordOf, isRecorded } from './cliRecord.ts';
import type { CliRecord } from './cliRecord.ts';
import { cliTokenOf } from './cliTokens.ts';
import type { SharedTokens } from './cliTokens.ts';

/**
 * A sign-in is in the file of every name under which AWS's tools look for it, but its refresh token, which may be for
 * single use, in one of them alone: of two tools that refreshed the same one from two files, the second would send a
 * used token, and a strict service would end the sign-in for all. The copies are written again with each refresh here.
 */

interface CopiesParts {
  readonly files: CliFiles;
  readonly isEnabled: () => boolean;
}

/** Gives the file a copy. @param file one whose content may be lost @returns whether it has it */
export async function writeCopy(
  files: CliFiles,
  file: CliFile,
  connection: InteractiveConnection,
  tokens: SharedTokens,
): Promise<boolean> {
  const token = cliTokenOf(connection, tokens);
  const { renewal: _, ...copy } = token;
  const record = copyRecordOf(token, { connection, origin: 'shared', isClientReused: false }, file.record);
  // One that is being written gets another sign-in, which the record distinguishes from ours.
  return file.state === 'unreadable' ? files.note(file, record) : files.write(file, copy, record);
}

/**
 * Gives the copies of a sign-in what has become of it.
 * @param refreshToken the one that the session had
 */
export async function updateCopies(
  { files, isEnabled }: CopiesParts,
  connection: InteractiveConnection,
  refreshToken: string,
  tokens: SharedTokens,
): Promise<void> {
  const isCopy = (record: CliRecord | undefined): record is CliRecord =>
    record?.isCopy === true && isRecorded(record.refreshToken, refreshToken);
  for (const file of await files.openRecorded(isCopy)) {
    const { record, state } = file;
    if (!isCopy(record)) {
      continue;
    }
    if (state === 'another' || state === 'foreign' || (state === 'none' && !isEnabled())) {
      await files.forget(file);
    } else if (isEnabled()) {
      await writeCopy(files, file, { ...connection, startUrl: record.connection.startUrl }, tokens);
    } else if (state === 'same') {
      await files.remove(file);
    }
  }
}
