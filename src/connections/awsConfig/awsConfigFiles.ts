import { stat } from 'node:fs/promises';

import { WorkTimeout } from '../../common/boundedQueue.ts';
import type { BoundedQueue } from '../../common/boundedQueue.ts';
import { unlessMissing } from '../../common/files/missingFile.ts';
import { l10n } from '../../common/words.ts';
import type { AwsConfig } from './awsConfig.ts';
import type { EndpointEnvironment } from './awsEndpoints.ts';
import type { AwsPaths } from './awsPaths.ts';
import type { ConnectionProblem } from '../connection.ts';

/** Reads the files at their paths. */
export type ReadAwsConfig = (paths: AwsPaths) => Promise<AwsConfig>;

const NONE: AwsConfig = { connections: [], problems: [] };

/**
 * The AWS CLI's configuration, as it is at each call. Read again only when one of its two files has changed, and never
 * before the first call: checking the files costs less than watching them.
 */
export class AwsConfigFiles {
  readonly paths: AwsPaths;
  readonly #disk: BoundedQueue;
  readonly #read: ReadAwsConfig;
  #last: { readonly version: string; readonly config: AwsConfig } | undefined;

  /**
   * @param paths see `awsPaths`
   * @param disk limits how long the files may take
   * @param read see `lazyAwsConfig`
   */
  constructor(paths: AwsPaths, disk: BoundedQueue, read: ReadAwsConfig) {
    this.paths = paths;
    this.#disk = disk;
    this.#read = read;
  }

  /** Where a file does not answer in time, what was read last, and a problem that says so. */
  async read(): Promise<AwsConfig> {
    try {
      return await this.#disk.run(() => this.#readNow());
    } catch (error) {
      if (!(error instanceof WorkTimeout)) {
        throw error;
      }
      const { connections, problems } = this.#last?.config ?? NONE;
      return { connections, problems: [...problems, noAnswer(this.paths.config, error)] };
    }
  }

  async #readNow(): Promise<AwsConfig> {
    const { config, credentials } = this.paths;
    // One after the other: a file that hangs blocks one thread.
    const versions = [await versionOf(config), await versionOf(credentials)];
    if (versions.every((version) => version === undefined)) {
      this.#last = undefined;
      return NONE;
    }
    const version = versions.join();
    if (this.#last?.version !== version) {
      this.#last = { version, config: await this.#read(this.paths) };
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

/** Reads them. The reader and the schemas behind it are no small thing, and most users need them late or never. */
export function lazyAwsConfig(environment: EndpointEnvironment): ReadAwsConfig {
  return async (paths) => {
    const { readAwsConfig } = await import('./awsConfig.ts');
    return readAwsConfig(paths, environment);
  };
}

/** Differs when the file does; `undefined` when there is none. Editors write in place or put a new file there. */
async function versionOf(path: string): Promise<string | undefined> {
  try {
    const status = await unlessMissing(stat(path, { bigint: true }));
    return status && [status.mtimeNs, status.ctimeNs, status.size, status.ino].join(' ');
  } catch {
    // The reader reports what exists but cannot be opened.
    return 'unreadable';
  }
}
