import { l10n, WordedError } from '../../common/words.ts';
import type { RoleCredentials } from './roleCredentials.ts';

/**
 * How long before their end credentials are renewed. botocore asks again from 15 minutes before the end, at every call
 * (1.43, `RefreshableCredentials`): what is handed out should have more than that left, where the service gives more.
 */
const RENEW_BEFORE_MS = 20 * 60_000;
/** Of credentials that live shorter than that. */
const RENEW_SHARE = 1 / 2;
/** They are not renewed more often than that: by a clock that is ahead they may live for a moment only. */
const MIN_RENEWAL_MS = 5000;
/** Credentials with less than this left are handed out only where no others can be had. */
const LITTLE_LEFT_MS = 16 * 60_000;
const LITTLE_LEFT_SHARE = 2 / 5;

/** How long a role that may not be taken is not asked for again: each call of a tool would ask. */
export const FORBIDDEN_PAUSE_MS = 10_000;
const FIRST_PAUSE_MS = 5000;
const MAX_PAUSE_MS = 2 * 60_000;

/** Credentials, and when they came. */
export interface HeldCredentials {
  readonly credentials: RoleCredentials;
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
}

/** When they are to be renewed: milliseconds since the epoch. */
export function renewAt({ credentials: { expiration }, fetchedAt }: HeldCredentials): number {
  const beforeMs = Math.min(RENEW_BEFORE_MS, RENEW_SHARE * (expiration - fetchedAt));
  return Math.max(expiration - beforeMs, fetchedAt + MIN_RENEWAL_MS);
}

/**
 * Credentials that came just now. @param now milliseconds since the epoch
 * @throws WordedError where they are over, as by a clock that is ahead: whoever asks again at once gets the same
 */
export function arrived(held: HeldCredentials, now: number): HeldCredentials {
  if (isOver(held, now)) {
    throw new WordedError([
      l10n.t("The role's credentials had already expired when they arrived."),
      ' ',
      l10n.t("Check this computer's clock."),
    ]);
  }
  return held;
}

/**
 * Whether they are fresh enough to be handed out without a request for newer ones. @param now milliseconds since the
 * epoch
 */
export function isFresh({ credentials: { expiration }, fetchedAt }: HeldCredentials, now: number): boolean {
  const littleLeftMs = Math.min(LITTLE_LEFT_MS, LITTLE_LEFT_SHARE * (expiration - fetchedAt));
  return now >= fetchedAt && expiration - now > littleLeftMs;
}

/** Whether they are over. @param now milliseconds since the epoch */
export function isOver({ credentials: { expiration } }: HeldCredentials, now: number): boolean {
  return expiration <= now;
}

/**
 * How long to wait after a failure before the next attempt, in milliseconds.
 * @param failures how many there were in a row; at least 1
 * @param jitter from [0, 1)
 * @param retryAfterMs what the service asks for
 */
export function pauseAfter(failures: number, jitter: number, retryAfterMs = 0): number {
  const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  return Math.max(retryAfterMs, pauseMs * (0.5 + jitter / 2));
}
