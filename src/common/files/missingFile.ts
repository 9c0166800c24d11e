import { errorCode } from '../log.ts';

/**
 * What comes of `work` on a file or folder, or `undefined` where there is none.
 * @throws what else the file system says
 */
export async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
