import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import type { Random } from '../../common/random.ts';
import type { Session } from '../session.ts';
import type { SessionEnd } from '../sessionEnd.ts';
import type { LocalSessions } from '../store/localSessions.ts';
import type { SessionStore } from '../store/sessionStore.ts';
import { CLOCK_TOLERANCE_MS } from './clockWatch.ts';
import type { ClockWatch } from './clockWatch.ts';
import { clearRetriesAfterNetworkChange, NetworkWatch } from './networkChange.ts';
import type { RefreshOutcome } from './outcome.ts';
import { RefreshPlan, stepIn } from './plan.ts';
import type { Circumstances, RefreshDemand } from './plan.ts';
import { isNearlyOver } from './policy.ts';
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

/** Timers stand still while the machine sleeps: one is due this often, at least. */
const MAX_TIMER_MS = 60_000;
/** Between attempts that fail for the disk or the vault; half of it up or down. */
const STORAGE_PAUSE_MS = 60_000;

/** Refreshes every session in time, with one timer for all of them. */
export class RefreshScheduler implements Disposable {
  readonly #parts: RefreshSchedulerParts;
  readonly #windowStates: WindowStates;
  readonly #plan: RefreshPlan;
  readonly #network: NetworkWatch;
  #timer: Disposable | undefined;
  #disposed = false;

  constructor(parts: RefreshSchedulerParts) {
    this.#parts = parts;
    const { store, local, watch, networkId, policy, random } = parts;
    const windowStates = new WindowStates(random);
    this.#windowStates = windowStates;
    this.#plan = new RefreshPlan({ store, local, watch, windowStates, policy });
    this.#network = new NetworkWatch(networkId);
  }

  /** Whether the timer for the next check is set. */
  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  /**
   * Checks every session, starts what is due and sets the timer for the next. Call it when sessions, the time or the
   * network may have changed.
   */
  evaluate(urgency: Urgency = 'background'): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const { store, refresher, watch, upkeep, clock } = this.#parts;
    if (this.#disposed) {
      return;
    }
    const now = clock.now();
    this.#noticeTime(now);
    this.#noticeNetwork(now);
    this.#windowStates.prune(store.sessions);
    let nextAt = now + MAX_TIMER_MS;
    for (const session of store.sessions.filter(({ id }) => !refresher.isRefreshing(id))) {
      this.#windowStates.add(session);
      const circumstances = this.#plan.circumstances(session, urgency, now);
      const step = stepIn(circumstances, session.state, now);
      if (step.kind === 'wait') {
        nextAt = Math.min(nextAt, step.until);
      } else {
        void this.#perform(step, session, circumstances);
      }
    }
    watch.expect(nextAt);
    if (store.sessions.length > 0 || upkeep.isPending) {
      this.#timer = clock.schedule(() => void this.#onTimer(nextAt), nextAt - now);
    }
  }

  #noticeTime(now: number): void {
    if (this.#parts.watch.note(now)) {
      this.#windowStates.doubtAll();
    }
  }

  #noticeNetwork(now: number): void {
    const leftAt = this.#network.note(now);
    if (leftAt !== undefined) {
      void this.#clearRetries(leftAt);
    }
  }

  async #clearRetries(until: number): Promise<void> {
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
    const circumstances = this.#plan.circumstances(session, 'user', now);
    const isDue = stepIn(circumstances, state, now).kind === 'refresh';
    return isDue || refresher.isRefreshing(session.id)
      ? this.#refresh(session, { kind: 'due', circumstances })
      : undefined;
  }

  /** Refreshes `session` now, due or not. */
  refreshNow(session: Session): Promise<RefreshOutcome> {
    return this.#refresh(session, { kind: 'requested' });
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
    this.evaluate(wasAsleep ? 'user' : 'background');
  }

  async #perform(step: Step, session: Session, circumstances: Circumstances): Promise<void> {
    const { end } = this.#parts;
    if (step.kind === 'refresh') {
      await this.#refresh(session, { kind: 'due', circumstances });
      return;
    }
    await (step.kind === 'warn' ? end.warn(session) : end.end(session, 'expired'));
    this.evaluate();
  }

  async #refresh(session: Session, demand: RefreshDemand): Promise<RefreshOutcome> {
    const outcome = await this.#parts.refresher.refresh(session, demand);
    if (outcome.kind === 'busy') {
      this.#windowStates.noteBusy(session, this.#parts.clock.now());
    } else if (outcome.kind === 'postponed') {
      this.#pauseForStorage(session);
    } else if (outcome.kind === 'noToken') {
      this.#pauseForStorage(session);
      await this.#missTokens(session, outcome.found !== 'unavailable');
    }
    // Where one session got through, so may the others.
    this.evaluate(outcome.kind === 'fresh' ? 'user' : 'background');
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
    this.#windowStates.noteMissedTokens(session, isCertain, now);
    const isOver = session.state.kind === 'signedIn' && session.state.expiresAt <= now;
    const isCertainlyOver = isOver && this.#plan.believableFrom(session, now) <= now;
    if (isCertainlyOver && this.#windowStates.areTokensLost(session, now)) {
      await end.loseTokens(session);
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }
}
