import type { Clock } from '../../common/clock.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import { withTimeout } from '../../common/timeout.ts';
import type { RegistrationCache } from '../../flows/clientRegistration.ts';
import type { RegisteredClient } from '../../flows/tokens.ts';
import { VaultNeedsReload } from './vault.ts';
import type { Vault } from './vault.ts';

/** Registering once more costs a request; waiting for a keychain that hangs costs a sign-in. */
const VAULT_WAIT_MS = 5000;

/** The registrations in a vault. A vault that fails costs a new registration, never the sign-in. */
export function vaultRegistrations(vault: Vault, clock: Clock, log: Log): RegistrationCache {
  async function attempt<T>(operation: string, work: Promise<T>): Promise<T | undefined> {
    try {
      return await withTimeout(clock, VAULT_WAIT_MS, () => new Error('took too long'), work);
    } catch (error) {
      if (error instanceof VaultNeedsReload) {
        // The user is told, and nothing is wrong.
        log.info({ operation, outcome: 'needs a reload of this window' });
      } else {
        log.warn({ operation, outcome: 'failed', code: errorCode(error) });
      }
      return undefined;
    }
  }
  return {
    read: (key) => attempt('read registration', vault.readRegistration(key)),
    write: (key, client: RegisteredClient) =>
      attempt('save registration', vault.writeRegistration(key, client)),
  };
}
