import { join } from 'node:path';

/** Where the AWS CLI's two files are. */
export interface AwsPaths {
  readonly config: string;
  readonly credentials: string;
}

/** What of the machine says so. */
export interface AwsPathsSource {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/**
 * `~/.aws/config` and `~/.aws/credentials`, or what `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` say, in which
 * the AWS CLI expands variables and `~` (botocore `configloader.raw_config_parse`).
 */
export function awsPaths(source: AwsPathsSource): AwsPaths {
  const { environment, home } = source;
  return {
    config: expanded(environment['AWS_CONFIG_FILE'], source) ?? join(home, '.aws', 'config'),
    credentials:
      expanded(environment['AWS_SHARED_CREDENTIALS_FILE'], source) ?? join(home, '.aws', 'credentials'),
  };
}

const VARIABLE = /\$(?:\w+|\{[^}]*\})/g;
const WINDOWS_VARIABLE = /\$(?:\w+|\{[^}]*\})|%[^%]+%/g;

/** Python's `os.path.expandvars`, to which a variable that is not set is text, then its `os.path.expanduser`. */
function expanded(
  path: string | undefined,
  { environment, home, platform }: AwsPathsSource,
): string | undefined {
  if (path === undefined || path === '') {
    return undefined;
  }
  const isWindows = platform === 'win32';
  return path
    .replaceAll(
      isWindows ? WINDOWS_VARIABLE : VARIABLE,
      (variable) => environment[variable.replaceAll(/[${}%]/g, '')] ?? variable,
    )
    .replace(isWindows ? /^~(?=[/\\]|$)/ : /^~(?=\/|$)/, () => home);
}
