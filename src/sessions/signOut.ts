import type { Clock } from '../common/clock.ts';
import type { Disposable } from '../common/disposable.ts';
import { Emitter } from '../common/event.ts';
import type { Log } from '../common/log.ts';
import type { Locks } from '../common/locks/locks.ts';
import type { WorkUnderWay } from './workUnderWay.ts';
import type { Connection } from '../connections/connection.ts';
import { refreshLock } from './refresh/refreshLocks.ts';
import type { RefreshScheduler } from './refresh/scheduler.ts';
import type { Session } from './session.ts';
import { signOutAtService } from './signOutAtService.ts';
import type { SignedOut } from './store/indexFormat.ts';
import type { PendingWrites } from './store/pending/pendingWrites.ts';
import type { SessionStore } from './store/sessionStore.ts';
import type { TokenStore } from './store/tokenStore.ts';
import type { TokenService } from './tokenService.ts';
import type { TokensFound } from './vault/tokensFound.ts';

interface SignOutParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly pending: PendingWrites;
  readonly scheduler: RefreshScheduler;
  readonly locks: Locks;
  readonly service: TokenService;
  readonly underWay: WorkUnderWay;
  readonly clock: Clock;
  readonly log: Log;
}

/** A sign-out that takes longer was held up. */
const PROMPT_MS = 10_000;

/** Ends sessions because the user says so: here first, then at the service. */
export class SignOut implements Disposable {
  readonly #parts: SignOutParts;
  readonly #unsaved = new Emitter<Session>();
  /**
   * A session is signed out here, and neither the index nor the vault could save that: a later window may list it
   * again.
   */
  readonly onDidFailToSave = this.#unsaved.event;

  constructor(parts: SignOutParts) {
    this.#parts = parts;
  }

  /**
   * Removes a session here at once, then ends it at the service, without waiting for that.
   * @returns what was removed, or `undefined` if there was no such session
   */
  signOut(id: string): Promise<Session | undefined> {
    return this.#parts.underWay.add(this.#signOut(id));
  }

  async #signOut(id: string): Promise<Session | undefined> {
    const removed = await this.#remove(id, this.#isMeant(id));
    if (removed !== undefined && 'tokens' in removed.found) {
      this.endAtService(removed.session, removed.found.tokens.accessToken);
    }
    return removed?.session;
  }

  /** Removes a session here, and leaves its tokens valid at the service. */
  async remove(id: string): Promise<void> {
    await this.#parts.underWay.add(this.#remove(id, this.#isMeant(id)));
  }

  /** What the user sees now is meant, not what somebody signs in to while this window is suspended. */
  #isMeant(id: string): (session: Session) => boolean {
    const { store, clock } = this.#parts;
    const at = clock.now();
    const seen = store.sessions.find((session) => session.id === id)?.signedInAt ?? at;
    // The clock of another machine may be ahead of this one: what is found at once is what the user knows of.
    return ({ signedInAt }) => signedInAt <= Math.max(at, seen) || clock.now() - at < PROMPT_MS;
  }

  async #remove(
    id: string,
    isMeant: (session: Session) => boolean,
  ): Promise<{ readonly session: Session; readonly found: TokensFound } | undefined> {
    const { store, tokens, pending, scheduler, locks, underWay, clock } = this.#parts;
    const at = clock.now();
    const removed = await store.transact(async (sessions) => {
      const session = sessions.find((candidate) => candidate.id === id && isMeant(candidate));
      if (session !== undefined) {
        // Noted with the removal: this window may not live to see the secret deleted.
        pending.secrets.noteLeft(id);
      }
      return { sessions: sessions.filter((other) => other !== session), result: session };
    });
    if (removed === undefined) {
      return undefined;
    }
    const found = await tokens.read(removed);
    if (!pending.changes.has(id) || !pending.secrets.isNamed(id)) {
      await tokens.delete(id);
    } else if (!(await tokens.replaceBySignOut({ id, at: Math.max(at, removed.signedInAt) }))) {
      this.#unsaved.fire(removed);
    }
    // What could not be deleted is tried again.
    scheduler.evaluate();
    void underWay.add(locks.discard(refreshLock(id)));
    return { session: removed, found };
  }

  /** Another window has signed it out, and could not save that: it is done here, unless somebody has signed in since. */
  async takeOver({ id, at }: SignedOut): Promise<void> {
    await this.#parts.underWay.add(this.#remove(id, ({ signedInAt }) => signedInAt <= at));
  }

  /** Ends at the service what is over here, without making anyone wait for that. `id` is absent where it was never kept. */
  endAtService(
    session: { readonly id?: string; readonly connection: Connection },
    accessToken: string,
  ): void {
    const { service, underWay, clock, log } = this.#parts;
    void underWay.add(signOutAtService({ service, clock, log }, session, accessToken));
  }

  dispose(): void {
    this.#unsaved.dispose();
  }
}
