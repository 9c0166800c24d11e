import type { Clock } from '../common/clock.ts';
import type { Disposable } from '../common/disposable.ts';
import { Emitter } from '../common/event.ts';
import type { Log } from '../common/log.ts';
import { findSession, replaceSession } from './sessionVersions.ts';
import type { Session, SessionState } from './session.ts';
import type { SessionStore } from './store/sessionStore.ts';
import type { TokenStore } from './store/tokenStore.ts';

interface MissingTokensParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** A keychain may be empty for a moment, while it is unlocked or replaced: it is asked this often, that far apart. */
const MIN_CHECKS = 3;
const CHECK_PAUSE_MS = 10_000;

/**
 * Sessions whose tokens are missing from the vault, as after a reset of the keychain. The user is told soon, and once;
 * the session stays, because the tokens may come back and only time proves that they do not (see `RefreshScheduler`).
 */
export class MissingTokens implements Disposable {
  readonly #parts: MissingTokensParts;
  readonly #timers = new Map<string, Disposable>();
  readonly #missed = new Emitter<Session>();
  /** The tokens of a session are missing, and this window notifies the user. */
  readonly onDidMiss = this.#missed.event;

  constructor(parts: MissingTokensParts) {
    this.#parts = parts;
  }

  /** Somebody asked for the tokens of `session`, and the vault says that it has none. */
  notice(session: Session): void {
    if (!isMissing(session) && !this.#timers.has(session.id)) {
      this.#checkLater(session, 1);
    }
  }

  /** Somebody asked for the tokens of `session`, and got them. */
  async found(session: Session): Promise<void> {
    this.#stop(session.id);
    if (isMissing(session)) {
      await this.#mark(session, false);
    }
  }

  #checkLater(session: Session, checks: number): void {
    const timer = this.#parts.clock.schedule(() => void this.#check(session, checks), CHECK_PAUSE_MS);
    this.#timers.set(session.id, timer);
  }

  async #check(seen: Session, checks: number): Promise<void> {
    const { store, tokens, log } = this.#parts;
    const session = findSession(store.sessions, seen);
    const isGone = session !== undefined && (await tokens.readVault(session)).kind === 'missing';
    if (isGone && checks < MIN_CHECKS) {
      this.#checkLater(session, checks + 1);
      return;
    }
    this.#stop(seen.id);
    const marked = isGone ? await this.#mark(session, true) : undefined;
    if (marked !== undefined) {
      const { id, connection } = marked;
      log.warn({ operation: 'session', outcome: 'tokens missing', connection: connection.name, session: id });
      this.#missed.fire(marked);
    }
  }

  /** @returns the session as it is now; `undefined` where it has changed since, or another window was first */
  #mark(seen: Session, areMissing: boolean): Promise<Session | undefined> {
    return this.#parts.store.transact(async (sessions) => {
      const session = findSession(sessions, seen);
      if (session?.state.kind !== 'signedIn' || isMissing(session) === areMissing) {
        return { sessions, result: undefined };
      }
      const next: Session = { ...session, state: marked(session.state, areMissing) };
      return { sessions: replaceSession(sessions, next), result: next };
    });
  }

  #stop(id: string): void {
    this.#timers.get(id)?.dispose();
    this.#timers.delete(id);
  }

  dispose(): void {
    for (const id of this.#timers.keys()) {
      this.#stop(id);
    }
    this.#missed.dispose();
  }
}

/** Whether the user has been told that the session's tokens are missing. */
function isMissing({ state }: Session): boolean {
  return state.kind === 'signedIn' && state.tokensMissing === true;
}

function marked(state: Extract<SessionState, { kind: 'signedIn' }>, areMissing: boolean): SessionState {
  const { tokensMissing: _before, ...others } = state;
  return areMissing ? { ...others, tokensMissing: true } : others;
}
