import type { Clock } from '../../common/clock.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import { withTimeout } from '../../common/timeout.ts';
import { VaultNeedsReload } from './vault.ts';
import type { Vault } from './vault.ts';

/** A keychain that asks the user for a password may hang for as long as nobody answers. */
const VAULT_WAIT_MS = 5000;

class VaultTimeout extends Error {
  override readonly name = 'VaultTimeout';
}

/** The vault, which has 5 seconds for each response, and whose failures are logged. */
export class BoundedVault {
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(vault: Vault, clock: Clock, log: Log) {
    this.#vault = vault;
    this.#clock = clock;
    this.#log = log;
  }

  /** @throws what the vault says; VaultTimeout */
  ask<T>(question: (vault: Vault) => Promise<T>): Promise<T> {
    return withTimeout(this.#clock, VAULT_WAIT_MS, () => new VaultTimeout(), question(this.#vault));
  }

  warn(operation: string, session: string, error: unknown): void {
    if (error instanceof VaultNeedsReload) {
      // The user is told, and nothing is wrong.
      this.#log.info({ operation, outcome: 'needs a reload of this window', session });
      return;
    }
    this.#log.warn({ operation, outcome: 'failed, memory serves', session, code: errorCode(error) });
  }
}
