import { deadline } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { untilAborted } from '../common/timeout.ts';
import type { WorkUnderWay } from './workUnderWay.ts';
import type { MissingTokens } from './missingTokens.ts';
import type { RefreshOutcome } from './refresh/outcome.ts';
import type { RefreshScheduler } from './refresh/scheduler.ts';
import { isSameRequest, parseScopes, selectedBy } from './scopes.ts';
import type { RequestedScopes } from './scopes.ts';
import { isOver, needsUser } from './session.ts';
import type { Account, LiveSession, Session } from './session.ts';
import type { SessionEnd } from './sessionEnd.ts';
import { findSession } from './sessionVersions.ts';
import type { SessionStore } from './store/sessionStore.ts';
import type { TokenStore } from './store/tokenStore.ts';

/** Which sessions are meant; without scopes, of any. */
export interface SessionFilter {
  readonly scopes?: readonly string[];
  readonly account?: Account;
}

interface LiveSessionsParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly scheduler: RefreshScheduler;
  readonly end: SessionEnd;
  readonly missing: MissingTokens;
  readonly clock: Clock;
  readonly underWay: WorkUnderWay;
}

/** VS Code waits for this answer, and with it every extension that asks for a session. */
const REFRESH_WAIT_MS = 3000;

/** The sessions with a token to hand out. */
export class LiveSessions {
  readonly #parts: LiveSessionsParts;

  constructor(parts: LiveSessionsParts) {
    this.#parts = parts;
  }

  /**
   * The sessions that match exactly, with their tokens. Shows nothing, and waits at most 3 seconds, for the refresh
   * of a token that is nearly over; where that does not come, what is stored is handed out, over or not: without it the
   * user would look signed out. A session whose secret cannot be read just now, or that
   * is over by the clock and cannot be refreshed, is left out, not signed out.
   */
  async find({ scopes, account }: SessionFilter): Promise<readonly LiveSession[]> {
    const { store, clock } = this.#parts;
    const requested = scopes === undefined ? undefined : parseScopes(scopes);
    const limit = deadline(clock, REFRESH_WAIT_MS, () => new Error('waited long enough'));
    const { signal } = limit;
    try {
      // Whatever is cut short here goes on; what is known has to do meanwhile.
      await untilAborted(signal, store.reloadAndFindTokens()).catch(() => undefined);
      const ofAccount = account === undefined ? store.sessions : store.ofAccount(account.id);
      const matching = ofAccount.filter(matcher(requested));
      const live = await Promise.all(matching.map((session) => this.#live(session, signal)));
      return live.filter((session) => session !== undefined);
    } finally {
      limit.dispose();
    }
  }

  async #live(seen: Session, signal: AbortSignal): Promise<LiveSession | undefined> {
    const { store, tokens, scheduler, end, missing, clock, underWay } = this.#parts;
    const refresh = scheduler.refreshIfNearlyOver(seen);
    // Read what is stored meanwhile, to have it when the refresh takes too long.
    const ready = Promise.all([tokens.read(seen), refresh && this.#settled(seen, refresh, signal)]);
    await untilAborted(signal, ready).catch(() => undefined);
    const session = store.sessions.find(({ id }) => id === seen.id);
    if (session?.state.kind !== 'signedIn' || isOver(session, clock.now())) {
      return undefined;
    }
    const read = tokens.read(session);
    const found = await untilAborted(signal, read).catch(() => tokens.remembered(session));
    if (found.kind === 'foreign') {
      void underWay.add(end.end(session, 'bindingMismatch'));
    } else if (found.kind === 'missing') {
      missing.notice(session);
    }
    if (!('tokens' in found)) {
      return undefined;
    }
    if (needsUser(session)) {
      void underWay.add(missing.found(session));
    }
    return { session, tokens: found.tokens };
  }

  /** Settles with `refresh`; where another window is at it, once that one is done. */
  async #settled(seen: Session, refresh: Promise<RefreshOutcome>, signal: AbortSignal): Promise<void> {
    const { store } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<void>();
    const listener = store.onDidChange(() => {
      if (findSession(store.sessions, seen) === undefined) {
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
}

/** Whether a session is signed in, and what was requested; without a request, any is. */
function matcher(requested: RequestedScopes | undefined): (session: Session) => boolean {
  if (requested === undefined) {
    return ({ state }) => state.kind === 'signedIn';
  }
  const isSelected = selectedBy(requested);
  return ({ state, scopes, connection, aliases }) =>
    state.kind === 'signedIn' &&
    isSameRequest(parseScopes(scopes), requested) &&
    isSelected(connection, aliases);
}
