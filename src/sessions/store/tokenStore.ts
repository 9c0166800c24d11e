import type { Clock } from '../../common/clock.ts';
import { Emitter } from '../../common/event.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import { withTimeout } from '../../common/timeout.ts';
import type { SignedOut } from './indexFormat.ts';
import type { PendingChanges } from './pending/pendingChanges.ts';
import type { PendingSecrets } from './pending/pendingSecrets.ts';
import type { PendingWrites } from './pending/pendingWrites.ts';
import type { Session, SessionTokens } from '../session.ts';
import { isLater } from '../sessionVersions.ts';
import { classifyTokens } from '../vault/tokensFound.ts';
import type { TokenRecord, TokensFound } from '../vault/tokensFound.ts';
import { VaultNeedsReload } from '../vault/vault.ts';
import type { Vault } from '../vault/vault.ts';

/** A keychain that asks the user for a password may hang for as long as nobody answers. */
const VAULT_WAIT_MS = 5000;

class VaultTimeout extends Error {
  override readonly name = 'VaultTimeout';
}

/**
 * The tokens of this window's sessions: in memory while they are current, else from the vault.
 * What the vault refuses to keep stays in memory until it takes it.
 */
export class TokenStore {
  readonly #vault: Vault;
  readonly #pending: PendingSecrets;
  readonly #changes: PendingChanges;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #known = new Map<string, SessionTokens>();
  /** When this window has signed out of a session, where the index could not be told: milliseconds since the epoch. */
  readonly #signedOutAt = new Map<string, number>();
  readonly #failed = new Emitter<void>();
  /** The vault does not take some tokens: they live in this window's memory only. Told once, until all are saved again. */
  readonly onDidFailToSave = this.#failed.event;
  readonly #signedOut = new Emitter<SignedOut>();
  /** The vault says that a session was signed out, by a window that could not save that in the index. */
  readonly onDidFindSignOut = this.#signedOut.event;

  constructor(vault: Vault, pending: PendingWrites, clock: Clock, log: Log) {
    this.#vault = vault;
    this.#pending = pending.secrets;
    this.#changes = pending.changes;
    this.#clock = clock;
    this.#log = log;
  }

  /** What memory alone can tell. */
  remembered(session: Session): TokensFound {
    const known = this.#known.get(session.id);
    return this.classify(known === undefined ? { kind: 'unavailable' } : { tokens: known }, session);
  }

  /** What `record` is to `session`. */
  classify(record: TokenRecord, session: Session): TokensFound {
    return 'tokens' in record ? classifyTokens(record.tokens, session, this.#clock.now()) : record;
  }

  /** From memory where it is up to date, else from the vault, else what there is. Never rejects. */
  async read(session: Session): Promise<TokensFound> {
    const known = this.remembered(session);
    if (known.kind === 'current' || known.kind === 'newer') {
      return known;
    }
    const stored = await this.readVault(session);
    return 'tokens' in stored ? stored : this.remembered(session).kind === 'stale' ? known : stored;
  }

  /** What the vault says, unless memory holds what the vault has yet to take. Never rejects. */
  async readVault(session: Session): Promise<TokensFound> {
    return this.classify(await this.readRecord(session.id), session);
  }

  /** As {@link readVault}, for a session whose version is yet to be seen: see {@link classify}. */
  async readRecord(id: string): Promise<TokenRecord> {
    const known = this.#known.get(id);
    if (this.#pending.unsaved.has(id) && known !== undefined) {
      return { tokens: known };
    }
    try {
      const stored = await this.#bounded(this.#vault.readTokens(id));
      if (stored === undefined) {
        await this.#findSignOut(id);
        return { kind: 'missing' };
      }
      const remembered = this.#known.get(id);
      if (remembered === undefined || isLater(stored, remembered)) {
        this.#known.set(id, stored);
      }
      return { tokens: stored };
    } catch (error) {
      this.#warn('read secret', id, error);
      return { kind: 'unavailable' };
    }
  }

  async #findSignOut(id: string): Promise<void> {
    const at = await this.#bounded(this.#vault.readSignOut(id));
    if (at !== undefined) {
      this.#signedOut.fire({ id, at });
    }
  }

