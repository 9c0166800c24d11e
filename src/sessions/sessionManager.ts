import type { Clock } from '../common/clock.ts';
import { deadline } from '../common/clock.ts';
import { DisposableStore } from '../common/disposable.ts';
import type { Disposable } from '../common/disposable.ts';
import type { Event } from '../common/event.ts';
import type { Log } from '../common/log.ts';
import type { Random } from '../common/random.ts';
import { untilAborted } from '../common/timeout.ts';
import type { Connection } from '../connections/connection.ts';
import { personOf } from '../flows/idToken.ts';
import type { IssuedTokens } from '../flows/tokens.ts';
import { placeSignIn } from './accounts.ts';
import { tellService } from './farewell.ts';
import { hostOf } from './holder.ts';
import type { Holder } from './holder.ts';
import type { IndexFile } from './indexFile.ts';
import { LocalSessions } from './localSessions.ts';
import type { Locks } from './locks.ts';
import { Refresher } from './refresher.ts';
import type { RefreshOutcome } from './refreshOutcome.ts';
import { refreshLock, RefreshLocks } from './refreshLocks.ts';
import { RefreshScheduler } from './refreshScheduler.ts';
import type { RefreshPolicy } from './refreshPolicy.ts';
import type { RequestedScopes } from './scopes.ts';
import { isSameRequest, isSelected, parseScopes } from './scopes.ts';
import { findSession, replaceSession, signedIn } from './sessionChanges.ts';
import type { Account, LiveSession, Session, SessionTokens } from './session.ts';
import { SessionEnd } from './sessionEnd.ts';
import { SessionStore } from './sessionStore.ts';
import type { SessionsChange } from './sessionsChange.ts';
import type { TokenService } from './tokenService.ts';
import { TokenStore } from './tokenStore.ts';
import type { Vault } from './vault.ts';

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

/** A sign-in that the service has granted. */
export interface GrantedSignIn {
  readonly connection: Connection;
  /** As requested. */
  readonly scopes: readonly string[];
  /** The account the person or the consumer chose, if any. */
  readonly account?: Account;
  readonly issued: IssuedTokens;
}

/** Which sessions are meant; without scopes, of any. */
export interface SessionFilter {
  readonly scopes?: readonly string[];
  readonly account?: Account;
}

/** VS Code waits for this answer, and with it every extension that asks for a session. */
const REFRESH_WAIT_MS = 3000;

/** The sessions of this machine: who is signed in, with tokens that are kept fresh until someone signs out. */
export class SessionManager implements Disposable {
  readonly #parts: SessionManagerParts;
  readonly #disposables = new DisposableStore();
  readonly #store: SessionStore;
  readonly #tokens: TokenStore;
  readonly #local: LocalSessions;
  readonly #refresher: Refresher;
  readonly #scheduler: RefreshScheduler;
  readonly #background = new Set<Promise<void>>();
  /** Sessions that came, went or got new tokens, in whichever window that happened. */
  readonly onDidChange: Event<SessionsChange>;
  /** Whoever shows {@link sessions} should do so anew: something changed, be it a time or a reason only. */
  readonly onDidUpdate: Event<void>;
  /** A session ended by itself, and this window is the one to tell the person. */
  readonly onDidEnd: Event<Session>;
  /** A session that cannot be refreshed is about to end, and this window is the one to tell the person. */
  readonly onWillEnd: Event<Session>;
  /** Some tokens cannot be saved and live in this window only, for as long as it is open. */
  readonly onDidFailToSave: Event<void>;

