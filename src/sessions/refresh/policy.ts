import { CLOCK_TOLERANCE_MS } from './clockWatch.ts';
import type { RefreshRetry, SessionState } from '../session.ts';

/** When to refresh, in milliseconds before a token ends and as a share of its lifetime; the shorter one counts. */
export interface RefreshPolicy {
  /** From here on a refresh is due, spread by jitter over the time until it is mandatory. */
  readonly advisoryMs: number;
  readonly advisoryShare: number;
  /** From here on it is due at once. */
  readonly mandatoryMs: number;
  readonly mandatoryShare: number;
  /** A token with less than this left is not handed out without an attempt to refresh it first. */
  readonly minimumLeftMs: number;
  /** How long before its end the user is warned of a session that cannot be refreshed. */
  readonly warningMs: number;
  readonly warningShare: number;
}

/** 15 and 10 minutes before the end of a one-hour token; the same shares of a shorter one. */
export const DEFAULT_REFRESH_POLICY: RefreshPolicy = {
  advisoryMs: 15 * 60_000,
  advisoryShare: 1 / 4,
  mandatoryMs: 10 * 60_000,
  mandatoryShare: 1 / 6,
  minimumLeftMs: 60_000,
  warningMs: 15 * 60_000,
  warningShare: 1 / 4,
};

/**
 * The policy for a session that another machine refreshes: later than any of its windows would, so that both hardly ever
 * try at once, and early enough that nobody waits when that machine is asleep.
 */
export function secondary(policy: RefreshPolicy): RefreshPolicy {
  return {
    ...policy,
    advisoryMs: policy.mandatoryMs / 2,
    advisoryShare: policy.mandatoryShare / 2,
    mandatoryMs: policy.mandatoryMs / 4,
    mandatoryShare: policy.mandatoryShare / 4,
  };
}

/** What to do about a session, and when. */
export type Step =
  | { readonly kind: 'refresh' }
  /** Warn the user that it is about to end. */
  | { readonly kind: 'warn' }
  /** It has come to its end, and cannot be refreshed. */
  | { readonly kind: 'expire' }
  /** Nothing until then: milliseconds since the epoch, infinite where nothing will ever be due. */
  | { readonly kind: 'wait'; readonly until: number };

/** Who is waiting: nobody, or a user who came back to the window or whose extension asks for a token. */
export type Urgency = 'background' | 'user';

