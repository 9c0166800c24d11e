import { join } from 'node:path';
import type { Clock } from '../../src/common/clock.ts';
import { systemRandom } from '../../src/common/random.ts';
import { DiskIndexFile } from '../../src/sessions/store/indexFile.ts';
import { DEFAULT_REFRESH_POLICY } from '../../src/sessions/refresh/policy.ts';
import { SecretVault } from '../../src/sessions/vault/secretVault.ts';
import type { ListedSecretStore } from '../../src/sessions/vault/secretVault.ts';
import { SessionManager } from '../../src/sessions/sessionManager.ts';
import { openHostLocks } from '../unit/support/hostLocks.ts';

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
    holder: { machine: 'one', boot: '', processNamespace: '', pid },
    file: new DiskIndexFile(join(folder, 'sessions.json'), clock, systemRandom),
    vault: new SecretVault(secrets),
    locks: await openHostLocks(join(folder, 'locks')),
    service,
    networkId: () => 'lan',
    policy: DEFAULT_REFRESH_POLICY,
    log: { info: () => undefined, warn: () => undefined },
  });
}
