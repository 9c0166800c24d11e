import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { BoundedQueue } from '../../common/boundedQueue.ts';
import type { Clock } from '../../common/clock.ts';
import { unlessMissing } from '../../common/files/missingFile.ts';
import type { Random } from '../../common/random.ts';
import { readText, replaceText } from '../../common/files/atomicFile.ts';

/** The disk may hang. In milliseconds. */
const DISK_WAIT_MS = 5000;

/** A folder that all windows share. Files are replaced whole. */
export interface SealedFiles {
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
}

/** {@link SealedFiles} in a folder, which is made when first needed. */
export function sealedFolder(folder: string, clock: Clock, random: Random): SealedFiles {
  const { signal } = new AbortController();
  const files: SealedFiles = {
    read: (name) => readText(join(folder, name)),
    write: (name, text) => replaceText(join(folder, name), text, { clock, random, rename }, signal),
    remove: (name) => rm(join(folder, name), { force: true }),
    names: async () => (await unlessMissing(readdir(folder))) ?? [],
  };
  return boundedFiles(files, clock);
}

/** Files on a disk that may hang. One after the other, so that a write that hangs never lands on a later one. */
export function boundedFiles(files: SealedFiles, clock: Clock): SealedFiles {
  const disk = new BoundedQueue(clock, DISK_WAIT_MS);
  return {
    read: (name) => disk.run(() => files.read(name)),
    write: (name, text) => disk.run(() => files.write(name, text)),
    remove: (name) => disk.run(() => files.remove(name)),
    names: () => disk.run(() => files.names()),
  };
}
