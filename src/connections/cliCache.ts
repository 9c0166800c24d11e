import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { unlessMissing } from '../common/missingFile.ts';
import { withoutOdd } from '../common/optionalMembers.ts';
import { systemRandom } from '../common/random.ts';
import type { Random } from '../common/random.ts';
import { readRegularFile } from '../common/regularFile.ts';

/** A sign-in as the AWS CLI v2 keeps it in `~/.aws/sso/cache`. Times in milliseconds since the epoch. */
export interface CliToken {
  readonly startUrl: string;
  readonly region: string;
  readonly accessToken: string;
  readonly expiresAt: number;
  /** What it takes to refresh the token; the CLI signs in anew where it is absent. */
  readonly renewal?: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly registrationExpiresAt: number;
    readonly refreshToken: string;
  };
}

/** `YYYY-MM-DDTHH:MM:SSZ`; older versions of the CLI end it in `UTC`. */
const cliTime = v.pipe(
  v.string(),
  v.transform((time) => Date.parse(time.replace(/UTC$/, 'Z'))),
  v.number(),
);

const renewalMembers = {
  clientId: v.optional(v.string()),
  clientSecret: v.optional(v.string()),
  registrationExpiresAt: v.optional(cliTime),
  refreshToken: v.optional(v.string()),
};

const cliTokenSchema = v.pipe(
  v.string(),
  v.parseJson(),
  withoutOdd(renewalMembers),
  v.object({
    startUrl: v.string(),
    region: v.string(),
    accessToken: v.pipe(v.string(), v.minLength(1)),
    expiresAt: cliTime,
    ...renewalMembers,
  }),
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
    startUrl,
    region,
    accessToken,
    expiresAt: formatTime(expiresAt),
    ...(renewal !== undefined && {
      clientId: renewal.clientId,
      clientSecret: renewal.clientSecret,
      registrationExpiresAt: formatTime(renewal.registrationExpiresAt),
      refreshToken: renewal.refreshToken,
    }),
  });
}

/** Whole seconds, rounded down: a token must not seem to live longer than it does. */
function formatTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Reads the content of a token's file; undefined when it is none, such as half of one or a registration. */
export function parseCliToken(content: string): CliToken | undefined {
  const result = v.safeParse(cliTokenSchema, content);
  return result.success ? result.output : undefined;
}

/**
 * The AWS CLI's sign-in for `key` (see `cliCacheFileName`); undefined when there is none.
 * @param folder `~/.aws/sso/cache`
 * @throws the file system's error when there is a file that cannot be read
 */
export async function readCliToken(folder: string, key: string): Promise<CliToken | undefined> {
  const content = await unlessMissing(readRegularFile(join(folder, cliCacheFileName(key))));
  return content === undefined ? undefined : parseCliToken(content);
}

/**
 * Gives the AWS CLI this sign-in, in one step: whoever reads meanwhile sees the old file or the new one.
 * @throws the file system's error; the old file is then untouched
 */
export async function writeCliToken(
  folder: string,
  key: string,
  token: CliToken,
  random: Random = systemRandom,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, cliCacheFileName(key));
  // Not `.json`: AWS tools look through all files that end so.
  const temporary = `${file}.${random.uuid()}.tmp`;
  try {
    await writeFile(temporary, formatCliToken(token), { mode: 0o600, flag: 'wx', flush: true });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Takes the sign-in from the AWS CLI again. Nothing happens when there is none. */
export async function removeCliToken(folder: string, key: string): Promise<void> {
  await rm(join(folder, cliCacheFileName(key)), { force: true });
}
