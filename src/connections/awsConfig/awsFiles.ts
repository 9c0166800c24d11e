import { WorkTimeout } from '../../common/boundedQueue.ts';
import type { BoundedQueue } from '../../common/boundedQueue.ts';
import { unlessMissing } from '../../common/files/missingFile.ts';
import { readRegularFile } from '../../common/files/regularFile.ts';
import { l10n, WordedError } from '../../common/words.ts';
import type { AwsPaths } from './awsPaths.ts';

interface AwsFilesParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly paths: AwsPaths;
  /** Limits how long the files may take. */
  readonly disk: BoundedQueue;
}

/**
 * Makes sure that the AWS SDK can read its configuration and its credentials without waiting for them.
 * @throws WordedError when they do not answer; UnsuitableFile, or what the file system says
 */
export async function checkAwsFiles({ environment, paths, disk }: AwsFilesParts): Promise<void> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE } = environment;
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY && !AWS_PROFILE) {
    // Then the SDK needs no file.
    return;
  }
  try {
    await disk.run(async () => {
      for (const path of [paths.config, paths.credentials]) {
        await unlessMissing(readRegularFile(path));
      }
    });
  } catch (error) {
    if (error instanceof WorkTimeout) {
      const seconds = error.limitMs / 1000;
      throw new WordedError(l10n.t("The AWS config files didn't respond within {0} seconds.", seconds));
    }
    throw error;
  }
}
