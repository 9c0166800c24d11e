import { chmod, mkdir, stat } from 'node:fs/promises';

/** For its owner only. Windows has no such modes, and takes no notice: the profile's folder is its owner's anyway. */
export const PRIVATE_FOLDER_MODE = 0o700;

/**
 * Makes a folder, and those above it, for their owner only: whoever can open a lock file in it can hold the lock. One
 * that is there already is closed to others.
 * @throws what the file system says
 */
export async function makePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  if (((await stat(path)).mode & 0o077) !== 0) {
    await chmod(path, PRIVATE_FOLDER_MODE);
  }
}
