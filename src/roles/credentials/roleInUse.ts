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
  /** The end that was told of, until it can be taken again or is signed in to again. */
  told: Unavailable | undefined;
  /** Whether it could not be taken any more, and cannot since. */
  hasEnded: boolean;
  failures: number;
  /** How long the service is to be left alone, and since when, in milliseconds (since the epoch). */
  pause: { readonly at: number; readonly ms: number };
  fetching: Fetching | undefined;
  timer: Disposable | undefined;
}

/** The request in progress; all who ask wait for this one. */
export interface Fetching {
  readonly done: Promise<void>;
  readonly controller: AbortController;
}

/** The service may be asked at any time. */
const NO_PAUSE: RoleInUse['pause'] = { at: 0, ms: 0 };

export function newRoleInUse(role: SessionRole): RoleInUse {
  return {
    role,
    users: 0,
    held: undefined,
    why: undefined,
    told: undefined,
    hasEnded: false,
    failures: 0,
    pause: NO_PAUSE,
    fetching: undefined,
    timer: undefined,
  };
}

/** All who ask wait for the request in progress, or for one that begins now. */
export async function fetchOnce(
  entry: RoleInUse,
  request: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (entry.fetching === undefined) {
    const controller = new AbortController();
    const fetching: Fetching = {
      controller,
      done: request(controller.signal).finally(() => {
        if (entry.fetching === fetching) {
          entry.fetching = undefined;
        }
      }),
    };
    entry.fetching = fetching;
  }
  await entry.fetching.done;
}

/** What was asked for before an end is not handed out after it, and whoever asks then does not wait for it. */
export function abandon(entry: RoleInUse, why: string): void {
  entry.fetching?.controller.abort(new Error(why));
  entry.fetching = undefined;
}

/** Nothing is to be had of it any more. @returns whether that is news, and not what was told of already */
export function noteEnd(entry: RoleInUse, why: Unavailable): boolean {
  const isNews = entry.told?.reason !== why.reason;
  // What was forbidden to one sign-in may be asked for with the next at once.
  entry.pause = isNews && entry.told?.reason === 'forbidden' ? NO_PAUSE : entry.pause;
  entry.hasEnded = true;
  entry.held = undefined;
  entry.told = isNews ? why : entry.told;
  entry.why = entry.told;
  entry.failures = 0;
  return isNews;
}

/** Whether the service is not to be asked now; not where the clock was set back since. @param now milliseconds since the epoch */
export function isPaused({ pause: { at, ms } }: RoleInUse, now: number): boolean {
  return now >= at && now < at + ms;
}
