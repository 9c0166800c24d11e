import { createHash } from 'node:crypto';

import { delay } from '../../common/clock.ts';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { isElsewhere, isSameHolder } from '../../common/locks/holder.ts';
import type { Holder } from '../../common/locks/holder.ts';
import type { RefreshOutcome } from './outcome.ts';
import { isNearlyOver } from './policy.ts';
import type { RefreshPolicy } from './policy.ts';
import type { RefreshIntent, Session, SessionState } from '../session.ts';
import { findSession, replaceSession } from '../sessionVersions.ts';
import type { PendingWrites } from '../store/pending/pendingWrites.ts';
import type { SessionStore } from '../store/sessionStore.ts';
import { settleMs } from '../store/sharedFolder.ts';
import type { Renewal } from '../tokenService.ts';
import type { TokensFound } from '../store/tokenStore.ts';

interface RefreshIntentsParts {
  readonly store: SessionStore;
  readonly pending: PendingWrites;
  readonly policy: RefreshPolicy;
  readonly clock: Clock;
  readonly holder: Holder;
}

/** Without an intent there is no refresh token, and nothing that could be spent. */
export interface Ready {
  readonly kind: 'send';
  readonly intent: RefreshIntent | undefined;
  readonly earlier: RefreshIntent | undefined;
}

/** Longer than the wire gives a request, in milliseconds; no more than this share of a short lifetime, and no less than: */
const ON_ITS_WAY_MS = 20_000;
const MIN_ON_ITS_WAY_MS = 1000;
const ON_ITS_WAY_SHARE = 1 / 12;
/** The same for another machine: its clock differs, and it lets its intent settle. */
const AWAITED_MS = 90_000;
const AWAITED_SHARE = 1 / 4;

/** The notes of refresh tokens about to be sent, for whoever comes after a crash, and for machines that no lock keeps out. */
export class RefreshIntents implements Disposable {
  readonly #parts: RefreshIntentsParts;
  readonly #disposed = new AbortController();

  constructor(parts: RefreshIntentsParts) {
    this.#parts = parts;
  }

  /**
   * Notes the intent, so that a crash from here on leaves a trace. Where only memory has the token, makes sure
   * that nobody can have used it: the file is at hand, and names no attempt of another window.
   */
  async note(
    session: Session,
    { refreshToken }: Renewal,
    stored: TokensFound,
  ): Promise<Ready | RefreshOutcome> {
    const { store, clock, holder } = this.#parts;
    return store.transact<Ready | RefreshOutcome>(async (sessions, isExclusive) => {
      const current = findSession(sessions, session);
      if (current?.state.kind !== 'signedIn') {
        return { sessions, result: { kind: 'over' } };
      }
      const earlier = current.state.intent;
      const isOurs = earlier === undefined || isSameHolder(earlier, holder);
      if (!isOurs && this.#mayBeOnItsWay(earlier, current.state)) {
        return { sessions, result: { kind: 'busy' } };
      }
      if (stored.kind !== 'current' && !(isExclusive && isOurs)) {
        return { sessions, result: noToken(stored) };
      }
      if (refreshToken === undefined) {
        return { sessions, result: { kind: 'send', intent: undefined, earlier: undefined } };
      }
      const tokenHash = createHash('sha256').update(refreshToken).digest('base64url');
      const intent = { ...holder, tokenHash, at: clock.now() };
      const state = { ...current.state, intent };
      const known = earlier?.tokenHash === tokenHash ? earlier : undefined;
      return {
        sessions: replaceSession(sessions, { ...current, state }),
        result: { kind: 'send', intent, earlier: known },
      };
    });
  }

  /**
   * Waits until every machine that shares the folder must have seen the intent, and looks whether it still stands: of two
   * that note theirs at once, only the later one finds it there. Notes it once more, as of now: a disk that has become full
   * meanwhile would not take the answer either.
   * @returns whether nothing stands in the way
   */
  async settle(
    session: Session,
    lifetime: Extract<SessionState, { kind: 'signedIn' }>,
    intent: RefreshIntent,
  ): Promise<boolean> {
    const { store, pending, clock } = this.#parts;
    try {
      await delay(clock, settleMs(lifetime), this.#disposed.signal);
    } catch {
      return false;
    }
    const isOurs = await store.transact(async (sessions, isExclusive) => {
      const current = findSession(sessions, session);
      const noted = current?.state.kind === 'signedIn' ? current.state.intent : undefined;
      const isNoted = noted !== undefined && isSameHolder(noted, intent) && noted.at === intent.at;
      if (current?.state.kind !== 'signedIn' || !isNoted || !isExclusive || pending.changes.has(session.id)) {
        return { sessions, result: false };
      }
      const state = { ...current.state, intent: { ...intent, at: clock.now() } };
      return { sessions: replaceSession(sessions, { ...current, state }), result: true };
    });
    return isOurs && !pending.changes.has(session.id);
  }

  /**
   * What another window is about to send or has sent, should it have died since, may still reach the service: sending it
   * again meanwhile would end the session. Of another machine nobody can tell whether it lives: it has for as long as
   * the token is good.
   */
  #mayBeOnItsWay(intent: RefreshIntent, lifetime: Extract<SessionState, { kind: 'signedIn' }>): boolean {
    const { store, clock, holder, policy } = this.#parts;
    const lifetimeMs = lifetime.expiresAt - lifetime.issuedAt;
    const age = clock.now() - intent.at;
    if (isElsewhere(intent, holder)) {
      const limit = Math.min(AWAITED_MS, lifetimeMs * AWAITED_SHARE);
      return !isNearlyOver(lifetime, policy, clock.now()) || Math.abs(age) < limit;
    }
    const settle = store.isShared ? settleMs(lifetime) : 0;
    const share = Math.max(lifetimeMs * ON_ITS_WAY_SHARE, MIN_ON_ITS_WAY_MS);
    return age >= 0 && age < settle + Math.min(ON_ITS_WAY_MS, share);
  }

  /** What waits for other machines waits no longer. */
  dispose(): void {
    this.#disposed.abort();
  }
}

/** No token that would do. */
export function noToken(found: TokensFound): RefreshOutcome {
  const kind = 'tokens' in found ? 'stale' : found.kind === 'unavailable' ? 'unavailable' : 'missing';
  return { kind: 'noToken', found: kind };
}
