import type { Clock } from '../../common/clock.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import type { Random } from '../../common/random.ts';
import { isExchangeConnection } from '../../connections/connection.ts';
import { SignInError } from '../../flows/signInError.ts';
import { SsoOidcError } from '../../wire/errors.ts';
import type { ClockWatch } from './clockWatch.ts';
import type { RefreshAttempt, RefreshOutcome } from './outcome.ts';
import { retryAfterFailure } from './policy.ts';
import type {
  NeedsSignInReason,
  Rejection,
  Session,
  SessionState,
  SessionTokens,
  SignedInSession,
} from '../session.ts';
import { adopted, findSession, replaceSession } from '../sessionVersions.ts';
import type { SessionEnd } from '../sessionEnd.ts';
import type { SessionStore } from '../store/sessionStore.ts';
import { RefreshHeldError } from '../tokenService.ts';
import type { TokenStore } from '../store/tokenStore.ts';

interface RefreshFailuresParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly end: SessionEnd;
  readonly watch: ClockWatch;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** After the end of a token, and no more than this share of a short lifetime: another machine saves what it got. */
const GRACE_MS = 60_000;
const GRACE_SHARE = 1 / 8;

/** A session that is rejected this soon after its sign-in, in milliseconds, would be so again. */
const AT_ONCE_MS = 10 * 60_000;

/** What a failed refresh means for the session: its end, or another attempt later. */
export class RefreshFailures {
  readonly #parts: RefreshFailuresParts;

  constructor(parts: RefreshFailuresParts) {
    this.#parts = parts;
  }

  /** Ends or postpones, as the error demands. */
  async handle(attempt: RefreshAttempt, error: unknown): Promise<RefreshOutcome> {
    const { session, startedAt } = attempt;
    const details = error instanceof SsoOidcError ? error : undefined;
    // Of a KMS key the code alone would say that access was denied.
    const code = (details?.isKeyFault === true && details.reason) || errorCode(error);
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
    return this.#isFinal(session, error)
      ? this.#rejected(attempt, error)
      : this.#postpone(attempt, code, details, error instanceof RefreshHeldError && !error.isSent);
  }

  /** An exchange starts from nothing that could be spent, so a refusal is final only once the token is over. */
  #isFinal({ connection, state }: Session, error: unknown): error is SsoOidcError | SignInError {
    const { clock, watch } = this.#parts;
    const now = clock.now();
    const isOver =
      state.kind === 'signedIn' && state.expiresAt <= now && watch.believableFrom(state.issuedAt, now) <= now;
    if (isExchangeConnection(connection) && !isOver) {
      return false;
    }
    return (error instanceof SsoOidcError || error instanceof SignInError) && error.endsSession;
  }

  async #rejected(attempt: RefreshAttempt, error: SsoOidcError | SignInError): Promise<RefreshOutcome> {
    const { session, renewal, exclusion } = attempt;
    const { store, tokens, end, clock } = this.#parts;
    const stored = await tokens.readVault(session);
    if (stored.kind === 'newer') {
      return adoptTokens({ store, clock }, session, stored.tokens);
    }
    const isNewest = stored.kind === 'current' && stored.tokens.refreshToken === renewal.refreshToken;
    if (exclusion === 'unlocked' && !isNewest) {
      return this.#postpone(attempt, error.code, error instanceof SsoOidcError ? error : undefined);
    }
    const reason = this.#reasonFor(attempt, error);
    if (store.isShared && !isExchangeConnection(session.connection)) {
      return this.#awaitWinner(session, reason, error.requestId);
    }
    await end.end(session, reason, error.requestId);
    return { kind: 'over' };
  }

  /** Another machine may have used the token just before: what it got for it takes a moment to be seen here. */
  #awaitWinner(
    session: Session,
    reason: NeedsSignInReason,
    requestId: string | undefined,
  ): Promise<RefreshOutcome> {
    const { store, clock } = this.#parts;
    return store.transact<RefreshOutcome>(async (sessions) => {
      const current = findSession(sessions, session);
      if (current?.state.kind !== 'signedIn') {
        return { sessions, result: { kind: 'fresh' } };
      }
      const rejection = { at: clock.now(), reason, ...(requestId !== undefined && { requestId }) };
      const state = { ...current.state, rejection };
      return { sessions: replaceSession(sessions, { ...current, state }), result: { kind: 'busy' } };
    });
  }

  /** Ends a session whose token was rejected, once no other machine can be expected to bring a new one. */
  async endUnlessAwaited(
    session: SignedInSession,
    { at, reason, requestId }: Rejection,
  ): Promise<RefreshOutcome> {
    const { issuedAt, expiresAt } = session.state;
    const graceMs = Math.min(GRACE_MS, (expiresAt - issuedAt) * GRACE_SHARE);
    if (this.#parts.clock.now() < Math.max(at, expiresAt) + graceMs) {
      return { kind: 'busy' };
    }
    await this.#parts.end.end(session, reason, requestId);
    return { kind: 'over' };
  }

  #reasonFor({ session, earlier }: RefreshAttempt, error: SsoOidcError | SignInError): NeedsSignInReason {
    if (isExchangeConnection(session.connection)) {
      return error instanceof SignInError ? 'assertionMissing' : 'rejected';
    }
    const { state, signedInAt } = session;
    const isFirst = state.kind === 'signedIn' && state.lastRefresh === undefined;
    const isAtOnce = isFirst && this.#parts.clock.now() - signedInAt < AT_ONCE_MS;
    return earlier !== undefined ? 'answerLost' : isAtOnce ? 'rejectedAtOnce' : 'rejected';
  }

  async #postpone(
    { session }: RefreshAttempt,
    code: string,
    error: SsoOidcError | undefined,
    isUnsent = false,
  ): Promise<RefreshOutcome> {
    const { store, clock, random } = this.#parts;
    const isUnused = isUnsent || error?.sent === 'no' || error?.status === 429;
    return store.transact<RefreshOutcome>(async (sessions) => {
      const current = findSession(sessions, session);
      if (current?.state.kind !== 'signedIn') {
        return { sessions, result: { kind: 'over' } };
      }
      const { intent, retry, ...rest } = current.state;
      const now = clock.now();
      const failure = {
        failures: (retry?.failures ?? 0) + 1,
        since: Math.min(retry?.since ?? now, now),
        isOwnNetwork: error?.isOwnNetwork === true,
        retryAfterMs: error?.retryAfterMs ?? 0,
      };
      const state: SessionState = {
        ...rest,
        ...(!isUnused && intent !== undefined && { intent }),
        lastRefresh: { at: now, result: code },
        retry: retryAfterFailure(failure, rest, now, random.uniform()),
      };
      return {
        sessions: replaceSession(sessions, { ...current, state }),
        result: { kind: 'failed', code },
      };
    });
  }
}

/** A window died after it had saved new tokens and before it had said so: say it now. */
export function adoptTokens(
  { store, clock }: { readonly store: SessionStore; readonly clock: Clock },
  session: Session,
  tokens: SessionTokens,
): Promise<RefreshOutcome> {
  return store.transact(async (sessions) => {
    const current = findSession(sessions, session);
    return {
      sessions: current ? adopted(sessions, current, tokens, clock.now()) : sessions,
      result: { kind: 'fresh' },
    };
  });
}
