import { createHash } from 'node:crypto';

import type { Clock } from '../common/clock.ts';
import { errorCode } from '../common/log.ts';
import type { Log } from '../common/log.ts';
import type { Random } from '../common/random.ts';
import type { IssuedTokens } from '../flows/tokens.ts';
import { isTransient, SsoOidcError } from '../oidc/errors.ts';
import { tellService } from './farewell.ts';
import type { Exclusion, RefreshLocks } from './refreshLocks.ts';
import { retryAfterFailure } from './refreshPolicy.ts';
import type { RefreshIntent, Session, SessionState, SessionTokens } from './session.ts';
import { findSession, renewed, replaceSession } from './sessionChanges.ts';
import type { SessionEnd } from './sessionEnd.ts';
import type { SessionStore } from './sessionStore.ts';
import type { TokenService } from './tokenService.ts';
import type { TokensFound, TokenStore } from './tokenStore.ts';

/** How an attempt to refresh a session ended. */
export type RefreshOutcome =
  /** There are new tokens: from this attempt, or from another window that was quicker. */
  | { readonly kind: 'fresh' }
  /** Another window is at it. */
  | { readonly kind: 'busy' }
  /** It is not due any more: another window has tried, and has set the time for the next attempt. */
  | { readonly kind: 'notDue' }
  /** The service or the way to it failed; the session stays, and knows when to try again. */
  | { readonly kind: 'failed'; readonly code: string }
  /** This window has no token to refresh with, though the session stays. */
  | { readonly kind: 'noToken'; readonly found: 'stale' | 'missing' | 'unavailable' }
  /** The session needs the person, or is gone. */
  | { readonly kind: 'over' };

interface RefresherParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly locks: RefreshLocks;
  readonly end: SessionEnd;
  readonly service: TokenService;
  readonly clock: Clock;
  readonly random: Random;
  readonly pid: number;
  readonly log: Log;
}

/** What is sent, and what is known of its past. */
interface Attempt {
  readonly session: Session;
  readonly refreshToken: string;
  readonly exclusion: Exclusion;
  /** An earlier attempt with the same token whose outcome nobody knows. */
  readonly earlier: RefreshIntent | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

type Prepared = { readonly kind: 'send'; readonly earlier: RefreshIntent | undefined } | RefreshOutcome;

/** Answers after which a refresh token will never work again (RFC 6749, section 5.2). */
const DEFINITIVE = new Set([
  'InvalidGrantException',
  'InvalidClientException',
  'UnauthorizedClientException',
  'ExpiredTokenException',
  'AccessDeniedException',
]);

/** A session that is rejected this soon after its sign-in, in milliseconds, would be so again. */
const AT_ONCE_MS = 10 * 60_000;

/** Refreshes one session at a time, once for all windows: a refresh token must not be sent twice. */
export class Refresher {
  readonly #parts: RefresherParts;
  readonly #inFlight = new Map<string, Promise<RefreshOutcome>>();

  constructor(parts: RefresherParts) {
    this.#parts = parts;
  }

  isRefreshing(id: string): boolean {
    return this.#inFlight.has(id);
  }

  /** Resolves once no refresh is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#inFlight.values());
  }

  /**
   * Refreshes the session, unless that has become needless since it was `seen`. Never rejects.
   * Calls for the same session while one is under way share its outcome.
   * @param isDue asked again once no other window can interfere
   */
  refresh(seen: Session, isDue: (state: SessionState) => boolean): Promise<RefreshOutcome> {
    const running = this.#inFlight.get(seen.id);
    if (running !== undefined) {
      return running;
    }
    const run = this.#run(seen, isDue).finally(() => this.#inFlight.delete(seen.id));
    this.#inFlight.set(seen.id, run);
    return run;
  }

  async #run(seen: Session, isDue: (state: SessionState) => boolean): Promise<RefreshOutcome> {
    try {
      const work = (exclusion: Exclusion): Promise<RefreshOutcome> => this.#refresh(seen, isDue, exclusion);
      const outcome = await this.#parts.locks.run(seen.id, work);
      return outcome === 'busy' ? { kind: 'busy' } : outcome;
    } catch (error) {
      const code = errorCode(error);
      this.#parts.log.warn({ operation: 'refresh', outcome: 'failed unexpectedly', session: seen.id, code });
      return { kind: 'failed', code };
    }
  }

