import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '../common/clock.ts';
import { unlessMissing } from '../common/missingFile.ts';
import type { Random } from '../common/random.ts';
import { readText, replaceText } from './atomicFile.ts';
import type { SealedFiles } from './sealedVault.ts';

/** {@link SealedFiles} in a folder, which is made when first needed. */
export function sealedFolder(folder: string, clock: Clock, random: Random): SealedFiles {
  const { signal } = new AbortController();
  return {
    read: (name) => readText(join(folder, name)),
    write: (name, text) => replaceText(join(folder, name), text, { clock, random, rename }, signal),
    remove: (name) => rm(join(folder, name), { force: true }),
    names: async () => (await unlessMissing(readdir(folder))) ?? [],
  };
}
