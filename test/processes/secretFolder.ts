import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { systemClock } from '../../src/common/clock.ts';
import { systemRandom } from '../../src/common/random.ts';
import { readText, replaceText } from '../../src/common/files/atomicFile.ts';
import type { ListedSecretStore } from '../../src/sessions/vault/secretVault.ts';

/** A secret store that several processes share, as the desktop's is shared by all windows: a file for each key. */
export function secretFolder(folder: string): ListedSecretStore {
  const path = (key: string): string => join(folder, encodeURIComponent(key));
  const tools = { clock: systemClock, random: systemRandom, rename };
  const { signal } = new AbortController();
  return {
    get: (key) => readText(path(key)),
    store: (key, value) => replaceText(path(key), value, tools, signal),
    delete: (key) => rm(path(key), { force: true }),
    keys: async () => (await readdir(folder)).map((name) => decodeURIComponent(name)),
  };
}
