import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import type { Random } from '../../common/random.ts';
import type { Session, SessionState } from '../session.ts';
import type { SessionEnd } from '../sessionEnd.ts';
import type { LocalSessions } from '../store/localSessions.ts';
import type { SessionStore } from '../store/sessionStore.ts';
import { clearRetriesAfterNetworkChange } from './clearRetriesAfterNetworkChange.ts';
import { CLOCK_TOLERANCE_MS } from './clockWatch.ts';
import type { ClockWatch } from './clockWatch.ts';
import { NetworkWatch } from './networkWatch.ts';
import type { RefreshOutcome } from './outcome.ts';
import { isNearlyOver, nextStep, secondary } from './policy.ts';
import type { RefreshPolicy, Step, Urgency } from './policy.ts';
import type { Refresher } from './refresher.ts';
import type { StorageUpkeep } from './storageUpkeep.ts';
import { WindowStates } from './windowStates.ts';

interface RefreshSchedulerParts {
  readonly store: SessionStore;
  readonly refresher: Refresher;
  readonly end: SessionEnd;
  readonly local: LocalSessions;
  readonly watch: ClockWatch;
  readonly upkeep: StorageUpkeep;
  readonly networkId: () => string;
  readonly policy: RefreshPolicy;
  readonly clock: Clock;
  readonly random: Random;
}

/** Timers stand still while the machine sleeps: look at the time this often, at least. */
const MAX_NAP_MS = 60_000;
/** Between attempts that fail for the disk or the vault; half of it up or down. */
const STORAGE_PAUSE_MS = 60_000;

