import { copyFile, cp } from 'node:fs/promises';
import { join } from 'node:path';

import type { PlacedProgram } from '../places/install.ts';
import { placeFolder } from '../places/places.ts';
import type { Place, SharedFolder } from '../places/places.ts';
import { AWS_CLI_1, awsCli1Version } from '../places/versions.ts';
import type { Packaged } from '../places/versions.ts';
import { buildGo } from '../places/go.ts';

const PROGRAMS = join(import.meta.dirname, 'programs');

/** A tool that needs AWS credentials. */
export interface RoleTool extends Packaged, PlacedProgram {
  readonly name: string;
  /**
   * How it is the role: by itself, because it asks what the terminal's environment names; or once the role's credentials
   * were copied and pasted into the terminal, because it asks nothing.
   */
  readonly takes: 'byItself' | 'pasted';
  /** Whether it asks AWS through the proxy of `HTTP_PROXY`. */
  readonly isProxied: boolean;
  /** Its call is refused, whoever makes it: the embedded services have no more for it than their check of the signature. */
  readonly isRefused?: true;
  /** It signs for a service's name without a port, whatever it sends. */
  readonly signsNoPort?: true;
  /** Makes the program ready in the folder. */
  readonly prepare?: (folder: SharedFolder) => Promise<void>;
  /** What has the tool ask AWS something, or several times where it can. */
  readonly command: (where: Where, calls?: number) => readonly string[];
}

/** What a tool is told. */
export interface Where {
  /** The folder that it was made ready in. */
  readonly folder: string;
  /** Origin of AWS's services, as in `AWS_ENDPOINT_URL`. */
  readonly services: URL;
  /** A bucket of the role's account. */
  readonly bucket: string;
}

const inNpm = (name: string) => (): Promise<void> =>
  copyFile(join(PROGRAMS, name), join(placeFolder('npm'), name));
const inFolder = (name: string) => (folder: SharedFolder) =>
  cp(join(PROGRAMS, name), join(folder.path, name), { recursive: true });
const node =
  (name: string) =>
  (_where: Where, calls = 1): readonly string[] => [
    process.execPath,
    join(placeFolder('npm'), name),
    ...(calls === 1 ? [] : [String(calls)]),
  ];
const nodeModule = (...path: readonly string[]): string => join(placeFolder('npm'), 'node_modules', ...path);
const repeated = (command: readonly string[], calls: number): readonly string[] => [
  ...command,
  ...(calls === 1 ? [] : [String(calls)]),
];
/** A line of shell, in the folder. */
const shell = (folder: string, line: string): readonly string[] => ['sh', '-c', `cd '${folder}' && ${line}`];

const awsCli = ({ services }: Where): readonly string[] => [
  'aws',
  'sts',
  'get-caller-identity',
  `--endpoint-url=${services.origin}`,
];

const go = (
  version: 'V1' | 'V2',
): Pick<RoleTool, 'package' | 'prepare' | 'command' | 'isProxied' | 'name'> => ({
  name: version === 'V1' ? 'AWS SDK for Go v1' : 'AWS SDK for Go v2',
  package: `golang-github-aws-aws-sdk-go-${version === 'V1' ? '' : 'v2-'}dev`,
  isProxied: true,
  prepare: (folder) => buildGo(join(PROGRAMS, `go${version}`), folder, `go${version}`),
  command: ({ folder }, calls = 1) => repeated([`${folder}/go${version}`], calls),
});

