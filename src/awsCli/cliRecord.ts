import { createHash } from 'node:crypto';
import * as v from 'valibot';

import type { CliToken } from '../connections/cliCache.ts';
import type { IndexFile } from '../sessions/indexFile.ts';

/** What became ours of one of the AWS CLI's token files when a window last wrote or took it over: hashes only. */
export interface CliRecord {
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly clientId?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const recordSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    accessToken: v.string(),
    refreshToken: v.exactOptional(v.string()),
    clientId: v.exactOptional(v.string()),
    expiresAt: v.number(),
  }),
) satisfies v.GenericSchema<unknown, CliRecord>;

/** Where a record lies, shared by all windows of the machine. */
export type RecordFile = Pick<IndexFile, 'read' | 'replace'>;

/** @throws the file system's error */
export async function readRecord(file: RecordFile): Promise<CliRecord | undefined> {
  const result = v.safeParse(recordSchema, await file.read());
  return result.success ? result.output : undefined;
}

/** @throws the file system's error */
export async function writeRecord(
  file: RecordFile,
  { accessToken, expiresAt, renewal }: CliToken,
): Promise<void> {
  const record: CliRecord = {
    accessToken: hash(accessToken),
    // Whole seconds, as the AWS CLI's file has them: the two are compared.
    expiresAt: Math.floor(expiresAt / 1000) * 1000,
    ...(renewal !== undefined && {
      refreshToken: hash(renewal.refreshToken),
      clientId: hash(renewal.clientId),
    }),
  };
  await file.replace(JSON.stringify(record));
}

/** @throws the file system's error */
export async function clearRecord(file: RecordFile): Promise<void> {
  await file.replace('');
}

/** Whether the secret is the one the record is about. */
export function isRecorded(hashed: string | undefined, secret: string): boolean {
  return hashed === hash(secret);
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