  async #refresh(
    seen: Session,
    isDue: (state: SessionState) => boolean,
    exclusion: Exclusion,
  ): Promise<RefreshOutcome> {
    const { store, tokens, clock } = this.#parts;
    const session = (await store.reload()).find(({ id }) => id === seen.id);
    if (session?.state.kind !== 'signedIn') {
      return { kind: 'over' };
    }
    if (findSession([session], seen) === undefined) {
      return { kind: 'fresh' };
    }
    if (!isDue(session.state)) {
      return { kind: 'notDue' };
    }
    const stored = await tokens.readVault(session);
    if (stored.kind === 'newer') {
      return this.#adopt(session, stored.tokens);
    }
    const found = stored.kind === 'current' ? stored : tokens.remembered(session);
    if (found.kind !== 'current') {
      return noToken(stored);
    }
    const { refreshToken, client } = found.tokens;
    if (refreshToken === undefined) {
      return { kind: 'noToken', found: 'missing' };
    }
    const prepared = await this.#prepare(session, refreshToken, stored);
    if (prepared.kind !== 'send') {
      return prepared;
    }
    const attempt = {
      session,
      refreshToken,
      exclusion,
      earlier: prepared.earlier,
      startedAt: clock.now(),
    };
    return this.#send(attempt, found.tokens, client);
  }

  /**
   * Notes the intent, so that a crash from here on leaves a trace. Where only memory has the token, makes sure
   * that nobody can have used it: the file is at hand, and names no attempt of another window.
   */
  async #prepare(session: Session, refreshToken: string, stored: TokensFound): Promise<Prepared> {
    const { store, clock, pid } = this.#parts;
    return store.transact<Prepared>(async (sessions, isExclusive) => {
      const current = findSession(sessions, session);
      if (current?.state.kind !== 'signedIn') {
        return { sessions, result: { kind: 'over' } };
      }
      const earlier = current.state.intent;
      const isOurs = earlier === undefined || earlier.pid === pid;
      if (stored.kind !== 'current' && !(isExclusive && isOurs)) {
        return { sessions, result: noToken(stored) };
      }
      const tokenHash = createHash('sha256').update(refreshToken).digest('base64url');
      const state = { ...current.state, intent: { tokenHash, pid, at: clock.now() } };
      const known = earlier?.tokenHash === tokenHash ? earlier : undefined;
      return {
        sessions: replaceSession(sessions, { ...current, state }),
        result: { kind: 'send', earlier: known },
      };
    });
  }

  async #send(
    attempt: Attempt,
    old: SessionTokens,
    client: SessionTokens['client'],
  ): Promise<RefreshOutcome> {
    const { session, refreshToken } = attempt;
    let issued: IssuedTokens;
    try {
      // Never aborted: the answer to a refresh token that is spent must not be lost.
      const { signal } = new AbortController();
      issued = await this.#parts.service.refresh(session.connection, { refreshToken, client }, signal);
    } catch (error) {
      return this.#failed(attempt, error);
    }
    // Without a new one in the answer the old one stays in force (RFC 6749, section 6).
    const kept = { refreshToken, ...(old.idToken !== undefined && { idToken: old.idToken }) };
    return this.#commit(attempt, { ...kept, ...issued });
  }

  async #commit({ session, startedAt }: Attempt, issued: IssuedTokens): Promise<RefreshOutcome> {
    const { store, tokens, clock, log } = this.#parts;
    const { requestId, ...grant } = issued;
    const outcome = await store.transact(async (sessions) => {
      const current = findSession(sessions, session);
      if (current?.state.kind !== 'signedIn') {
        const isGone = sessions.every(({ id }) => id !== session.id);
        return { sessions, result: isGone ? 'overtaken by a sign-out' : 'overtaken by a sign-in' } as const;
      }
      const { signedInAt, generation } = current;
      const newTokens = { ...grant, signedInAt, generation: generation + 1 };
      await tokens.write(current.id, newTokens);
      const next = renewed(current, newTokens, clock.now());
      return { sessions: replaceSession(sessions, next), result: 'refreshed' } as const;
    });
    log.info({
      operation: 'refresh',
      outcome,
      connection: session.connection.name,
      session: session.id,
      durationMs: clock.now() - startedAt,
      ...(requestId !== undefined && { requestId }),
    });
    if (outcome === 'overtaken by a sign-out') {
      await tellService(this.#parts, session, issued.accessToken);
    }
    return outcome === 'refreshed' ? { kind: 'fresh' } : { kind: 'over' };
  }

  /** A window died after it had saved new tokens and before it had said so: say it now. */
  async #adopt(session: Session, tokens: SessionTokens): Promise<RefreshOutcome> {
    const { store, clock } = this.#parts;
    return store.transact(async (sessions) => {
      const current = findSession(sessions, session);
      const next = current && renewed(current, tokens, clock.now());
      return { sessions: next ? replaceSession(sessions, next) : sessions, result: { kind: 'fresh' } };
    });
  }

  async #failed(attempt: Attempt, error: unknown): Promise<RefreshOutcome> {
    const { session, startedAt } = attempt;
    const code = errorCode(error);
    const details = error instanceof SsoOidcError ? error : undefined;
    this.#parts.log.warn({
      operation: 'refresh',
      outcome: 'failed',
      connection: session.connection.name,
      session: session.id,
      code,
      durationMs: this.#parts.clock.now() - startedAt,
      ...(details?.status !== undefined && { status: details.status }),
      ...(details?.requestId !== undefined && { requestId: details.requestId }),
    });
    const isDefinitive = details !== undefined && DEFINITIVE.has(code) && !isTransient(details);
    return isDefinitive ? this.#rejected(attempt, details) : this.#postpone(attempt, code, details);
  }

  async #rejected(attempt: Attempt, error: SsoOidcError): Promise<RefreshOutcome> {
    const { session, refreshToken, exclusion, earlier } = attempt;
    const { tokens, end, clock } = this.#parts;
    const stored = await tokens.readVault(session);
    if (stored.kind === 'newer') {
      return this.#adopt(session, stored.tokens);
    }
    const isNewest = stored.kind === 'current' && stored.tokens.refreshToken === refreshToken;
    if (exclusion === 'alone' && !isNewest) {
      return this.#postpone(attempt, error.code, error);
    }
    const { state, signedInAt } = session;
    const isFirst = state.kind === 'signedIn' && state.lastRefresh === undefined;
    const isAtOnce = isFirst && clock.now() - signedInAt < AT_ONCE_MS;
    const reason = earlier !== undefined ? 'answerLost' : isAtOnce ? 'rejectedAtOnce' : 'rejected';
    await end.end(session, reason, error.requestId);
    return { kind: 'over' };
  }

  async #postpone(
    { session }: Attempt,
    code: string,
    error: SsoOidcError | undefined,
  ): Promise<RefreshOutcome> {
    const { store, clock, random } = this.#parts;
    const isUnused = error?.sent === 'no' || error?.status === 429;
    return store.transact<RefreshOutcome>(async (sessions) => {
      const current = findSession(sessions, session);
      if (current?.state.kind !== 'signedIn') {
        return { sessions, result: { kind: 'over' } };
      }
      const { intent, retry, ...rest } = current.state;
      const now = clock.now();
      const failures = (retry?.failures ?? 0) + 1;
      const state: SessionState = {
        ...rest,
        ...(!isUnused && intent !== undefined && { intent }),
        lastRefresh: { at: now, result: code },
        retry: retryAfterFailure(failures, rest, now, error?.retryAfterMs ?? 0, random.uniform()),
      };
      return {
        sessions: replaceSession(sessions, { ...current, state }),
        result: { kind: 'failed', code },
      };
    });
  }
}

function noToken(found: TokensFound): RefreshOutcome {
  return { kind: 'noToken', found: 'tokens' in found ? 'stale' : found.kind };
}