/** What both releases of Debian have. */
const DEBIAN: readonly Omit<RoleTool, 'place'>[] = [
  { name: 'AWS CLI 2', package: 'awscli', takes: 'byItself', isProxied: true, command: awsCli },
  {
    name: 'boto3',
    package: 'python3-boto3',
    takes: 'byItself',
    isProxied: true,
    prepare: inFolder('identity.py'),
    command: ({ folder }, calls = 1) => repeated(['python3', `${folder}/identity.py`], calls),
  },
  { takes: 'byItself', ...go('V1') },
  { takes: 'byItself', ...go('V2') },
  {
    name: 'AWS SDK for Ruby',
    package: 'ruby-aws-sdk-core',
    takes: 'byItself',
    isProxied: true,
    prepare: inFolder('identity.rb'),
    command: ({ folder }, calls = 1) => repeated(['ruby', `${folder}/identity.rb`], calls),
  },
  {
    name: 'rclone',
    package: 'rclone',
    takes: 'byItself',
    isProxied: true,
    command: ({ services }) => [
      'rclone',
      'lsd',
      `:s3,provider=Other,env_auth=true,region=us-east-1,endpoint="${services.origin}":`,
      '--retries=1',
      '--low-level-retries=1',
    ],
  },
  {
    name: 'async-aws',
    package: 'php-async-aws-core',
    companions: ['php-cli'],
    takes: 'pasted',
    isProxied: true,
    prepare: inFolder('identity.php'),
    command: ({ folder }) => ['php', `${folder}/identity.php`],
  },
  {
    name: 's3fs',
    package: 's3fs',
    takes: 'pasted',
    isProxied: true,
    command: ({ folder, services, bucket }) =>
      shell(
        folder,
        `mkdir -p mounted && s3fs ${bucket} mounted -o url=${services.origin},use_path_request_style,retries=1 && ls mounted; r=$?; umount mounted; exit $r`,
      ),
  },
  {
    name: 's3cmd',
    package: 's3cmd',
    takes: 'pasted',
    isProxied: false,
    command: ({ services: { host } }) => [
      's3cmd',
      'ls',
      `--host=${host}`,
      `--host-bucket=${host}`,
      '--no-ssl',
    ],
  },
  {
    name: 'GDAL',
    package: 'gdal-bin',
    takes: 'pasted',
    isProxied: true,
    isRefused: true,
    command: ({ services: { host }, bucket }) => [
      'env',
      `AWS_S3_ENDPOINT=${host}`,
      'AWS_HTTPS=NO',
      'AWS_VIRTUAL_HOSTING=FALSE',
      'gdalinfo',
      `/vsis3/${bucket}/map.tif`,
    ],
  },
  {
    name: 'git-annex',
    package: 'git-annex',
    takes: 'pasted',
    isProxied: false,
    isRefused: true,
    signsNoPort: true,
    command: ({ folder, services: { hostname, port }, bucket }) =>
      shell(
        folder,
        'rm -rf annex && git init --quiet annex && cd annex && git config user.name n && git config user.email e && ' +
          'git config annex.security.allowed-ip-addresses all && git annex init --quiet && ' +
          'git annex initremote s3 type=S3 encryption=none signature=v4 requeststyle=path protocol=http ' +
          `host=${hostname} port=${port} bucket=${bucket} datacenter=us-east-1`,
      ),
  },
  {
    name: 'restic',
    package: 'restic',
    takes: 'byItself',
    isProxied: true,
    isRefused: true,
    command: ({ services, bucket }) => [
      'env',
      'RESTIC_PASSWORD=none',
      'restic',
      '--no-cache',
      '--repo',
      `s3:${services.origin}/${bucket}/backup`,
      'cat',
      'config',
    ],
  },
];

const NPM: readonly Omit<RoleTool, 'place'>[] = [
  {
    name: 'AWS CLI 1',
    package: '@aws-cdk/asset-awscli-v1',
    version: awsCli1Version,
    takes: 'byItself',
    isProxied: true,
    command: (where) => [
      'env',
      `PYTHONPATH=${AWS_CLI_1}`,
      'python3',
      '-m',
      'awscli',
      ...awsCli(where).slice(1),
    ],
  },
  {
    name: 'AWS SDK for JavaScript v3',
    package: '@aws-sdk/client-sts',
    takes: 'byItself',
    isProxied: false,
    prepare: inNpm('javascriptV3.mjs'),
    command: node('javascriptV3.mjs'),
  },
  {
    name: 'AWS SDK for JavaScript v2',
    package: 'aws-sdk',
    takes: 'byItself',
    isProxied: false,
    prepare: inNpm('javascriptV2.cjs'),
    command: node('javascriptV2.cjs'),
  },
  {
    name: 'AWS CDK',
    package: 'aws-cdk',
    takes: 'byItself',
    isProxied: true,
    prepare: inFolder('cdk'),
    command: ({ folder }) =>
      shell(
        `${folder}/cdk`,
        `rm -rf ~/.cdk && '${process.execPath}' '${nodeModule('aws-cdk', 'bin', 'cdk')}' synth --quiet --no-notices --app "'${process.execPath}' app.cjs"`,
      ),
  },
  {
    name: 'osls',
    package: 'osls',
    takes: 'byItself',
    isProxied: true,
    prepare: inFolder('osls'),
    command: ({ folder }) =>
      shell(`${folder}/osls`, `'${process.execPath}' '${nodeModule('osls', 'bin', 'serverless.js')}' print`),
  },
  {
    name: 'AWS Common Runtime',
    package: 'aws-crt',
    takes: 'byItself',
    isProxied: false,
    prepare: inNpm('commonRuntime.cjs'),
    command: node('commonRuntime.cjs'),
  },
  {
    name: 'AWS SDK for Rust, in LanceDB',
    package: '@lancedb/lancedb',
    takes: 'byItself',
    isProxied: true,
    prepare: inNpm('lancedb.mjs'),
    command: ({ bucket }) => [process.execPath, join(placeFolder('npm'), 'lancedb.mjs'), bucket],
  },
  {
    name: 'AI SDK for Amazon Bedrock',
    package: '@ai-sdk/amazon-bedrock',
    takes: 'pasted',
    isProxied: false,
    isRefused: true,
    prepare: inNpm('bedrock.mjs'),
    command: node('bedrock.mjs'),
  },
];

const PACKER: RoleTool = {
  name: 'packer',
  place: 'bookworm',
  package: 'packer',
  takes: 'byItself',
  isProxied: true,
  isRefused: true,
  prepare: inFolder('packer.json'),
  command: ({ folder }) => ['packer', 'build', `${folder}/packer.json`],
};

function placed(tool: Omit<RoleTool, 'place'>, place: Place): RoleTool {
  return { ...tool, place };
}

/** All of them, in the order of the table. */
export const ROLE_TOOLS: readonly RoleTool[] = [
  ...NPM.map((tool) => placed(tool, 'npm')),
  ...DEBIAN.flatMap((tool) => [placed(tool, 'bookworm'), placed(tool, 'sid')]),
  PACKER,
];
