import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import type { Random } from '../../common/random.ts';
import { CLOCK_TOLERANCE_MS } from './clockWatch.ts';
import type { ClockWatch } from './clockWatch.ts';
import { clearRetriesAfterNetworkChange } from './clearRetriesAfterNetworkChange.ts';
import type { LocalSessions } from '../store/localSessions.ts';
import type { Refresher } from './refresher.ts';
import type { RefreshOutcome } from './outcome.ts';
import { isNearlyOver, nextStep, secondary } from './policy.ts';
import type { RefreshPolicy, Step, Urgency } from './policy.ts';
import type { Session, SessionState, Version } from '../session.ts';
import { isSameVersion } from '../sessionVersions.ts';
import type { SessionEnd } from '../sessionEnd.ts';
import type { SessionStore } from '../store/sessionStore.ts';

interface RefreshSchedulerParts {
  readonly store: SessionStore;
  readonly refresher: Refresher;
  readonly end: SessionEnd;
  readonly local: LocalSessions;
  readonly watch: ClockWatch;
  readonly networkId: () => string;
  readonly policy: RefreshPolicy;
  readonly clock: Clock;
  readonly random: Random;
  readonly unsaved: {
    /** Whether there is something that could not be saved yet. */
    exists(): boolean;
    /** Tries to save it. */
    save(): Promise<void>;
  };
}

/** What this window knows of one version of a session, and no other window does. */
interface WindowState extends Version {
  /** From [0, 1): this window's place in the spread. */
  readonly jitter: number;
  /** Milliseconds since the epoch; before that this window does nothing about the session unless someone waits. */
  readonly notBefore: number;
  /** The clock was set back during its lifetime, so that nobody knows how old it is. */
  readonly isDoubtful: boolean;
  /** How often in a row another window had the session's lock. */
  readonly timesBusy: number;
  /** Since when this window looks for tokens in vain: milliseconds since the epoch. */
  readonly tokensMissedSince?: number;
  readonly looks: number;
}

/** Timers stand still while the machine sleeps: look at the time this often, at least. */
const MAX_NAP_MS = 60_000;
/** Where changes of the file go unnoticed, they are seen after this. */
const RELOAD_MS = 5 * 60_000;
/** When another window refreshes, it is most likely done by then; doubled each time it is not. */
const BUSY_PAUSE_MS = 2000;
const MAX_BUSY_PAUSE_MS = 60_000;
/** Between attempts to save what could not be saved. */
const SAVE_PAUSE_MS = 20_000;
/** Between attempts that fail for the disk or the vault; half of it up or down. */
const STORAGE_PAUSE_MS = 60_000;
/** A vault that says for so long, and so often, that there is nothing is to be believed. */
const NO_TOKEN_PATIENCE_MS = 10 * 60_000;
const NO_TOKEN_LOOKS = 5;

/** Refreshes every session in time, with one timer for all of them. */
export class RefreshScheduler implements Disposable {
  readonly #parts: RefreshSchedulerParts;
  readonly #windowStates = new Map<string, WindowState>();
  #timer: Disposable | undefined;
  /** Milliseconds since the epoch, as the next. */
  #reloadedAt = 0;
  #savedAt = 0;
  /** The network seen last, and when it was. */
  #network: { readonly id: string; readonly seenAt: number } | undefined;
  #disposed = false;

  constructor(parts: RefreshSchedulerParts) {
    this.#parts = parts;
  }