  constructor(parts: SessionManagerParts) {
    this.#parts = parts;
    const { vault, clock, log } = parts;
    const tokens = this.#disposables.add(new TokenStore(vault, clock, log));
    const local = this.#disposables.add(new LocalSessions({ ...parts, tokens }));
    const store = this.#disposables.add(new SessionStore({ ...parts, local }));
    const end = this.#disposables.add(new SessionEnd({ ...parts, store, tokens, local }));
    this.#disposables.add(local.onDidChange(() => store.update()));
    const isUnsaved = (id: string): boolean => store.isUnsaved(id) || tokens.isUnsaved(id);
    const locks = this.#disposables.add(new RefreshLocks(parts.locks, isUnsaved, log));
    const refresher = this.#disposables.add(new Refresher({ ...parts, store, tokens, end, locks }));
    const unsaved = {
      exists: () => store.hasUnsaved || tokens.hasUnsaved,
      save: async () => {
        await locks.lockUnsaved();
        await store.saveUnsaved();
        await tokens.saveUnsaved();
        locks.releaseSaved();
      },
    };
    const inside = { ...parts, store, refresher, end, local, unsaved };
    this.#scheduler = this.#disposables.add(new RefreshScheduler(inside));
    this.#store = store;
    this.#tokens = tokens;
    this.#local = local;
    this.#refresher = refresher;
    this.onDidChange = store.onDidChange;
    this.onDidUpdate = store.onDidUpdate;
    this.onDidEnd = end.onDidEnd;
    this.onWillEnd = end.onWillEnd;
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
    this.#scheduler.evaluate();
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
    await Promise.all(this.#background);
  }

  /**
   * The sessions that match exactly, with their tokens. Shows nothing, and waits at most 3 seconds, for the refresh
   * of a token that is nearly over. A session whose secret cannot be read just now is left out, not signed out.
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
    if (session?.state.kind !== 'signedIn') {
      return undefined;
    }
    const read = this.#tokens.read(session);
    const found = await untilAborted(signal, read).catch(() => this.#tokens.remembered(session));
    return 'tokens' in found ? { session, tokens: found.tokens } : undefined;
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

  /** Keeps a granted sign-in: as a new session, or in place of the one it renews, with the same id and account. */
  async add(signIn: GrantedSignIn): Promise<LiveSession> {
    const { clock, random, holder, log } = this.#parts;
    const { connection, scopes, issued } = signIn;
    const { requestId, ...grant } = issued;
    const grantedAt = clock.now();
    const live = await this.#store.transact(async (sessions) => {
      await this.#local.look(sessions);
      const here = this.#local.select(sessions);
      const { account, renews } = placeSignIn(here, { ...signIn, person: personOf(issued.idToken) });
      const signedInAt = Math.max(grantedAt, (renews?.signedInAt ?? 0) + 1);
      const tokens: SessionTokens = { ...grant, signedInAt, generation: (renews?.generation ?? 0) + 1 };
      const session: Session = {
        id: renews?.id ?? random.uuid(),
        account,
        connection,
        scopes,
        keptBy: hostOf(holder),
        signedInAt,
        generation: tokens.generation,
        state: signedIn(tokens, connection),
      };
      await this.#tokens.write(session.id, tokens);
      return { sessions: replaceSession(sessions, session), result: { session, tokens } };
    });
    if (this.#store.isUnsaved(live.session.id)) {
      this.#tokens.saveAgain(live.session.id);
    }
    log.info({
      operation: 'sign-in',
      outcome: 'signed in',
      connection: connection.name,
      session: live.session.id,
      ...(requestId !== undefined && { requestId }),
    });
    return live;
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
  async signOut(id: string): Promise<Session | undefined> {
    const removed = await this.#store.transact(async (sessions) => ({
      sessions: sessions.filter((session) => session.id !== id),
      result: sessions.find((session) => session.id === id),
    }));
    if (removed !== undefined) {
      const found = await this.#tokens.read(removed);
      await this.#tokens.delete(id);
      if (this.#store.isUnsaved(id)) {
        this.#tokens.deleteAgain(id);
      }
      this.#scheduler.evaluate();
      this.#inBackground(this.#parts.locks.discard(refreshLock(id)));
      if ('tokens' in found) {
        this.#inBackground(tellService(this.#parts, removed, found.tokens.accessToken));
      }
    }
    return removed;
  }

  #inBackground(work: Promise<void>): void {
    this.#background.add(work);
    void work.finally(() => this.#background.delete(work));
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
      (isSameRequest(parseScopes(session.scopes), requested) && isSelected(session.connection, requested)))
  );
}
