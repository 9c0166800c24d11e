import { DisposableStore } from '../common/disposable.ts';
import type { Disposable } from '../common/disposable.ts';
import type { Event } from '../common/event.ts';
import { withTimeout } from '../common/timeout.ts';
import type { Connection } from '../connections/connection.ts';
import type { SessionFilter } from './liveSessions.ts';
import type { RefreshOutcome } from './refresh/outcome.ts';
import type { LiveSession, Session } from './session.ts';
import { createSessionParts } from './sessionParts.ts';
import type { SessionParts, SessionPorts } from './sessionParts.ts';
import { addAliases } from './signIn/aliases.ts';
import type { GrantedSignIn, KeptSignIn } from './signIn/signInKeeper.ts';
import { undoSignIn } from './signIn/undoSignIn.ts';
import type { SessionsChange } from './store/difference.ts';

/** VS Code gives an extension 5 seconds to end. */
const CLOSE_MS = 4000;

/** The sessions of this machine: who is signed in, with tokens that are kept fresh until someone signs out. */
export class SessionManager implements Disposable {
  readonly #ports: SessionPorts;
  readonly #parts: SessionParts;
  readonly #disposables = new DisposableStore();
  /** Sessions that came, went or got new tokens, in whichever window that happened. */
  readonly onDidChange: Event<SessionsChange>;
  /** Fires when anything displayed of {@link sessions} changed, be it a time or a reason only. */
  readonly onDidUpdate: Event<void>;
  /** A session ended by itself, and this window notifies the user. */
  readonly onDidEnd: Event<Session>;
  /** A session that cannot be refreshed is about to end, and this window notifies the user. */
  readonly onWillEnd: Event<Session>;
  /** The tokens of a session are missing from the vault, and this window notifies the user. */
  readonly onDidMissTokens: Event<Session>;
  /** Some tokens cannot be saved and live in this window only, for as long as it is open. */
  readonly onDidFailToSave: Event<void>;
  /** A sign-out can be saved nowhere: see {@link SignOut.onDidFailToSave}. */
  readonly onDidFailToSaveSignOut: Event<Session>;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
    this.#parts = this.#disposables.add(createSessionParts(ports));
    const { store, tokens, end, missing, signOut } = this.#parts;
    this.onDidChange = store.onDidChange;
    this.onDidUpdate = store.onDidUpdate;
    this.onDidEnd = end.onDidEnd;
    this.onWillEnd = end.onWillEnd;
    this.onDidMissTokens = missing.onDidMiss;
    this.onDidFailToSave = tokens.onDidFailToSave;
    this.onDidFailToSaveSignOut = signOut.onDidFailToSave;
  }

  /** Reads what is there and begins to keep it fresh. */
  async start(): Promise<void> {
    const { store, tokens, scheduler, underWay } = this.#parts;
    this.#disposables.add(this.#ports.file.onDidChange(() => void store.reloadAndFindTokens()));
    this.#disposables.add(
      store.onDidChange(({ removed }) => {
        tokens.dropObsolete(store.sessions, removed);
        scheduler.evaluate();
      }),
    );
    await store.reloadAndFindTokens();
    void underWay.add(this.#deleteLeftSecrets());
    if (!scheduler.isWaiting) {
      scheduler.evaluate();
    }
  }

  /** What the secret storage refused to delete, or an earlier window had no time for. Reads no secret. */
  async #deleteLeftSecrets(): Promise<void> {
    const { store, tokens } = this.#parts;
    if (store.leftSecrets.length === 0) {
      return;
    }
    // Some may be of a sign-in that another window is keeping, which has the index to itself until that is done.
    const left = await store.transact(async (sessions, isExclusive) => ({
      sessions,
      result: isExclusive ? store.leftSecrets : [],
    }));
    for (const id of left) {
      await tokens.delete(id);
    }
  }

  /** Every session, those that need sign-in included, as last seen. */
  get sessions(): readonly Session[] {
    return this.#parts.store.sessions;
  }

  /** Checks again: the window got the focus, or the machine woke. */
  async wake(): Promise<void> {
    await this.#parts.store.reloadAndFindTokens();
    this.#parts.scheduler.evaluate('user');
  }

  /** Resolves once nothing is in progress whose outcome would be lost if the process ended now. */
  async idle(): Promise<void> {
    await this.#parts.refresher.idle();
    await this.#parts.underWay.idle();
  }

  /**
   * The window closes: begins nothing new, lets what is in progress end, for 4 seconds at most, and disposes of
   * itself.
   */
  async close(): Promise<void> {
    const { clock, log } = this.#ports;
    this.#parts.scheduler.dispose();
    try {
      await withTimeout(clock, CLOSE_MS, () => new Error('took too long'), this.idle());
    } catch {
      log.warn({ operation: 'close', outcome: 'something was still under way' });
    }
    this.dispose();
  }

  /** See {@link LiveSessions.find}. */
  getSessions(filter: SessionFilter): Promise<readonly LiveSession[]> {
    return this.#parts.live.find(filter);
  }

  /**
   * Keeps a granted sign-in: as a new session, or in place of the one it renews, with the same id and account. Where
   * somebody else who asked for the same was first, that one is kept, and this one's tokens are not in the result.
   * @throws SignInError where it is not what was requested
   */
  add(signIn: GrantedSignIn): Promise<KeptSignIn> {
    return this.#parts.underWay.add(this.#parts.keeper.keep(signIn));
  }

  /** See {@link undoSignIn}. */
  undo(kept: KeptSignIn): Promise<void> {
    return this.#parts.underWay.add(undoSignIn(this.#parts, kept));
  }

  /** See {@link addAliases}. */
  addAliases(connection: Connection, startUrls: readonly string[]): Promise<void> {
    return addAliases(this.#parts.store, connection, startUrls);
  }

  /** Refreshes a session now, due or not. */
  async refreshNow(id: string): Promise<RefreshOutcome> {
    const session = this.sessions.find((candidate) => candidate.id === id);
    return session === undefined ? { kind: 'over' } : this.#parts.scheduler.refreshNow(session);
  }

  /**
   * Removes a session here at once, then ends it at the service, without waiting for that.
   * @returns what was removed, or `undefined` if there was no such session
   */
  signOut(id: string): Promise<Session | undefined> {
    return this.#parts.signOut.signOut(id);
  }

  /** Removes a session that another one replaces. Its tokens are not ended at the service: the other one's may end with them. */
  async removeReplaced(id: string): Promise<void> {
    await this.#parts.signOut.remove(id);
  }

  /** Ends a token at the service that was granted and is not kept, without making anyone wait for that. */
  endAtService(connection: Connection, accessToken: string): void {
    this.#parts.signOut.endAtService({ connection }, accessToken);
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
