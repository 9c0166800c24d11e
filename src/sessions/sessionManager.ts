import type { Clock } from '../common/clock.ts';
import { deadline } from '../common/clock.ts';
import { DisposableStore } from '../common/disposable.ts';
import type { Disposable } from '../common/disposable.ts';
import type { Event } from '../common/event.ts';
import type { Log } from '../common/log.ts';
import type { Random } from '../common/random.ts';
import { untilAborted, withTimeout } from '../common/timeout.ts';
import type { Connection } from '../connections/connection.ts';
import { isSameIdentityCenter } from '../connections/identityCenter.ts';
import { ClockWatch } from './refresh/clockWatch.ts';
import { signOutAtService } from './signOutAtService.ts';
import type { Holder } from '../common/locks/holder.ts';
import type { IndexFile } from './store/indexFile.ts';
import { LeftSecrets } from './store/leftSecrets.ts';
import { LocalSessions } from './store/localSessions.ts';
import type { Locks } from '../common/locks/locks.ts';
import { MissingTokens } from './missingTokens.ts';
import { Refresher } from './refresh/refresher.ts';
import type { RefreshOutcome } from './refresh/outcome.ts';
import { refreshLock, RefreshLocks } from './refresh/refreshLocks.ts';
import { RefreshScheduler } from './refresh/scheduler.ts';
import type { RefreshPolicy } from './refresh/policy.ts';
import type { RequestedScopes } from './scopes.ts';
import { isSameRequest, isSelected, parseScopes } from './scopes.ts';
import { findSession } from './sessionVersions.ts';
import { isOver, needsUser } from './session.ts';
import type { Account, LiveSession, Session } from './session.ts';
import { SessionEnd } from './sessionEnd.ts';
import { SessionStore } from './store/sessionStore.ts';
import { latestAliases, SignInKeeper } from './signIn/signInKeeper.ts';
import type { GrantedSignIn } from './signIn/signInKeeper.ts';
import type { SessionsChange } from './store/difference.ts';
import type { TokenService } from './tokenService.ts';
import { TokenStore } from './store/tokenStore.ts';
import type { Vault } from './vault/vault.ts';

export interface SessionManagerParts {
  readonly file: IndexFile;
  readonly vault: Vault;
  readonly locks: Locks;
  readonly service: TokenService;
  /** Names the network the machine is on just now. */
  readonly networkId: () => string;
  readonly policy: RefreshPolicy;
  readonly clock: Clock;
  readonly random: Random;
  /** This process. */
  readonly holder: Holder;
  readonly log: Log;
}

/** Which sessions are meant; without scopes, of any. */
export interface SessionFilter {
  readonly scopes?: readonly string[];
  readonly account?: Account;
}

/** VS Code waits for this answer, and with it every extension that asks for a session. */
const REFRESH_WAIT_MS = 3000;
/** VS Code gives an extension 5 seconds to end. */
const CLOSE_MS = 4000;

/** The sessions of this machine: who is signed in, with tokens that are kept fresh until someone signs out. */
export class SessionManager implements Disposable {
  readonly #parts: SessionManagerParts;
  readonly #disposables = new DisposableStore();
  readonly #store: SessionStore;
  readonly #tokens: TokenStore;
  readonly #local: LocalSessions;
  readonly #left: LeftSecrets;
  readonly #end: SessionEnd;
  readonly #refresher: Refresher;
  readonly #scheduler: RefreshScheduler;
  readonly #keeper: SignInKeeper;
  readonly #missing: MissingTokens;
  readonly #underWay = new Set<Promise<unknown>>();
  /** Sessions that came, went or got new tokens, in whichever window that happened. */
  readonly onDidChange: Event<SessionsChange>;
  /** Whoever shows {@link sessions} should do so anew: something changed, be it a time or a reason only. */
  readonly onDidUpdate: Event<void>;
  /** A session ended by itself, and this window is the one to tell the person. */
  readonly onDidEnd: Event<Session>;
  /** A session that cannot be refreshed is about to end, and this window is the one to tell the person. */
  readonly onWillEnd: Event<Session>;
  /** The tokens of a session are gone from the vault, and this window is the one to tell the user. */
  readonly onDidMissTokens: Event<Session>;
  /** Some tokens cannot be saved and live in this window only, for as long as it is open. */
  readonly onDidFailToSave: Event<void>;