  /** Never rejects: what cannot be saved is kept in memory, and saved by {@link saveUnsaved}. */
  async write(id: string, tokens: SessionTokens): Promise<void> {
    const wasSaved = this.#pending.savable.length === 0;
    this.#known.set(id, tokens);
    this.#pending.noteUnsaved(id);
    if (this.#pending.savable.includes(id)) {
      await this.#save(id, tokens);
    }
    if (wasSaved && this.#pending.savable.length > 0) {
      this.#failed.fire();
    }
  }

  /** Another window may have overwritten these: save them once more. */
  saveAgain(id: string): void {
    if (this.#known.has(id)) {
      this.#pending.noteUnsaved(id);
    }
  }

  /** Tries once more what the vault has refused so far. */
  async saveUnsaved(): Promise<void> {
    for (const id of this.#pending.savable) {
      const tokens = this.#known.get(id);
      if (tokens !== undefined) {
        await this.#save(id, tokens);
      }
    }
    // Until the index says that a session is signed out, the vault has to.
    for (const id of [...this.#pending.undeleted].filter((gone) => !this.#changes.has(gone))) {
      await this.#deleteSignedOut(id);
    }
  }

  /** Deletes what a sign-out could not, unless another window has signed in to the session since. Never rejects. */
  async #deleteSignedOut(id: string): Promise<void> {
    const at = this.#signedOutAt.get(id) ?? Infinity;
    try {
      const stored = await this.#bounded(this.#vault.readTokens(id));
      if (stored !== undefined && stored.signedInAt > at) {
        this.#pending.noteDeleted(id);
        return;
      }
    } catch (error) {
      this.#warn('read secret', id, error);
      return;
    }
    await this.delete(id);
  }

  /** For a session that is gone for good. Never rejects: {@link saveUnsaved} tries again. */
  async delete(id: string): Promise<void> {
    this.forget(id);
    this.#pending.noteUndeleted(id);
    try {
      await this.#bounded(this.#vault.deleteTokens(id));
      this.#pending.noteDeleted(id);
    } catch (error) {
      this.#warn('delete secret', id, error);
    }
  }

  /**
   * For a session whose sign-out the index could not be told of: puts a note of that in the place of its tokens, where
   * the vault takes one, until the index says so. Then deletes once more what a window that did not know may have written.
   * @returns whether it is noted. Never rejects.
   */
  async replaceBySignOut({ id, at }: SignedOut): Promise<boolean> {
    this.#signedOutAt.set(id, at);
    await this.delete(id);
    this.#pending.noteUndeleted(id);
    this.#pending.noteLeft(id);
    try {
      await this.#bounded(this.#vault.writeSignOut(id, at));
      return true;
    } catch (error) {
      this.#warn('note sign-out', id, error);
      return false;
    }
  }

  /** Drops the session's tokens from memory. */
  forget(id: string): void {
    this.#known.delete(id);
    this.#pending.noteSaved(id);
  }

  /** Drops from memory what belongs to no session any more, or to an earlier sign-in. */
  dropObsolete(sessions: readonly Session[], removed: readonly Session[]): void {
    const ids = new Set(sessions.map(({ id }) => id));
    for (const { id } of removed) {
      if (!ids.has(id)) {
        this.forget(id);
      }
    }
    for (const { id, signedInAt } of sessions) {
      this.#pending.noteReturned(id);
      if ((this.#known.get(id)?.signedInAt ?? Infinity) < signedInAt) {
        this.forget(id);
      }
    }
  }

  async #save(id: string, tokens: SessionTokens): Promise<void> {
    try {
      await this.#bounded(this.#vault.writeTokens(id, tokens));
      if (this.#known.get(id) === tokens) {
        this.#pending.noteSaved(id);
      }
    } catch (error) {
      this.#warn('save secret', id, error);
    }
  }

  #bounded<T>(work: Promise<T>): Promise<T> {
    return withTimeout(this.#clock, VAULT_WAIT_MS, () => new VaultTimeout(), work);
  }

  #warn(operation: string, session: string, error: unknown): void {
    if (error instanceof VaultNeedsReload) {
      // The user is told, and nothing is wrong.
      this.#log.info({ operation, outcome: 'needs a reload of this window', session });
      return;
    }
    this.#log.warn({ operation, outcome: 'failed, memory serves', session, code: errorCode(error) });
  }

  dispose(): void {
    this.#failed.dispose();
    this.#signedOut.dispose();
  }
}
