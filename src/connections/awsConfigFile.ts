import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { AwsConfig } from './awsConfig.ts';

/** Reads the configuration at a path. */
export type ReadAwsConfig = (path: string) => Promise<AwsConfig>;

/** Where the AWS CLI keeps its configuration: `AWS_CONFIG_FILE`, else `~/.aws/config`. */
export function awsConfigPath(
  environment: { readonly AWS_CONFIG_FILE?: string | undefined },
  homeDirectory: string,
): string {
  const configured = environment.AWS_CONFIG_FILE;
  return configured === undefined || configured === ''
    ? join(homeDirectory, '.aws', 'config')
    : configured.replace(/^~(?=[/\\])/, () => homeDirectory);
}

/**
 * The AWS CLI's configuration, as it is whenever somebody asks. Read anew only when the file has changed, and
 * never before it is asked for: a look at the file costs less than watching it.
 */
export class AwsConfigFile {
  readonly path: string;
  readonly #read: ReadAwsConfig;
  #last: { readonly version: string; readonly config: Promise<AwsConfig> } | undefined;

  /** @param path see `awsConfigPath` */
  constructor(path: string, read: ReadAwsConfig = readLazily) {
    this.path = path;
    this.#read = read;
  }

  async read(): Promise<AwsConfig> {
    const version = await versionOf(this.path);
    if (version === undefined) {
      return { connections: [], problems: [] };
    }
    if (this.#last?.version !== version) {
      this.#last = { version, config: this.#read(this.path) };
    }
    return this.#last.config;
  }
}

/** The AWS SDK's loader is no small thing, and most people need it late or never. */
async function readLazily(path: string): Promise<AwsConfig> {
  const { readAwsConfig } = await import('./awsConfig.ts');
  return readAwsConfig(path);
}

/** Differs when the file does; `undefined` when there is none. Editors write in place or put a new file there. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(path, { bigint: true });
    return [mtimeNs, ctimeNs, size, ino].join(' ');
  } catch (error) {
    // What is there but cannot be looked at is for the reader to report.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable';
  }
}