  constructor(parts: SessionManagerParts) {
    this.#parts = parts;
    const { vault, clock, log } = parts;
    const left = new LeftSecrets();
    const tokens = this.#disposables.add(new TokenStore(vault, left, clock, log));
    const local = this.#disposables.add(new LocalSessions({ ...parts, tokens }));
    const store = this.#disposables.add(new SessionStore({ ...parts, local, leftSecrets: left }));
    const end = this.#disposables.add(new SessionEnd({ ...parts, store, tokens, local }));
    this.#disposables.add(local.onDidChange(() => store.update()));
    const isUnsaved = (id: string): boolean => store.isUnsaved(id) || tokens.isUnsaved(id);
    const locks = this.#disposables.add(new RefreshLocks(parts.locks, isUnsaved, log));
    const watch = new ClockWatch();
    const inner = { ...parts, store, tokens, end, watch, locks };
    const refresher = this.#disposables.add(new Refresher(inner));
    const unsaved = {
      exists: () => store.hasUnsaved || tokens.hasUnsaved,
      save: async () => {
        await locks.lockUnsaved();
        await store.saveUnsaved();
        await tokens.saveUnsaved();
        locks.releaseSaved();
      },
    };
    const inside = { ...parts, store, refresher, end, local, watch, unsaved };
    this.#scheduler = this.#disposables.add(new RefreshScheduler(inside));
    this.#missing = this.#disposables.add(new MissingTokens({ ...parts, store, tokens }));
    this.#keeper = new SignInKeeper({ ...parts, store, tokens, local });
    this.#store = store;
    this.#tokens = tokens;
    this.#local = local;
    this.#left = left;
    this.#end = end;
    this.#refresher = refresher;
    this.onDidChange = store.onDidChange;
    this.onDidUpdate = store.onDidUpdate;
    this.onDidEnd = end.onDidEnd;
    this.onWillEnd = end.onWillEnd;
    this.onDidMissTokens = this.#missing.onDidMiss;
    this.onDidFailToSave = tokens.onDidFailToSave;
  }

