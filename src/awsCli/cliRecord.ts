import { createHash } from 'node:crypto';
import * as v from 'valibot';

import type { CliToken } from './files/cliCache.ts';
import type { InteractiveConnection } from '../connections/connection.ts';
import type { IndexFile } from '../sessions/store/indexFile.ts';

/** Which sign-in one of the AWS CLI's token files and a session have in common, as a window last saw it: hashes only. */
export interface CliRecord {
  readonly connection: Pick<InteractiveConnection, 'name' | 'startUrl' | 'region'>;
  /** Whose sign-in it is: made here and shared with the AWS CLI, or made by the AWS CLI and used here too. */
  readonly origin: 'shared' | 'takenOver';
  /**
   * The AWS CLI has the client among its own registrations and uses it for new sign-ins too, whoever signs in: then
   * the same client is no proof of the same sign-in.
   */
  readonly isClientReused: boolean;
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** The refresh token that this window replaced by `refreshToken`; of a copy the access token by `accessToken`. */
  readonly replaced?: string;
  /**
   * The file has no refresh token: that is in another one, since it may be for single use. No tool can refresh this
   * one, which is written again with each refresh here. `refreshToken` says which sign-in it is a copy of.
   */
  readonly isCopy?: true;
  readonly clientId?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The access token of which the user was last asked whose it is, and when: milliseconds since the epoch. */
  readonly asked?: { readonly accessToken: string; readonly at: number };
  /** The access token of which the user has said that it belongs to the same sign-in. */
  readonly confirmed?: string;
}

const recordSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    connection: v.object({ name: v.string(), startUrl: v.string(), region: v.string() }),
    origin: v.picklist(['shared', 'takenOver']),
    isClientReused: v.boolean(),
    accessToken: v.string(),
    refreshToken: v.exactOptional(v.string()),
    replaced: v.exactOptional(v.string()),
    isCopy: v.exactOptional(v.literal(true)),
    clientId: v.exactOptional(v.string()),
    expiresAt: v.number(),
    asked: v.exactOptional(v.object({ accessToken: v.string(), at: v.number() })),
    confirmed: v.exactOptional(v.string()),
  }),
) satisfies v.GenericSchema<unknown, CliRecord>;

/** What a record says apart from the token it is about. */
export type RecordOrigin = Pick<CliRecord, 'connection' | 'origin' | 'isClientReused'>;

/** Where a record is stored, shared by all windows of the machine. */
export type RecordFile = Pick<IndexFile, 'read' | 'replace'>;

/** The record of `token`. @param replaced the refresh token that it came of */
export function recordOf(token: CliToken, origin: RecordOrigin, replaced?: string): CliRecord {
  const { accessToken, expiresAt, renewal } = token;
  const { connection, origin: whose, isClientReused } = origin;
  const { name, startUrl, region } = connection;
  return {
    connection: { name, startUrl, region },
    origin: whose,
    isClientReused,
    accessToken: hash(accessToken),
    // Whole seconds, as the AWS CLI's file has them: the two are compared.
    expiresAt: Math.floor(expiresAt / 1000) * 1000,
    ...(renewal !== undefined && {
      refreshToken: hash(renewal.refreshToken),
      clientId: hash(renewal.clientId),
    }),
    ...(replaced !== undefined && { replaced: hash(replaced) }),
  };
}

/** The record of a file that has `token` but for what it takes to refresh it. @param before what was noted of it */
export function copyRecordOf(
  token: CliToken,
  origin: RecordOrigin,
  before: CliRecord | undefined,
): CliRecord {
  const record = { ...recordOf(token, origin), isCopy: true } as const;
  return before === undefined ? record : { ...record, replaced: before.accessToken };
}

/** What is no record, or one of an older version, counts as none. @throws the file system's error */
export async function readRecord(file: RecordFile): Promise<CliRecord | undefined> {
  const result = v.safeParse(recordSchema, await file.read());
  return result.success ? result.output : undefined;
}

/** The record once the user has said that the token belongs to the same sign-in. */
export function withConfirmed(record: CliRecord, accessToken: string): CliRecord {
  return { ...record, confirmed: hash(accessToken) };
}

/** @throws the file system's error */
export async function writeRecord(file: RecordFile, record: CliRecord): Promise<void> {
  await file.replace(JSON.stringify(record));
}

/** @throws the file system's error */
export async function clearRecord(file: RecordFile): Promise<void> {
  await file.replace('');
}

/** How long the user is not asked about the same token again, in milliseconds. */
const ASK_AGAIN_MS = 60 * 60_000;

/**
 * The record once the user has been asked about the file's token; undefined where they have been already.
 * @param now milliseconds since the epoch
 */
export function withQuestion(record: CliRecord, accessToken: string, now: number): CliRecord | undefined {
  const { asked } = record;
  const wasAsked = isRecorded(asked?.accessToken, accessToken) && now - (asked?.at ?? 0) < ASK_AGAIN_MS;
  return wasAsked ? undefined : { ...record, asked: { accessToken: hash(accessToken), at: now } };
}

/** Whether the secret is the one of which the record has `hashed`. */
export function isRecorded(hashed: string | undefined, secret: string): boolean {
  return hashed === hash(secret);
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