/** Refreshes every session in time, with one timer for all of them. */
export class RefreshScheduler implements Disposable {
  readonly #parts: RefreshSchedulerParts;
  readonly #windowStates: WindowStates;
  readonly #network: NetworkWatch;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(parts: RefreshSchedulerParts) {
    this.#parts = parts;
    this.#windowStates = new WindowStates(parts.random);
    this.#network = new NetworkWatch(parts.networkId);
  }

  /**
   * Looks at every session, starts what is due and sets the timer for the next.
   * Call it when sessions, the time or the network may have changed.
   */
  evaluate(urgency: Urgency = 'background'): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const { store, refresher, upkeep, clock } = this.#parts;
    if (this.#disposed) {
      return;
    }
    const now = clock.now();
    this.#noticeTime(now);
    this.#noticeNetwork(now);
    let nextAt = now + MAX_NAP_MS;
    for (const session of store.sessions.filter(({ id }) => !refresher.isRefreshing(id))) {
      const step = this.#step(session, session.state, now, urgency);
      if (step.kind === 'wait') {
        nextAt = Math.min(nextAt, step.until);
      } else {
        void this.#perform(step, session, urgency);
      }
    }
    this.#parts.watch.expect(nextAt);
    if (store.sessions.length > 0 || upkeep.isPending) {
      this.#timer = clock.schedule(() => void this.#onTimer(nextAt), nextAt - now);
    }
  }

  #noticeTime(now: number): void {
    if (this.#parts.watch.look(now)) {
      this.#windowStates.doubtAll();
    }
  }

  #noticeNetwork(now: number): void {
    const leftAt = this.#network.look(now);
    if (leftAt !== undefined) {
      void this.#clearRetriesAfterNetworkChange(leftAt);
    }
  }

  async #clearRetriesAfterNetworkChange(until: number): Promise<void> {
    if (await clearRetriesAfterNetworkChange(this.#parts.store, until)) {
      this.evaluate();
    }
  }

  /**
   * The refresh to wait for before `session`'s token is handed out, if it is too close to its end for that.
   * `undefined` also where an attempt has just failed: waiting again would not help.
   */
  refreshIfNearlyOver(session: Session): Promise<RefreshOutcome> | undefined {
    const { refresher, policy, clock } = this.#parts;
    const { state } = session;
    const now = clock.now();
    const mayRefresh = !this.#disposed && state.kind === 'signedIn' && state.refreshable;
    if (!mayRefresh || !isNearlyOver(state, policy, now)) {
      return undefined;
    }
    const isDue = this.#step(session, state, now, 'person').kind === 'refresh';
    return isDue || refresher.isRefreshing(session.id) ? this.#refresh(session, 'person') : undefined;
  }

  /** Refreshes `session` now, due or not. */
  async refreshNow(session: Session): Promise<RefreshOutcome> {
    return this.#settle(
      session,
      this.#parts.refresher.refresh(session, (state) => state.kind === 'signedIn' && state.refreshable),
    );
  }

  async #onTimer(expectedAt: number): Promise<void> {
    const { upkeep, clock } = this.#parts;
    const now = clock.now();
    const wasAsleep = now - expectedAt > CLOCK_TOLERANCE_MS;
    if (upkeep.isReloadDue(now, wasAsleep)) {
      await upkeep.reload(now);
    }
    if (upkeep.isSaveDue(now)) {
      await upkeep.save(now);
    }
    this.evaluate(wasAsleep ? 'person' : 'background');
  }

  #step(session: Session, state: SessionState, now: number, urgency: Urgency): Step {
    const { jitter, notBefore, isDoubtful } = this.#windowStates.of(session);
    if (notBefore > now && urgency === 'background') {
      return { kind: 'wait', until: notBefore };
    }
    // A token of unknown age may be over: the policy's answer for one that is.
    const known = isDoubtful && state.kind === 'signedIn' && state.refreshable;
    const seen = known ? { ...state, expiresAt: now } : state;
    const policy = this.#policyFor(session);
    return nextStep(seen, now, policy, jitter, urgency, this.#believableFrom(state, now));
  }

  /** Where several machines could refresh it, the one that did last goes on to. */
  #policyFor(session: Session): RefreshPolicy {
    const { policy, store, local } = this.#parts;
    return store.isShared && local.isKeptElsewhere(session) ? secondary(policy) : policy;
  }

  #believableFrom(state: SessionState, now: number): number {
    return state.kind === 'signedIn' ? this.#parts.watch.believableFrom(state.issuedAt, now) : now;
  }

  async #perform(step: Step, session: Session, urgency: Urgency): Promise<void> {
    const { end } = this.#parts;
    if (step.kind === 'refresh') {
      await this.#refresh(session, urgency);
      return;
    }
    await (step.kind === 'warn' ? end.warn(session) : end.end(session, 'expired'));
    this.evaluate();
  }

  #refresh(session: Session, urgency: Urgency): Promise<RefreshOutcome> {
    const { refresher, clock } = this.#parts;
    const isDue = (state: SessionState): boolean =>
      this.#step(session, state, clock.now(), urgency).kind === 'refresh';
    return this.#settle(session, refresher.refresh(session, isDue));
  }

  async #settle(session: Session, refresh: Promise<RefreshOutcome>): Promise<RefreshOutcome> {
    const outcome = await refresh;
    if (outcome.kind === 'busy') {
      this.#windowStates.noteBusy(session, this.#parts.clock.now());
    } else if (outcome.kind === 'postponed') {
      this.#pauseForStorage(session);
    } else if (outcome.kind === 'noToken') {
      this.#pauseForStorage(session);
      await this.#missTokens(session, outcome.found !== 'unavailable');
    }
    // Where one session got through, so may the others.
    this.evaluate(outcome.kind === 'fresh' ? 'person' : 'background');
    return outcome;
  }

  #pauseForStorage(session: Session): void {
    const { clock, random } = this.#parts;
    const pauseMs = STORAGE_PAUSE_MS * (0.5 + random.uniform());
    this.#windowStates.pause(session, clock.now() + pauseMs);
  }

  /** Nobody else has the lock, and the vault keeps saying that it has no token that would do: then it is lost. */
  async #missTokens(session: Session, isCertain: boolean): Promise<void> {
    const { clock, end } = this.#parts;
    const now = clock.now();
    const isBelievable = this.#windowStates.noteMissedTokens(session, isCertain, now);
    const isOver = session.state.kind === 'signedIn' && session.state.expiresAt <= now;
    const isCertainlyOver = isOver && this.#believableFrom(session.state, now) <= now;
    if (isCertainlyOver && isBelievable) {
      await end.loseTokens(session);
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }
}