  /** Reads what is there and begins to keep it fresh. */
  async start(): Promise<void> {
    this.#disposables.add(this.#parts.file.onDidChange(() => void this.#reload()));
    this.#disposables.add(
      this.#store.onDidChange(({ removed }) => {
        this.#tokens.dropObsolete(this.#store.sessions, removed);
        this.#scheduler.evaluate();
      }),
    );
    await this.#reload();
    void this.#track(this.#deleteLeftSecrets());
    this.#scheduler.evaluate();
  }

  /** What the secret storage refused to delete, or an earlier window had no time for. Reads no secret. */
  async #deleteLeftSecrets(): Promise<void> {
    for (const id of this.#store.leftSecrets) {
      await this.#tokens.delete(id);
    }
  }

  /** Every session, those that need sign-in included, as last seen. */
  get sessions(): readonly Session[] {
    return this.#store.sessions;
  }

  /** Looks again: the window got the focus, or the machine woke. */
  async wake(): Promise<void> {
    await this.#reload();
    this.#scheduler.evaluate('person');
  }

  async #reload(): Promise<void> {
    await this.#store.reload();
    await this.#local.look(this.#store.allSessions);
  }

  /** Resolves once nothing is under way whose outcome would be lost if the process ended now. */
  async idle(): Promise<void> {
    await this.#refresher.idle();
    while (this.#underWay.size > 0) {
      await Promise.allSettled(this.#underWay);
    }
  }

  /** The window closes: begins nothing new, lets what is under way end, for 4 seconds at most, and disposes of itself. */
  async close(): Promise<void> {
    const { clock, log } = this.#parts;
    this.#scheduler.dispose();
    try {
      await withTimeout(clock, CLOSE_MS, () => new Error('took too long'), this.idle());
    } catch {
      log.warn({ operation: 'close', outcome: 'something was still under way' });
    }
    this.dispose();
  }

  /**
   * The sessions that match exactly, with their tokens. Shows nothing, and waits at most 3 seconds, for the refresh
   * of a token that is nearly over. A session whose secret cannot be read just now, or that
   * is over by the clock and cannot be refreshed, is left out, not signed out.
   */
  async getSessions({ scopes, account }: SessionFilter): Promise<readonly LiveSession[]> {
    const requested = scopes === undefined ? undefined : parseScopes(scopes);
    const limit = deadline(this.#parts.clock, REFRESH_WAIT_MS, () => new Error('waited long enough'));
    const { signal } = limit;
    try {
      // Whatever is cut short here goes on; what is known has to do meanwhile.
      await untilAborted(signal, this.#reload()).catch(() => undefined);
      const matching = this.#store.sessions.filter((session) => matches(session, requested, account));
      const live = await Promise.all(matching.map((session) => this.#live(session, signal)));
      return live.filter((session) => session !== undefined);
    } finally {
      limit.dispose();
    }
  }

  async #live(seen: Session, signal: AbortSignal): Promise<LiveSession | undefined> {
    const refresh = this.#scheduler.refreshIfNearlyOver(seen);
    // Read what is stored meanwhile, to have it when the refresh takes too long.
    const ready = Promise.all([this.#tokens.read(seen), refresh && this.#settled(seen, refresh, signal)]);
    await untilAborted(signal, ready).catch(() => undefined);
    const session = this.#store.sessions.find(({ id }) => id === seen.id);
    if (session?.state.kind !== 'signedIn' || isOver(session, this.#parts.clock.now())) {
      return undefined;
    }
    const read = this.#tokens.read(session);
    const found = await untilAborted(signal, read).catch(() => this.#tokens.remembered(session));
    if (found.kind === 'foreign') {
      void this.#track(this.#end.end(session, 'bindingMismatch'));
    } else if (found.kind === 'missing') {
      this.#missing.notice(session);
    }
    if (!('tokens' in found)) {
      return undefined;
    }
    if (needsUser(session)) {
      void this.#track(this.#missing.found(session));
    }
    return { session, tokens: found.tokens };
  }

  /** Settles with `refresh`; where another window is at it, once that one is done. */
  async #settled(seen: Session, refresh: Promise<RefreshOutcome>, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listener = this.onDidChange(() => {
      if (findSession(this.sessions, seen) === undefined) {
        resolve();
      }
    });
    try {
      if ((await refresh).kind === 'busy') {
        await untilAborted(signal, promise);
      }
    } finally {
      listener.dispose();
    }
  }

  /**
   * Keeps a granted sign-in: as a new session, or in place of the one it renews, with the same id and account. Where
   * somebody else who asked for the same was first, that one is kept, and this one's tokens are not in the result.
   * @throws SignInError where it is not what was requested
   */
  add(signIn: GrantedSignIn): Promise<LiveSession> {
    return this.#track(this.#keeper.keep(signIn));
  }

  /** Notes that another start URL leads to the portal of `connection`, so that its sessions are found by it as well. */
  async addAlias(connection: Connection, startUrl: string): Promise<void> {
    await this.#store.transact(async (sessions) => ({
      sessions: sessions.map((session) => withAlias(session, connection, startUrl)),
      result: undefined,
    }));
  }

  /** Refreshes a session now, due or not. */
  async refreshNow(id: string): Promise<RefreshOutcome> {
    const session = this.#store.sessions.find((candidate) => candidate.id === id);
    return session === undefined ? { kind: 'over' } : this.#scheduler.refreshNow(session);
  }

  /**
   * Removes a session here and now, then tells the service, without making anyone wait for that.
   * @returns what was removed, or `undefined` if there was no such session
   */
  signOut(id: string): Promise<Session | undefined> {
    return this.#track(this.#signOut(id));
  }

  async #signOut(id: string): Promise<Session | undefined> {
    const removed = await this.#store.transact(async (sessions) => {
      const session = sessions.find((candidate) => candidate.id === id);
      if (session !== undefined) {
        // Noted with the removal: this window may not live to see the secret deleted.
        this.#left.add(id);
      }
      return { sessions: sessions.filter((other) => other !== session), result: session };
    });
    if (removed !== undefined) {
      const found = await this.#tokens.read(removed);
      await this.#tokens.delete(id);
      if (this.#store.isUnsaved(id)) {
        this.#tokens.deleteAgain(id);
      }
      this.#scheduler.evaluate();
      void this.#track(this.#parts.locks.discard(refreshLock(id)));
      if ('tokens' in found) {
        void this.#track(signOutAtService(this.#parts, removed, found.tokens.accessToken));
      }
    }
    return removed;
  }

  /** Ends a token at the service that was granted and is not kept, without making anyone wait for that. */
  endAtService(connection: Connection, accessToken: string): void {
    void this.#track(signOutAtService(this.#parts, { connection }, accessToken));
  }

  /** Keeps the window from closing before `work` has ended. */
  #track<T>(work: Promise<T>): Promise<T> {
    const onEnd = (): void => void this.#underWay.delete(work);
    this.#underWay.add(work);
    work.then(onEnd, onEnd);
    return work;
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

function matches(
  session: Session,
  requested: RequestedScopes | undefined,
  account: Account | undefined,
): boolean {
  return (
    session.state.kind === 'signedIn' &&
    (account === undefined || session.account.id === account.id) &&
    (requested === undefined ||
      (isSameRequest(parseScopes(session.scopes), requested) &&
        isSelected(session.connection, requested, session.aliases)))
  );
}

function withAlias(session: Session, connection: Connection, startUrl: string): Session {
  const { aliases = [] } = session;
  const isNew = isSameIdentityCenter(session.connection, connection) && !aliases.includes(startUrl);
  return isNew ? { ...session, aliases: latestAliases([...aliases, startUrl]) } : session;
}
