import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import type { Random } from '../../common/random.ts';
import type { IssuedTokens } from '../../flows/tokens.ts';
import type { ClockWatch } from './clockWatch.ts';
import { signOutAtService } from '../signOutAtService.ts';
import { hostOf } from '../../common/locks/holder.ts';
import type { Holder } from '../../common/locks/holder.ts';
import { adoptTokens, RefreshFailures } from './failures.ts';
import { RefreshIntents } from './intents.ts';
import type { Ready } from './intents.ts';
import type { Exclusion, RefreshLocks } from './refreshLocks.ts';
import type { RefreshAttempt, RefreshOutcome } from './outcome.ts';
import { maySend } from './maySend.ts';
import type { RefreshDemand } from './plan.ts';
import { isNearlyOver } from './policy.ts';
import type { RefreshPolicy } from './policy.ts';
import type { Session, SessionTokens, TokenBinding } from '../session.ts';
import { findSession, renewed, replaceSession } from '../sessionVersions.ts';
import type { SessionEnd } from '../sessionEnd.ts';
import type { PendingWrites } from '../store/pending/pendingWrites.ts';
import type { SessionStore } from '../store/sessionStore.ts';
import { bindingOf } from '../vault/tokenBinding.ts';
import type { TokenService } from '../tokenService.ts';
import type { TokenStore } from '../store/tokenStore.ts';

interface RefresherParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly pending: PendingWrites;
  readonly locks: RefreshLocks;
  readonly end: SessionEnd;
  readonly watch: ClockWatch;
  readonly service: TokenService;
  readonly policy: RefreshPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly holder: Holder;
  readonly log: Log;
}

/** Refreshes one session at a time, once for all windows: a refresh token must not be sent twice. */
export class Refresher implements Disposable {
  readonly #parts: RefresherParts;
  readonly #inFlight = new Map<string, Promise<RefreshOutcome>>();
  readonly #failures: RefreshFailures;
  readonly #intents: RefreshIntents;

  constructor(parts: RefresherParts) {
    this.#parts = parts;
    const { store, tokens, pending, end, watch, policy, clock, random, holder, log } = parts;
    this.#failures = new RefreshFailures({ store, tokens, end, watch, clock, random, log });
    this.#intents = new RefreshIntents({ store, tokens, pending, policy, clock, holder });
  }

  isRefreshing(id: string): boolean {
    return this.#inFlight.has(id);
  }

  /** Resolves once no refresh is in progress. */
  async idle(): Promise<void> {
    await Promise.all(this.#inFlight.values());
  }

  /**
   * Refreshes the session, unless that has become needless since it was `seen`. Never rejects. Calls for the same
   * session while one is in progress share its outcome.
   * @param demand examined again once no other window can interfere
   */
  refresh(seen: Session, demand: RefreshDemand): Promise<RefreshOutcome> {
    const running = this.#inFlight.get(seen.id);
    if (running !== undefined) {
      return running;
    }
    const run = this.#run(seen, demand).finally(() => this.#inFlight.delete(seen.id));
    this.#inFlight.set(seen.id, run);
    return run;
  }

  async #run(seen: Session, demand: RefreshDemand): Promise<RefreshOutcome> {
    try {
      const work = (exclusion: Exclusion): Promise<RefreshOutcome> => this.#refresh(seen, demand, exclusion);
      const outcome = await this.#parts.locks.run(seen.id, work);
      return outcome === 'busy' ? { kind: 'busy' } : outcome;
    } catch (error) {
      const code = errorCode(error);
      this.#parts.log.warn({ operation: 'refresh', outcome: 'failed unexpectedly', session: seen.id, code });
      return { kind: 'failed', code };
    }
  }

  async #refresh(seen: Session, demand: RefreshDemand, exclusion: Exclusion): Promise<RefreshOutcome> {
    const { tokens, end } = this.#parts;
    const record = await tokens.readRecord(seen.id);
    const prepared = await this.#intents.prepare(seen, record, demand);
    switch (prepared.kind) {
      case 'ready':
        return this.#sendIfAllowed(prepared, exclusion);
      case 'foreignTokens':
        await end.end(prepared.session, 'bindingMismatch');
        return { kind: 'over' };
      case 'rejected':
        return this.#failures.endUnlessAwaited(prepared.session, prepared.rejection);
      default:
        return prepared;
    }
  }

  async #sendIfAllowed(ready: Ready, exclusion: Exclusion): Promise<RefreshOutcome> {
    const { store, tokens, pending, policy, clock } = this.#parts;
    const { session, renewal, intent, earlier } = ready;
    const isToSettle = store.isShared && intent !== undefined;
    const facts = {
      isLocked: exclusion === 'locked',
      isStored: ready.isStored,
      isTraced: !pending.changes.has(session.id),
      isHistoryTraced: store.failedToSaveAt < ready.tokens.issuedAt,
      isShared: isToSettle,
      isNearlyOver: isNearlyOver(session.state, policy, clock.now()),
    };
    if (!maySend(facts)) {
      return { kind: 'postponed' };
    }
    if (isToSettle) {
      if (!(await this.#intents.settle(session, session.state, intent))) {
        return { kind: 'busy' };
      }
      const again = await tokens.readVault(session);
      if (again.kind === 'newer') {
        return adoptTokens({ store, clock }, session, again.tokens);
      }
    }
    return this.#send({ session, renewal, exclusion, earlier, startedAt: clock.now() }, ready.tokens);
  }

  async #send(attempt: RefreshAttempt, old: SessionTokens): Promise<RefreshOutcome> {
    const { session, renewal } = attempt;
    let issued: IssuedTokens;
    try {
      // Never aborted: the answer to a refresh token that is spent must not be lost.
      const { signal } = new AbortController();
      issued = await this.#parts.service.refresh(session.connection, renewal, signal);
    } catch (error) {
      return this.#failures.handle(attempt, error);
    }
    const kept = {
      // Without a new one in the answer the old one stays in force (RFC 6749, section 6).
      ...('client' in renewal && { refreshToken: renewal.refreshToken }),
      ...(old.idToken !== undefined && { idToken: old.idToken }),
    };
    // What it was sent for, whatever the index says by now.
    return this.#commit(attempt, { ...kept, ...issued }, old.boundTo ?? bindingOf(session));
  }

  async #commit(
    { session, startedAt }: RefreshAttempt,
    issued: IssuedTokens,
    boundTo: TokenBinding,
  ): Promise<RefreshOutcome> {
    const { store, tokens, service, clock, log } = this.#parts;
    const { requestId, scope: _granted, ...grant } = issued;
    const outcome = await store.transact(async (sessions) => {
      const current = findSession(sessions, session);
      if (current?.state.kind !== 'signedIn') {
        const isGone = sessions.every(({ id }) => id !== session.id);
        return { sessions, result: isGone ? 'overtaken by a sign-out' : 'overtaken by a sign-in' } as const;
      }
      const { signedInAt, generation } = current;
      const newTokens = { ...grant, signedInAt, generation: generation + 1, boundTo };
      await tokens.write(current.id, newTokens);
      const next = renewed(current, newTokens, clock.now(), hostOf(this.#parts.holder));
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
      await signOutAtService({ service, clock, log }, session, issued.accessToken);
    }
    return outcome === 'refreshed' ? { kind: 'fresh' } : { kind: 'over' };
  }

  /** What waits for other machines waits no longer. A request that was sent is not cut short. */
  dispose(): void {
    this.#intents.dispose();
  }
}
