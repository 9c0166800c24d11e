import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { unlessMissing } from '../../common/files/missingFile.ts';
import { readRegularFile, UnsuitableFile } from '../../common/files/regularFile.ts';

/** The credentials of a role as the AWS CLI v2 keeps them in `~/.aws/cli/cache`, with where they came from. */
const ssoCredentialsSchema = v.pipe(v.string(), v.parseJson(), v.object({ ProviderType: v.literal('sso') }));

/**
 * Takes from the AWS CLI the credentials of roles that it has obtained with a sign-in, as `aws sso logout` does: with
 * them it would go on for hours. Those that came from another Identity Center are among them; the AWS CLI fetches
 * them again by itself.
 * @param folder `~/.aws/cli/cache`
 * @throws the file system's error
 */
export async function removeCliRoleCredentials(folder: string): Promise<void> {
  const names = await unlessMissing(readdir(folder));
  for (const name of names?.filter((candidate) => candidate.endsWith('.json')) ?? []) {
    const file = join(folder, name);
    const content = await unlessMissing(readRegularFile(file)).catch(unlessUnsuitable);
    if (v.is(ssoCredentialsSchema, content)) {
      await rm(file, { force: true });
    }
  }
}

/** What is no file of credentials keeps none of the others from being removed. */
function unlessUnsuitable(error: unknown): undefined {
  if (!(error instanceof UnsuitableFile)) {
    throw error;
  }
}
