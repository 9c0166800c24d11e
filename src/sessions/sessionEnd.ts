import { Emitter } from '../common/event.ts';
import type { Clock } from '../common/clock.ts';
import type { Disposable } from '../common/disposable.ts';
import type { Log } from '../common/log.ts';
import type { LocalSessions } from './store/localSessions.ts';
import { findSession, replaceSession } from './sessionVersions.ts';
import type { NeedsSignInReason, Session } from './session.ts';
import type { SessionStore } from './store/sessionStore.ts';
import type { TokenStore } from './store/tokenStore.ts';

interface SessionEndParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly local: LocalSessions;
  readonly clock: Clock;
  readonly log: Log;
}

/** The ways in which a session comes to need the user. Each is reported once, by the window that noticed it. */
export class SessionEnd implements Disposable {
  readonly #parts: SessionEndParts;
  readonly #ended = new Emitter<Session>();
  readonly #willEnd = new Emitter<Session>();
  readonly onDidEnd = this.#ended.event;
  readonly onWillEnd = this.#willEnd.event;

  constructor(parts: SessionEndParts) {
    this.#parts = parts;
  }

  /** Ends the session, unless somebody has changed it since it was `seen`. */
  async end(seen: Session, reason: NeedsSignInReason, requestId?: string): Promise<void> {
    const { store, tokens, clock, log } = this.#parts;
    const since = clock.now();
    const request = requestId === undefined ? {} : { requestId };
    const ended = await store.transact(async (sessions) => {
      const session = findSession(sessions, seen);
      if (session?.state.kind !== 'signedIn') {
        return { sessions, result: undefined };
      }
      const state = { kind: 'needsSignIn', reason, since, ...request } as const;
      const over: Session = { ...session, generation: session.generation + 1, state };
      return { sessions: replaceSession(sessions, over), result: over };
    });
    if (ended !== undefined) {
      const { id, connection } = ended;
      const outcome = `needs sign-in: ${reason}`;
      log.warn({ operation: 'session', outcome, connection: connection.name, session: id, ...request });
      // Its spent tokens stay in the vault until the next sign-in replaces them: deleting could hit that one's.
      tokens.forget(id);
      this.#ended.fire(ended);
    }
  }

  /** Its tokens are not to be found, for good. Those of another machine may be in a keychain of its own. */
  async loseTokens(seen: Session): Promise<void> {
    const { local } = this.#parts;
    if (local.isKeptElsewhere(seen)) {
      local.leave(seen.id);
    } else {
      await this.end(seen, 'tokenMissing');
    }
  }

  /** Warns that the session is about to end, unless another window has done so. */
  async warn(seen: Session): Promise<void> {
    const warned = await this.#parts.store.transact(async (sessions) => {
      const session = findSession(sessions, seen);
      if (session?.state.kind !== 'signedIn' || session.state.warned === true) {
        return { sessions, result: undefined };
      }
      const next: Session = { ...session, state: { ...session.state, warned: true } };
      return { sessions: replaceSession(sessions, next), result: next };
    });
    if (warned !== undefined) {
      this.#willEnd.fire(warned);
    }
  }

  dispose(): void {
    this.#ended.dispose();
    this.#willEnd.dispose();
  }
}
