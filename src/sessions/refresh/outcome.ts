import type { Exclusion } from './refreshLocks.ts';
import type { RefreshIntent, Session } from '../session.ts';
import type { Renewal } from '../tokenService.ts';

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
  /** What would come of it could be lost, and there is time: the disk or the vault fails. */
  | { readonly kind: 'postponed' }
  /** This window has no token to refresh with, though the session stays. */
  | { readonly kind: 'noToken'; readonly found: 'stale' | 'missing' | 'unavailable' }
  /** The session needs the user, or no longer exists. */
  | { readonly kind: 'over' };

/** What is sent, and what is known of its past. */
export interface RefreshAttempt {
  readonly session: Session;
  readonly renewal: Renewal;
  readonly exclusion: Exclusion;
  /** An earlier attempt with the same token whose outcome nobody knows. */
  readonly earlier: RefreshIntent | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}
