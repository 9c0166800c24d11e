import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { unlessMissing } from '../../common/files/missingFile.ts';
import { readRegularFile } from '../../common/files/regularFile.ts';

/** A client that the AWS CLI has registered, as it keeps it in `~/.aws/sso/cache` beside the tokens. */
export interface CliRegistration {
  /** What the client may ask for, where the file says so. */
  readonly scopes?: readonly string[];
}

const registrationSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    clientId: v.string(),
    /** What distinguishes a token's file from a registration's. */
    accessToken: v.optional(v.undefined()),
    scopes: v.optional(v.array(v.string())),
  }),
);

/**
 * The AWS CLI's own registration of the client; undefined where it has none. With one, the AWS CLI signs in again with
 * the same client, whoever signs in: then the client says nothing about the user.
 * @param folder `~/.aws/sso/cache`
 * @throws the file system's error
 */
export async function findCliRegistration(
  folder: string,
  clientId: string,
): Promise<CliRegistration | undefined> {
  const entries = await unlessMissing(readdir(folder, { withFileTypes: true }));
  for (const entry of entries ?? []) {
    // A link or a pipe is nothing the AWS CLI has written, and a pipe would not answer.
    const isCandidate = entry.isFile() && entry.name.endsWith('.json');
    const content = isCandidate ? await unlessMissing(readRegularFile(join(folder, entry.name))) : undefined;
    const found = v.safeParse(registrationSchema, content);
    if (found.success && found.output.clientId === clientId) {
      const { scopes } = found.output;
      return scopes === undefined ? {} : { scopes };
    }
  }
  return undefined;
}
