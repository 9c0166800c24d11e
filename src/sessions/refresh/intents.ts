import { createHash } from 'node:crypto';

import { delay } from '../../common/clock.ts';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { isElsewhere, isSameHolder } from '../../common/locks/holder.ts';
import type { Holder } from '../../common/locks/holder.ts';
import type { RefreshOutcome } from './outcome.ts';
import { isDemanded } from './plan.ts';
import type { RefreshDemand } from './plan.ts';
import { isNearlyOver } from './policy.ts';
import type { RefreshPolicy } from './policy.ts';
import { isSignedIn } from '../session.ts';
import type { RefreshIntent, Rejection, Session, SessionTokens, SignedInSession } from '../session.ts';
import { adopted, findSession, isSameVersion, replaceSession } from '../sessionVersions.ts';
import type { PendingWrites } from '../store/pending/pendingWrites.ts';
import type { SessionStore } from '../store/sessionStore.ts';
import { settleMs } from '../store/sharedFolder.ts';
import { renewalOf } from '../tokenService.ts';
import type { Renewal } from '../tokenService.ts';
import type { TokenRecord, TokensFound } from '../vault/tokensFound.ts';
import type { TokenStore } from '../store/tokenStore.ts';

interface RefreshIntentsParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly pending: PendingWrites;
  readonly policy: RefreshPolicy;
  readonly clock: Clock;
  readonly holder: Holder;
}

/** The session may be refreshed with these tokens, as far as the file shows. */
export interface Ready {
  readonly kind: 'ready';
  readonly session: SignedInSession;
  readonly tokens: SessionTokens;
  readonly renewal: Renewal;
  /** Whether they are what the vault has, or has yet to take from this window. */
  readonly isStored: boolean;
  /** Absent without a refresh token: then there is nothing that could be spent. */
  readonly intent: RefreshIntent | undefined;
  /** An earlier attempt with the same token whose outcome nobody knows. */
  readonly earlier: RefreshIntent | undefined;
}

/** The session comes to its end. */
export type Ending =
  | { readonly kind: 'foreignTokens'; readonly session: SignedInSession }
  | { readonly kind: 'rejected'; readonly session: SignedInSession; readonly rejection: Rejection };

/** Longer than the wire gives a request, in milliseconds; no more than this share of a short lifetime, and no less than: */
const ON_ITS_WAY_MS = 20_000;
const MIN_ON_ITS_WAY_MS = 1000;
const ON_ITS_WAY_SHARE = 1 / 12;
/** The same for another machine: its clock differs, and it lets its intent settle. */
const AWAITED_MS = 90_000;
const AWAITED_SHARE = 1 / 4;

/** The notes of refresh tokens about to be sent, for windows that come after a crash, and for machines that no lock keeps out. */
export class RefreshIntents implements Disposable {
  readonly #parts: RefreshIntentsParts;
  readonly #disposed = new AbortController();

  constructor(parts: RefreshIntentsParts) {
    this.#parts = parts;
  }

  /**
   * Examines the session as it is in the file by now, which somebody may have changed since it was `seen`, and notes the
   * intent to send its token, so that a crash from here on leaves a trace.
   * @param record what the vault has for it
   */
  prepare(
    seen: Session,
    record: TokenRecord,
    demand: RefreshDemand,
  ): Promise<Ready | Ending | RefreshOutcome> {
    const { store, tokens, clock } = this.#parts;
    return store.transact<Ready | Ending | RefreshOutcome>(async (sessions, isExclusive) => {
      const session = sessions.find(({ id }) => id === seen.id);
      if (session === undefined || !isSignedIn(session)) {
        return { sessions, result: { kind: 'over' } };
      }
      if (!isSameVersion(session, seen)) {
        return { sessions, result: { kind: 'fresh' } };
      }
      if (!isDemanded(demand, session.state, clock.now())) {
        return { sessions, result: { kind: 'notDue' } };
      }
      const stored = tokens.classify(record, session);
      if (stored.kind === 'newer') {
        return {
          sessions: adopted(sessions, session, stored.tokens, clock.now()),
          result: { kind: 'fresh' },
        };
      }
      if (stored.kind === 'foreign') {
        return { sessions, result: { kind: 'foreignTokens', session } };
      }
      const { rejection } = session.state;
      if (rejection !== undefined) {
        return { sessions, result: { kind: 'rejected', session, rejection } };
      }
      const result = this.#examine(session, stored, isExclusive);
      if (result.kind !== 'ready' || result.intent === undefined) {
        return { sessions, result };
      }
      const noted = { ...session, state: { ...session.state, intent: result.intent } };
      return { sessions: replaceSession(sessions, noted), result };
    });
  }

  /**
   * Where only memory has the token, makes sure that nobody can have used it: the file could be read, and names no
   * attempt of another window.
   */
  #examine(session: SignedInSession, stored: TokensFound, isExclusive: boolean): Ready | RefreshOutcome {
    const { tokens, clock, holder } = this.#parts;
    const isStored = stored.kind === 'current';
    const found = isStored ? stored : tokens.remembered(session);
    if (found.kind !== 'current') {
      return noToken(stored);
    }
    const renewal = renewalOf(session, found.tokens);
    if (renewal === undefined) {
      return { kind: 'noToken', found: 'missing' };
    }
    const { intent: earlier } = session.state;
    const isOurs = earlier === undefined || isSameHolder(earlier, holder);
    if (!isOurs && this.#mayBeOnItsWay(earlier, session.state)) {
      return { kind: 'busy' };
    }
    if (!isStored && !(isExclusive && isOurs)) {
      return noToken(stored);
    }
    const ready = { kind: 'ready', session, tokens: found.tokens, renewal, isStored } as const;
    if (renewal.refreshToken === undefined) {
      return { ...ready, intent: undefined, earlier: undefined };
    }
    const tokenHash = createHash('sha256').update(renewal.refreshToken).digest('base64url');
    const intent = { ...holder, tokenHash, at: clock.now() };
    return { ...ready, intent, earlier: earlier?.tokenHash === tokenHash ? earlier : undefined };
  }

  /**
   * Waits until every machine that shares the folder must have seen the intent, and checks whether it is still there:
   * of two that note theirs at once, only the later one finds it there. Notes it once more, as of now: a disk that has
   * become full meanwhile would not take the answer either.
   * @returns whether nothing stands in the way
   */
  async settle(
    session: Session,
    lifetime: SignedInSession['state'],
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
   * What another window is about to send or has sent, should it have died since, may still reach the service: sending
   * it again meanwhile would end the session. Whether another machine still runs cannot be known: it has as long as
   * the token is valid.
   */
  #mayBeOnItsWay(intent: RefreshIntent, lifetime: SignedInSession['state']): boolean {
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
function noToken(found: TokensFound): RefreshOutcome {
  const kind = 'tokens' in found ? 'stale' : found.kind === 'unavailable' ? 'unavailable' : 'missing';
  return { kind: 'noToken', found: kind };
}
