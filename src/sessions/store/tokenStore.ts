import type { Clock } from '../../common/clock.ts';
import { Emitter } from '../../common/event.ts';
import type { Log } from '../../common/log.ts';
import { BoundedVault } from '../vault/boundedVault.ts';
import type { SignedOut } from './indexFormat.ts';
import type { PendingChanges } from './pending/pendingChanges.ts';
import type { PendingSecrets } from './pending/pendingSecrets.ts';
import type { PendingWrites } from './pending/pendingWrites.ts';
import type { Session, SessionTokens } from '../session.ts';
import { isLater } from '../sessionVersions.ts';
import { classifyTokens } from '../vault/tokensFound.ts';
import type { TokenRecord, TokensFound } from '../vault/tokensFound.ts';
import type { Vault } from '../vault/vault.ts';

/**
 * The tokens of this window's sessions: in memory while they are current, else from the vault.
 * What the vault refuses to keep stays in memory until it takes it.
 */
export class TokenStore {
  readonly #vault: BoundedVault;
  readonly #pending: PendingSecrets;
  readonly #changes: PendingChanges;
  readonly #clock: Clock;
  readonly #known = new Map<string, SessionTokens>();
  readonly #failed = new Emitter<void>();
  /**
   * The vault does not take some tokens: they are in this window's memory only. Fires once, until all are saved again.
   */
  readonly onDidFailToSave = this.#failed.event;
  readonly #signedOut = new Emitter<SignedOut>();
  /** The vault says that a session was signed out, by a window that could not save that in the index. */
  readonly onDidFindSignOut = this.#signedOut.event;

  constructor(vault: Vault, pending: PendingWrites, clock: Clock, log: Log) {
    this.#vault = new BoundedVault(vault, clock, log);
    this.#pending = pending.secrets;
    this.#changes = pending.changes;
    this.#clock = clock;
  }

  /** What only this window's memory knows. */
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
      const stored = await this.#vault.ask((vault) => vault.readTokens(id));
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
      this.#vault.warn('read secret', id, error);
      return { kind: 'unavailable' };
    }
  }

  async #findSignOut(id: string): Promise<void> {
    const at = await this.#vault.ask((vault) => vault.readSignOut(id));
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
    for (const [id, upTo] of [...this.#pending.undeleted].filter(([gone]) => !this.#changes.has(gone))) {
      await this.delete(id, upTo);
    }
  }

  /**
   * For a session that was removed for good. Never rejects: {@link saveUnsaved} tries again.
   * @param upTo the tokens of a later sign-in stay: milliseconds since the epoch
   */
  async delete(id: string, upTo = Infinity): Promise<void> {
    this.forget(id);
    this.#pending.noteUndeleted(id, upTo);
    try {
      if (!(await this.#hasLater(id, upTo))) {
        await this.#vault.ask((vault) => vault.deleteTokens(id));
      }
      this.#pending.noteDeleted(id);
    } catch (error) {
      this.#vault.warn('delete secret', id, error);
    }
  }

  /** Whether another window has signed in to the session since, and the vault has its tokens. */
  async #hasLater(id: string, upTo: number): Promise<boolean> {
    if (upTo === Infinity) {
      return false;
    }
    const stored = await this.#vault.ask((vault) => vault.readTokens(id));
    return stored !== undefined && stored.signedInAt > upTo;
  }

  /**
   * For a session whose sign-out the index could not save: replaces its tokens by a note of that, where the vault
   * takes one, until the index says so. Then deletes once more what a window that did not know may have written.
   * The tokens of a later sign-in stay.
   * @returns whether it is noted. Never rejects.
   */
  async replaceBySignOut({ id, at }: SignedOut): Promise<boolean> {
    await this.delete(id, at);
    this.#pending.noteUndeleted(id, at);
    this.#pending.noteLeft(id);
    try {
      if (!(await this.#hasLater(id, at))) {
        await this.#vault.ask((vault) => vault.writeSignOut(id, at));
      }
      return true;
    } catch (error) {
      this.#vault.warn('note sign-out', id, error);
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
      await this.#vault.ask((vault) => vault.writeTokens(id, tokens));
      if (this.#known.get(id) === tokens) {
        this.#pending.noteSaved(id);
      }
    } catch (error) {
      this.#vault.warn('save secret', id, error);
    }
  }

  dispose(): void {
    this.#failed.dispose();
    this.#signedOut.dispose();
  }
}
