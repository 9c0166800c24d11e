import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { WorkTimeout } from '../../common/boundedQueue.ts';
import type { BoundedQueue } from '../../common/boundedQueue.ts';
import { l10n } from '../../common/words.ts';
import type { AwsConfig } from './awsConfig.ts';
import type { ConnectionProblem } from '../connection.ts';

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

const NONE: AwsConfig = { connections: [], problems: [] };

/**
 * The AWS CLI's configuration, as it is whenever somebody asks. Read anew only when the file has changed, and
 * never before it is asked for: a look at the file costs less than watching it.
 */
export class AwsConfigFile {
  readonly path: string;
  readonly #disk: BoundedQueue;
  readonly #read: ReadAwsConfig;
  #last: { readonly version: string; readonly config: AwsConfig } | undefined;

  /**
   * @param path see `awsConfigPath`
   * @param disk limits how long the file may take
   */
  constructor(path: string, disk: BoundedQueue, read: ReadAwsConfig = readLazily) {
    this.path = path;
    this.#disk = disk;
    this.#read = read;
  }

  /** Where the file does not answer in time, what was read last, and a problem that says so. */
  async read(): Promise<AwsConfig> {
    try {
      return await this.#disk.run(() => this.#readNow());
    } catch (error) {
      if (!(error instanceof WorkTimeout)) {
        throw error;
      }
      const { connections, problems } = this.#last?.config ?? NONE;
      return { connections, problems: [...problems, noAnswer(this.path, error)] };
    }
  }

  async #readNow(): Promise<AwsConfig> {
    const version = await versionOf(this.path);
    if (version === undefined) {
      this.#last = undefined;
      return NONE;
    }
    if (this.#last?.version !== version) {
      this.#last = { version, config: await this.#read(this.path) };
    }
    return this.#last.config;
  }
}

function noAnswer(path: string, { limitMs }: WorkTimeout): ConnectionProblem {
  const message = l10n.t(
    "The AWS config file {0} didn't respond within {1} seconds. AWS SSO continues with the connections it already knows. Check the disk or network drive that the file is on.",
    path,
    limitMs / 1000,
  );
  return { entry: path, message };
}

/** The reader and the schemas behind it are no small thing, and most people need them late or never. */
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