  /**
   * Looks at every session, starts what is due and sets the timer for the next.
   * Call it when sessions, the time or the network may have changed.
   */
  evaluate(urgency: Urgency = 'background'): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const { store, refresher, clock, unsaved } = this.#parts;
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
    if (store.sessions.length > 0 || unsaved.exists() || !store.isRead) {
      this.#timer = clock.schedule(() => void this.#onTimer(nextAt), nextAt - now);
    }
  }

  #noticeTime(now: number): void {
    if (this.#parts.watch.look(now)) {
      for (const [id, own] of this.#windowStates) {
        this.#windowStates.set(id, { ...own, isDoubtful: true, notBefore: 0 });
      }
    }
  }

  #noticeNetwork(now: number): void {
    const before = this.#network;
    const id = this.#parts.networkId();
    this.#network = { id, seenAt: now };
    if (before !== undefined && before.id !== id) {
      void this.#clearRetriesAfterNetworkChange(before.seenAt);
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
    const { store, clock, unsaved } = this.#parts;
    const now = clock.now();
    const wasAsleep = now - expectedAt > CLOCK_TOLERANCE_MS;
    const reloadMs = store.isShared ? MAX_NAP_MS : RELOAD_MS;
    if (wasAsleep || !store.isRead || now - this.#reloadedAt > reloadMs || now < this.#reloadedAt) {
      this.#reloadedAt = now;
      await store.reload();
    }
    if (unsaved.exists() && (now - this.#savedAt > SAVE_PAUSE_MS || now < this.#savedAt)) {
      this.#savedAt = now;
      await unsaved.save();
    }
    this.evaluate(wasAsleep ? 'person' : 'background');
  }

  #step(session: Session, state: SessionState, now: number, urgency: Urgency): Step {
    const { jitter, notBefore, isDoubtful } = this.#windowStateOf(session);
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

  #windowStateOf(session: Session): WindowState {
    const known = this.#windowStates.get(session.id);
    if (known !== undefined && isSameVersion(known, session)) {
      return known;
    }
    const { signedInAt, generation } = session;
    const jitter = this.#parts.random.uniform();
    const fresh = { signedInAt, generation, jitter, notBefore: 0, isDoubtful: false, timesBusy: 0, looks: 0 };
    this.#windowStates.set(session.id, fresh);
    return fresh;
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
      const known = this.#windowStateOf(session);
      this.#windowStates.set(session.id, { ...known, timesBusy: known.timesBusy + 1 });
      this.#pause(session, Math.min(BUSY_PAUSE_MS * 2 ** known.timesBusy, MAX_BUSY_PAUSE_MS));
    } else if (outcome.kind === 'postponed') {
      this.#pause(session, this.#withJitter(STORAGE_PAUSE_MS));
    } else if (outcome.kind === 'noToken') {
      this.#pause(session, this.#withJitter(STORAGE_PAUSE_MS));
      await this.#missTokens(session, outcome.found !== 'unavailable');
    }
    // Where one session got through, so may the others.
    this.evaluate(outcome.kind === 'fresh' ? 'person' : 'background');
    return outcome;
  }

  #withJitter(pauseMs: number): number {
    return pauseMs * (0.5 + this.#parts.random.uniform());
  }

  #pause(session: Session, pauseMs: number): void {
    this.#windowStates.set(session.id, {
      ...this.#windowStateOf(session),
      notBefore: this.#parts.clock.now() + pauseMs,
    });
  }

  /** Nobody else has the lock, and the vault keeps saying that it has no token that would do: then it is lost. */
  async #missTokens(session: Session, isCertain: boolean): Promise<void> {
    const { clock, end } = this.#parts;
    const now = clock.now();
    const { tokensMissedSince: since = now, ...own } = this.#windowStateOf(session);
    const looks = isCertain ? own.looks + 1 : 0;
    this.#windowStates.set(session.id, { ...own, looks, tokensMissedSince: isCertain ? since : now });
    const isOver = session.state.kind === 'signedIn' && session.state.expiresAt <= now;
    const isCertainlyOver = isOver && this.#believableFrom(session.state, now) <= now;
    if (isCertainlyOver && looks >= NO_TOKEN_LOOKS && now - since >= NO_TOKEN_PATIENCE_MS) {
      await end.loseTokens(session);
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#timer?.dispose();
  }
}