interface Lifetime {
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const NOTHING: Step = { kind: 'wait', until: Infinity };

/**
 * The next step for a session.
 * @param now milliseconds since the epoch
 * @param jitter from [0, 1): drawn once for each window and token, so that windows do not all come at once
 * @param believableFrom when the clock is to be believed that the session is over: milliseconds since the epoch
 */
export function nextStep(
  state: SessionState,
  now: number,
  policy: RefreshPolicy,
  jitter: number,
  urgency: Urgency,
  believableFrom = -Infinity,
): Step {
  if (state.kind !== 'signedIn') {
    return NOTHING;
  }
  if (!state.refreshable) {
    const step = stepTowardsEnd(state, state.warned === true, now, policy);
    return step.kind === 'wait' || believableFrom <= now ? step : { kind: 'wait', until: believableFrom };
  }
  const planned = Math.max(refreshDueAt(state, policy, jitter), state.issuedAt + shortestRest(state));
  const due = isFromTheFuture(state, now) ? now : planned;
  // With a token that is still good nobody waits, whoever is there.
  const isWaitedFor = urgency === 'user' && isNearlyOver(state, policy, now);
  const until = Math.max(due, retryAt(state, now, isWaitedFor));
  return until <= now ? { kind: 'refresh' } : { kind: 'wait', until };
}

function stepTowardsEnd(lifetime: Lifetime, warned: boolean, now: number, policy: RefreshPolicy): Step {
  const { issuedAt, expiresAt } = lifetime;
  if (expiresAt <= now) {
    return { kind: 'expire' };
  }
  const lead = Math.min(policy.warningMs, (expiresAt - issuedAt) * policy.warningShare);
  const until = warned ? expiresAt : expiresAt - lead;
  return until <= now ? { kind: 'warn' } : { kind: 'wait', until };
}

/** A token that lives shorter cannot be kept fresh: whoever tried would only ask all the time. In milliseconds. */
const MIN_LIFETIME_MS = 3000;
/** How often such a token is refreshed, in milliseconds. */
const MIN_REST_MS = 60_000;

/** How long a token is left alone after it came, at least. */
function shortestRest({ issuedAt, expiresAt }: Lifetime): number {
  return expiresAt - issuedAt < MIN_LIFETIME_MS ? MIN_REST_MS : 0;
}

/** The clock was ahead when the token came and has been set right: its end is nearer than it seems. */
function isFromTheFuture({ issuedAt }: Lifetime, now: number): boolean {
  return now < issuedAt - CLOCK_TOLERANCE_MS;
}

/**
 * When a token should be refreshed, in milliseconds since the epoch.
 * @param jitter from [0, 1)
 */
export function refreshDueAt(
  { issuedAt, expiresAt }: Lifetime,
  policy: RefreshPolicy,
  jitter: number,
): number {
  const lifetime = Math.max(expiresAt - issuedAt, 0);
  const advisory = Math.min(policy.advisoryMs, lifetime * policy.advisoryShare);
  const mandatory = Math.min(policy.mandatoryMs, lifetime * policy.mandatoryShare);
  return expiresAt - advisory + (advisory - mandatory) * jitter;
}

/** Whether a token is too close to its end to be handed out without an attempt to refresh it. */
export function isNearlyOver(lifetime: Lifetime, policy: RefreshPolicy, now: number): boolean {
  const { issuedAt, expiresAt } = lifetime;
  const left = Math.min(policy.minimumLeftMs, (expiresAt - issuedAt) * policy.mandatoryShare);
  return expiresAt - now < left || isFromTheFuture(lifetime, now);
}

/** The measure of all pauses. */
const PAUSE_MS = 5 * 60_000;
const PAUSE_SHARE = 1 / 12;
/** However short the lifetime is. */
const MIN_PAUSE_MS = 1000;
/** Even a server that names a longer one is asked again after this. */
const MAX_PAUSE_MS = 60 * 60_000;

/** A refresh that failed. */
interface Failure {
  /** How many in a row, at least 1. */
  readonly failures: number;
  /** When the first in the row did, this one included. Milliseconds since the epoch. */
  readonly since: number;
  /** Whether the user's own network was at fault, rather than the service. */
  readonly isOwnNetwork: boolean;
  /** What the service asked for, in milliseconds. */
  readonly retryAfterMs: number;
}

/**
 * When to try again after a failed refresh.
 *
 * In the background hardly ever, after about 12, then 40 minutes: while a token is good nobody waits, and once it is
 * not, the user or the extension that needs it is the better signal. While someone waits, after half as long again as
 * it has been failing: 10 seconds at least, and at most a minute where their own network is at fault, 20 where it is the service.
 * So a blip costs seconds, and a fleet whose every token falls due in an outage stays near its usual rate. All
 * pauses are shorter for short-lived tokens, down to a second.
 * @param now milliseconds since the epoch
 * @param jitter from [0, 1): spreads those that lost the same network
 */
export function retryAfterFailure(
  { failures, since, isOwnNetwork, retryAfterMs }: Failure,
  lifetime: Lifetime,
  now: number,
  jitter: number,
): RefreshRetry {
  const measure = Math.max(lifetime.expiresAt - lifetime.issuedAt, shortestRest(lifetime));
  const unit = Math.min(PAUSE_MS, measure * PAUSE_SHARE);
  const spread = 0.5 + jitter;
  const least = now + Math.max(MIN_PAUSE_MS, Math.min(retryAfterMs, MAX_PAUSE_MS));
  const inBackground = unit * (failures === 1 ? 2.4 : 8) * spread;
  const longest = isOwnNetwork ? unit / 5 : unit * 4;
  const forUser = Math.min(Math.max((now - since) * 1.5, unit / 30), longest) * spread;
  return {
    failures,
    since,
    backgroundAt: Math.max(least, now + inBackground),
    personAt: Math.max(least, now + forUser),
  };
}

function retryAt(
  { retry, lastRefresh }: Extract<SessionState, { kind: 'signedIn' }>,
  now: number,
  isWaitedFor: boolean,
): number {
  if (retry === undefined) {
    return -Infinity;
  }
  const at = isWaitedFor ? retry.personAt : retry.backgroundAt;
  // No pause is that long, and no attempt was made in the future: the clock has been set back since.
  const isFromFuture = (lastRefresh?.at ?? -Infinity) > now + CLOCK_TOLERANCE_MS;
  return isFromFuture || at - now > 2 * MAX_PAUSE_MS ? -Infinity : at;
}
