import { l10n, WordedError } from '../../common/words.ts';
import type { RegisteredClient } from '../../flows/tokens.ts';
import type { SessionTokens } from '../session.ts';

/**
 * Where the secrets are stored. Every method may reject, and may take as long as the keychain does: callers limit the
 * wait, and never treat a failure as a response.
 */
export interface Vault {
  /** `undefined` when there is nothing, or nothing readable. */
  readTokens(sessionId: string): Promise<SessionTokens | undefined>;
  writeTokens(sessionId: string, tokens: SessionTokens): Promise<void>;
  /** Its note of a sign-out too. */
  deleteTokens(sessionId: string): Promise<void>;
  /** When the session was signed out, where that is noted in the place of its tokens: milliseconds since the epoch. */
  readSignOut(sessionId: string): Promise<number | undefined>;
  writeSignOut(sessionId: string, at: number): Promise<void>;
  readRegistration(key: string): Promise<RegisteredClient | undefined>;
  writeRegistration(key: string, client: RegisteredClient): Promise<void>;
  deleteRegistration(key: string): Promise<void>;
  /** Of all registrations, those that cannot be read included. */
  registrationKeys(): Promise<readonly string[]>;
}

/** This window's copy of the secrets is older than the key: reloading the window brings it up to date. */
export class VaultNeedsReload extends WordedError {
  override readonly name = 'VaultNeedsReload';
  readonly code = 'vaultNeedsReload';

  constructor() {
    super(
      l10n.t(
        'You signed in to AWS in another tab after this one was opened. Reload this window to use that sign-in.',
      ),
    );
  }
}
