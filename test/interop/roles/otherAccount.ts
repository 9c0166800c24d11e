import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const OTHER_ID = 'AKIAIOSFODNN7EXAMPLE';
const OTHER_SECRET = 'another/secret';
const OTHER_PROFILE = `[default]\naws_access_key_id = ${OTHER_ID}\naws_secret_access_key = ${OTHER_SECRET}\n`;
/** What is in `~/.aws` of a user who has keys of another account. */
export const OTHER_FILES = {
  credentials: OTHER_PROFILE,
  config: `${OTHER_PROFILE}region = eu-north-1\noutput = json\n`,
};
/** What their editor has of them in its variables, or their terminals in theirs. */
export const OTHER_VARIABLES = {
  AWS_PROFILE: 'default',
  AWS_BEARER_TOKEN_BEDROCK: 'another-token',
  // Those of osls and of s3fs.
  AWS_DEV_PROFILE: 'default',
  AWSACCESSKEYID: OTHER_ID,
  AWSSECRETACCESSKEY: OTHER_SECRET,
  ...Object.fromEntries(
    ['AWS', 'AMAZON', 'AWS_DEV'].flatMap((prefix) => [
      [`${prefix}_ACCESS_KEY_ID`, OTHER_ID],
      [`${prefix}_SECRET_ACCESS_KEY`, OTHER_SECRET],
    ]),
  ),
};

/** Writes these files of `~/.aws`. */
export async function writeAwsFiles(home: string, files: Readonly<Record<string, string>>): Promise<void> {
  const aws = join(home, '.aws');
  await mkdir(aws, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(aws, name), text);
  }
}
