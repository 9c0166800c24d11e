import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { unlessMissing } from '../../common/files/missingFile.ts';
import { text, withoutOdd } from '../../common/jsonSchemas.ts';
import { wholeSeconds } from '../../common/wholeSeconds.ts';
import { systemRandom } from '../../common/random.ts';
import type { Random } from '../../common/random.ts';
import { readRegularBytes } from '../../common/files/regularFile.ts';

/** A sign-in as the AWS CLI v2 keeps it in `~/.aws/sso/cache`. Times in milliseconds since the epoch. */
export interface CliToken {
  /** Absent in the files of some tools. */
  readonly startUrl?: string;
  /** Absent in the files of some tools. */
  readonly region?: string;
  readonly accessToken: string;
  readonly expiresAt: number;
  /** What it takes to refresh the token; the AWS CLI signs in again where it is absent. */
  readonly renewal?: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly registrationExpiresAt: number;
    readonly refreshToken: string;
  };
}

/** What is in a token's file. */
export type CliFileContent =
  /** There is no file, or one without a sign-in. */
  | { readonly kind: 'none' }
  /** It is empty or breaks off, as one does while another tool writes it. Milliseconds since the epoch. */
  | { readonly kind: 'unreadable'; readonly writtenAt: number }
  /** It has an access token, but is written in a way that is not known here. */
  | { readonly kind: 'foreign' }
  /** `writtenAt` in milliseconds since the epoch, by the clock of the disk. */
  | { readonly kind: 'token'; readonly token: CliToken; readonly writtenAt: number };

/**
 * `YYYY-MM-DDTHH:MM:SSZ`; older versions of the AWS CLI end it in `UTC`, the AWS SDKs write fractions of a second or
 * local time with its offset.
 */
const cliTime = v.pipe(
  v.string(),
  v.transform((time) => Date.parse(time.replace(/UTC$/, 'Z'))),
  v.number(),
);

const optionalMembers = {
  startUrl: v.exactOptional(text),
  region: v.exactOptional(text),
  clientId: v.exactOptional(text),
  clientSecret: v.exactOptional(text),
  registrationExpiresAt: v.exactOptional(cliTime),
  refreshToken: v.exactOptional(text),
};

const cliTokenSchema = v.pipe(
  withoutOdd(optionalMembers),
  v.object({ accessToken: text, expiresAt: cliTime, ...optionalMembers }),
  v.transform(({ clientId, clientSecret, registrationExpiresAt, refreshToken, ...token }): CliToken => {
    const isRenewable =
      clientId !== undefined &&
      clientSecret !== undefined &&
      registrationExpiresAt !== undefined &&
      refreshToken !== undefined;
    return isRenewable
      ? { ...token, renewal: { clientId, clientSecret, registrationExpiresAt, refreshToken } }
      : token;
  }),
);

/**
 * The name of a token's file.
 * @param key the name of the sso-session, else the start URL, exactly as `~/.aws/config` has it
 */
export function cliCacheFileName(key: string): string {
  return `${createHash('sha1').update(key, 'utf8').digest('hex')}.json`;
}

/** The content of a token's file, as the AWS CLI v2 writes it. */
export function formatCliToken(token: CliToken): string {
  const { startUrl, region, accessToken, expiresAt, renewal } = token;
  return JSON.stringify({
    ...(startUrl !== undefined && { startUrl }),
    ...(region !== undefined && { region }),
    accessToken,
    // Rounded down: a token must not seem to live longer than it does.
    expiresAt: wholeSeconds(expiresAt),
    ...(renewal !== undefined && {
      clientId: renewal.clientId,
      clientSecret: renewal.clientSecret,
      registrationExpiresAt: wholeSeconds(renewal.registrationExpiresAt),
      refreshToken: renewal.refreshToken,
    }),
  });
}

/**
 * Reads the content of a token's file.
 * @param writtenAt milliseconds since the epoch
 */
export function parseCliFile(content: string, writtenAt: number): CliFileContent {
  const json = v.safeParse(v.pipe(v.string(), v.parseJson()), content);
  if (!json.success) {
    return { kind: 'unreadable', writtenAt };
  }
  const token = v.safeParse(cliTokenSchema, json.output);
  if (token.success) {
    return { kind: 'token', token: token.output, writtenAt };
  }
  return v.is(v.object({ accessToken: text }), json.output) ? { kind: 'foreign' } : { kind: 'none' };
}

/**
 * What is in the file of this name (see `cliCacheFileName`).
 * @param folder `~/.aws/sso/cache`
 * @throws the file system's error when there is a file that cannot be read
 */
export async function readCliFile(folder: string, name: string): Promise<CliFileContent> {
  const file = await unlessMissing(readRegularBytes(join(folder, name)));
  return file === undefined ? { kind: 'none' } : parseCliFile(file.bytes.toString('utf8'), file.writtenAt);
}

/** No window takes this long to write a file, in milliseconds. */
const WRITING_MS = 60_000;

/**
 * Gives the AWS CLI this sign-in, in one step: whoever reads meanwhile sees the old file or the new one. What a window
 * left that died while writing it is removed.
 * @param name see `cliCacheFileName`
 * @throws the file system's error; the old file is then untouched, unless only what was left could not be removed
 */
export async function writeCliToken(
  folder: string,
  name: string,
  token: CliToken,
  random: Random = systemRandom,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  // Not `.json`: AWS tools read all files with that extension.
  const temporary = `${file}.${random.uuid()}.tmp`;
  try {
    await writeFile(temporary, formatCliToken(token), { mode: 0o600, flag: 'wx', flush: true });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
  const { mtimeMs } = await stat(file);
  await removeUnfinished(folder, name, mtimeMs - WRITING_MS);
}

/**
 * Takes the sign-in from the AWS CLI again, with what a window left that died while writing it. Nothing happens when
 * there is none.
 * @param name see `cliCacheFileName`
 * @throws the file system's error
 */
export async function removeCliToken(folder: string, name: string): Promise<void> {
  await rm(join(folder, name), { force: true });
  await removeUnfinished(folder, name, Infinity);
}

/** What a window left that died while writing contains a token too. @param before milliseconds since the epoch */
async function removeUnfinished(folder: string, name: string, before: number): Promise<void> {
  const files = (await unlessMissing(readdir(folder))) ?? [];
  for (const file of files.filter((other) => other.startsWith(`${name}.`) && other.endsWith('.tmp'))) {
    const path = join(folder, file);
    const status = await unlessMissing(stat(path));
    if (status !== undefined && status.mtimeMs < before) {
      await rm(path, { force: true });
    }
  }
}
