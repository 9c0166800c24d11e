import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';

import { buildGo } from '../places/go.ts';
import { placeFolder } from '../places/places.ts';
import type { SharedFolder } from '../places/places.ts';
import { AWS_CLI_1, awsCli1Version } from '../places/versions.ts';
import type { Packaged } from '../places/versions.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');

/** One of AWS's tools, or one built on them. */
export interface Tool extends Packaged {
  readonly name: string;
  /**
   * How it reaches another service than AWS's: by AWS's variables, its own configuration that takes over what they
   * say, or a proxy whose authority it trusts by a variable.
   */
  readonly reach:
    'variables' | 'configuration' | { readonly proxyTrustedBy: 'AWS_CA_BUNDLE' | 'SSL_CERT_FILE' };
  /** Which profiles it can sign in with: those with an sso-session, or only those of the older format. */
  readonly profile: 'sso-session' | 'legacy';
  /** How long before its end it refreshes a token, in seconds; absent where it never does. */
  readonly refreshesS?: number;
  /** Makes the program ready in the folder. */
  readonly prepare?: (folder: SharedFolder) => Promise<void>;
  /** What has the tool find credentials for the profile in `AWS_PROFILE`, and print their access key or use it. */
  readonly command: (where: Where) => readonly string[];
}

interface Where {
  /** The folder that it was made ready in, as the tool sees it. */
  readonly folder: string;
  /** The origin of an S3; absent where AWS's own leads to it. */
  readonly s3?: string;
}

/** Puts the program beside what it imports. */
const inNpm = (name: string) => (): Promise<void> =>
  copyFile(join(PROGRAMS, name), join(placeFolder('npm'), name));
const inFolder = (name: string) => (folder: SharedFolder) =>
  copyFile(join(PROGRAMS, name), join(folder.path, name));

const listBuckets = ({ s3 }: Where): readonly string[] => [
  's3api',
  'list-buckets',
  ...(s3 === undefined ? [] : [`--endpoint-url=${s3}`]),
];
const awsCli = (where: Where): readonly string[] => ['aws', ...listBuckets(where)];
const rclone = ({ s3 }: Where): readonly string[] => [
  'rclone',
  'lsd',
  s3 === undefined
    ? ':s3,provider=AWS,env_auth=true,region=us-east-1:'
    : `:s3,provider=Other,env_auth=true,region=us-east-1,endpoint="${s3}":`,
  '--retries=1',
  '--low-level-retries=1',
];
const goV2 = {
  package: 'golang-github-aws-aws-sdk-go-v2-dev',
  prepare: (folder: SharedFolder) => buildGo(join(PROGRAMS, 'go'), folder, 'program'),
};
const goCommand = ({ folder }: Where): readonly string[] => [`${folder}/program`];
const boto3 = {
  package: 'python3-boto3',
  refreshesS: 15 * 60,
  prepare: inFolder('boto3Key.py'),
  command: ({ folder }: Where) => ['python3', `${folder}/boto3Key.py`],
};
const ruby = {
  package: 'ruby-aws-sdk-core',
  refreshesS: 5 * 60,
  prepare: inFolder('ruby.rb'),
  command: ({ folder }: Where) => ['ruby', `${folder}/ruby.rb`],
};

const BY_AWS = { proxyTrustedBy: 'AWS_CA_BUNDLE' } as const;
const BY_SYSTEM = { proxyTrustedBy: 'SSL_CERT_FILE' } as const;

export const TOOLS: readonly Tool[] = [
  {
    name: 'AWS SDK for JavaScript v3',
    place: 'npm',
    package: '@aws-sdk/credential-providers',
    reach: 'variables',
    profile: 'sso-session',
    refreshesS: 5 * 60,
    prepare: inNpm('javascriptV3.mjs'),
    command: () => [process.execPath, join(placeFolder('npm'), 'javascriptV3.mjs')],
  },
  {
    name: 'AWS SDK for JavaScript v2',
    place: 'npm',
    package: 'aws-sdk',
    reach: 'configuration',
    profile: 'sso-session',
    refreshesS: 5 * 60,
    prepare: inNpm('javascriptV2.cjs'),
    command: () => [process.execPath, join(placeFolder('npm'), 'javascriptV2.cjs')],
  },
  {
    name: 'AWS CLI 1',
    place: 'npm',
    package: '@aws-cdk/asset-awscli-v1',
    reach: 'variables',
    profile: 'sso-session',
    refreshesS: 15 * 60,
    version: awsCli1Version,
    command: (where) => ['env', `PYTHONPATH=${AWS_CLI_1}`, 'python3', '-m', 'awscli', ...listBuckets(where)],
  },
  {
    name: 'AWS CLI 2',
    place: 'bookworm',
    package: 'awscli',
    reach: BY_AWS,
    profile: 'sso-session',
    refreshesS: 15 * 60,
    command: awsCli,
  },
  {
    name: 'AWS CLI 2',
    place: 'sid',
    package: 'awscli',
    reach: 'variables',
    profile: 'sso-session',
    refreshesS: 15 * 60,
    command: awsCli,
  },
  { name: 'boto3', place: 'bookworm', reach: BY_AWS, profile: 'sso-session', ...boto3 },
  { name: 'boto3', place: 'sid', reach: 'variables', profile: 'sso-session', ...boto3 },
  {
    name: 'AWS SDK for Go v2',
    place: 'bookworm',
    reach: BY_SYSTEM,
    profile: 'legacy',
    ...goV2,
    command: goCommand,
  },
  {
    name: 'AWS SDK for Go v2',
    place: 'sid',
    reach: 'variables',
    profile: 'sso-session',
    refreshesS: 0,
    ...goV2,
    command: goCommand,
  },
  { name: 'AWS SDK for Ruby', place: 'bookworm', reach: BY_AWS, profile: 'sso-session', ...ruby },
  { name: 'AWS SDK for Ruby', place: 'sid', reach: 'variables', profile: 'sso-session', ...ruby },
  {
    name: 'rclone',
    place: 'bookworm',
    package: 'rclone',
    reach: BY_SYSTEM,
    profile: 'legacy',
    command: rclone,
  },
  {
    name: 'rclone',
    place: 'sid',
    package: 'rclone',
    reach: 'variables',
    profile: 'sso-session',
    refreshesS: 0,
    command: rclone,
  },
];
