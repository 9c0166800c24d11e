import { wholeSeconds } from '../common/wholeSeconds.ts';
import type { RoleCredentials } from './credentials/roleCredentials.ts';

/** Where credentials are pasted. */
export type CopyFormat = 'bash' | 'PowerShell' | 'fish' | 'cmd' | 'dotenv' | 'json';

interface Variable {
  readonly name: string;
  readonly value: string;
}

const SINGLE_QUOTE = /'/g;

const LINES: Readonly<Record<Exclude<CopyFormat, 'json'>, (variable: Variable) => string>> = {
  bash: ({ name, value }) => `export ${name}='${value.replaceAll(SINGLE_QUOTE, String.raw`'\''`)}'`,
  PowerShell: ({ name, value }) => `$Env:${name} = '${value.replaceAll(SINGLE_QUOTE, "''")}'`,
  fish: ({ name, value }) => `set -gx ${name} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`,
  cmd: ({ name, value }) => `set "${name}=${value}"`,
  dotenv: ({ name, value }) => `${name}=${value}`,
};

/**
 * Credentials as text to paste, the time of their end in its first line where there are comments.
 * @param region of the role's terminals; left out when unknown
 */
export function copyText(
  format: CopyFormat,
  credentials: RoleCredentials,
  region: string | undefined,
): string {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  const ends = wholeSeconds(expiration);
  if (format === 'json') {
    const document = {
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: ends,
    };
    return `${JSON.stringify(document, undefined, 2)}\n`;
  }
  const variables = [
    { name: 'AWS_ACCESS_KEY_ID', value: accessKeyId },
    { name: 'AWS_SECRET_ACCESS_KEY', value: secretAccessKey },
    { name: 'AWS_SESSION_TOKEN', value: sessionToken },
    { name: 'AWS_CREDENTIAL_EXPIRATION', value: ends },
    ...(region === undefined ? [] : [{ name: 'AWS_REGION', value: region }]),
  ];
  const comment = `${format === 'cmd' ? 'rem' : '#'} AWS credentials, valid until ${ends}`;
  return [comment, ...variables.map(LINES[format]), ''].join('\n');
}
