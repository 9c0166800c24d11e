import type { Session, SessionState } from '../session.ts';
import type { LocalSessions } from '../store/localSessions.ts';
import type { SessionStore } from '../store/sessionStore.ts';
import type { ClockWatch } from './clockWatch.ts';
import { nextStep, secondary } from './policy.ts';
import type { RefreshPolicy, Step, Urgency } from './policy.ts';
import type { WindowStates } from './windowStates.ts';

/** All that decides about the next step for a session, besides its state and the time. */
export interface Circumstances {
  readonly policy: RefreshPolicy;
  readonly urgency: Urgency;
  /** From [0, 1): this window's place in the spread. */
  readonly jitter: number;
  /** Milliseconds since the epoch; before that this window does nothing in the background. */
  readonly notBefore: number;
  /** The clock was set back during the token's lifetime, so that nobody knows how old it is. */
  readonly isDoubtful: boolean;
  /** When the clock is to be believed that the session is over: milliseconds since the epoch. */
  readonly believableFrom: number;
}

/** Why a session is refreshed: somebody asked for it, or it is due. */
export type RefreshDemand =
  { readonly kind: 'requested' } | { readonly kind: 'due'; readonly circumstances: Circumstances };

/** The next step for a session at `now`, in milliseconds since the epoch. */
export function stepIn(circumstances: Circumstances, state: SessionState, now: number): Step {
  const { policy, urgency, jitter, notBefore, isDoubtful, believableFrom } = circumstances;
  if (notBefore > now && urgency === 'background') {
    return { kind: 'wait', until: notBefore };
  }
  // A token of unknown age may be over: the policy's answer for one that is.
  const isUnknown = isDoubtful && state.kind === 'signedIn' && state.refreshable;
  const seen = isUnknown ? { ...state, expiresAt: now } : state;
  return nextStep(seen, now, policy, jitter, urgency, believableFrom);
}

/** Whether the session in `state` is to be refreshed at `now`, in milliseconds since the epoch. */
export function isDemanded(demand: RefreshDemand, state: SessionState, now: number): boolean {
  return demand.kind === 'due'
    ? stepIn(demand.circumstances, state, now).kind === 'refresh'
    : state.kind === 'signedIn' && state.refreshable;
}

interface RefreshPlanParts {
  readonly store: SessionStore;
  readonly local: LocalSessions;
  readonly watch: ClockWatch;
  readonly windowStates: WindowStates;
  readonly policy: RefreshPolicy;
}

/** What this window is to do about each session. */
export class RefreshPlan {
  readonly #parts: RefreshPlanParts;

  constructor(parts: RefreshPlanParts) {
    this.#parts = parts;
  }

  /** Of `session` at `now`, in milliseconds since the epoch. */
  circumstances(session: Session, urgency: Urgency, now: number): Circumstances {
    const { jitter, notBefore, isDoubtful } = this.#parts.windowStates.of(session);
    const policy = this.#policyFor(session);
    const believableFrom = this.believableFrom(session, now);
    return { policy, urgency, jitter, notBefore, isDoubtful, believableFrom };
  }

  /** When the clock is to be believed that the session is over. Milliseconds since the epoch, as is `now`. */
  believableFrom({ state }: Session, now: number): number {
    return state.kind === 'signedIn' ? this.#parts.watch.believableFrom(state.issuedAt, now) : now;
  }

  /** Where several machines could refresh it, the one that did last goes on to. */
  #policyFor(session: Session): RefreshPolicy {
    const { policy, store, local } = this.#parts;
    return local.isKeptElsewhere(session) && store.isShared ? secondary(policy) : policy;
  }
}
