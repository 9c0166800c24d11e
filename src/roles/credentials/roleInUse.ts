import type { Disposable } from '../../common/disposable.ts';
import type { HeldCredentials } from './renewal.ts';
import type { SessionRole } from './roleCredentials.ts';
import type { Unavailable } from './unavailable.ts';

/** A role that terminals use, and what is known of its credentials. */
export interface RoleInUse {
  readonly role: SessionRole;
  users: number;
  held: HeldCredentials | undefined;
  /** Why there was nothing to be had the last time. */
  why: Unavailable | undefined;
  /** Whether it could not be taken any more, and cannot since. */
  hasEnded: boolean;
  failures: number;
  /** How long the service is to be left alone, and since when, in milliseconds (since the epoch). */
  pause: { readonly at: number; readonly ms: number };
  /** How often the sign-in has ended: what was asked for before an end is not handed out after it. */
  ends: number;
  /** The request in progress; all who ask wait for this one. */
  fetching: Promise<void> | undefined;
  timer: Disposable | undefined;
  readonly controller: AbortController;
}

export function newRoleInUse(role: SessionRole): RoleInUse {
  return {
    role,
    users: 0,
    held: undefined,
    why: undefined,
    hasEnded: false,
    failures: 0,
    pause: { at: 0, ms: 0 },
    ends: 0,
    fetching: undefined,
    timer: undefined,
    controller: new AbortController(),
  };
}

/** Whether the service is not to be asked now; not where the clock was set back since. @param now milliseconds since the epoch */
export function isPaused({ pause: { at, ms } }: RoleInUse, now: number): boolean {
  return now >= at && now < at + ms;
}
