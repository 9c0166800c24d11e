import { join } from 'node:path';
import type { Clock } from '../../src/common/clock.ts';
import { systemRandom } from '../../src/common/random.ts';
import { hostLocks } from '../../src/sessions/hostLocks.ts';
import { DiskIndexFile } from '../../src/sessions/indexFile.ts';
import { DEFAULT_REFRESH_POLICY } from '../../src/sessions/refreshPolicy.ts';
import { SecretVault } from '../../src/sessions/secretVault.ts';
import type { ListedSecretStore } from '../../src/sessions/secretVault.ts';
import { SessionManager } from '../../src/sessions/sessionManager.ts';
import { isAlive } from '../unit/support/processes.ts';

const service = {
  refresh: async () => {
    throw new Error('Nothing is due.');
  },
  signOut: async () => undefined,
};

/** The sessions of a window, on a real disk and under real locks. Nothing comes due while it is measured. */
export async function openSessions(
  folder: string,
  secrets: ListedSecretStore,
  clock: Clock,
): Promise<SessionManager> {
  const { pid } = process;
  const parts = { clock, random: systemRandom, pid };
  return new SessionManager({
    ...parts,
    file: new DiskIndexFile(join(folder, 'sessions.json'), clock, systemRandom),
    vault: new SecretVault(secrets),
    locks: await hostLocks(join(folder, 'locks'), { ...parts, isAlive }),
    service,
    networkId: () => 'lan',
    policy: DEFAULT_REFRESH_POLICY,
    log: { info: () => undefined, warn: () => undefined },
  });
}
