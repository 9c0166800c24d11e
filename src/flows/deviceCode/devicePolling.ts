import { delay } from '../../common/clock.ts';
import type { Clock } from '../../common/clock.ts';
import { SsoOidcError } from '../../wire/errors.ts';
import { SignInError } from '../signInError.ts';

/** RFC 8628, section 3.5: the interval when the service names none, and what `slow_down` adds to it for good. */
const DEFAULT_INTERVAL_MS = 5000;
const SLOW_DOWN_MS = 5000;
/** A network that comes back should be noticed soon, however long it was away. */
const MAX_BACKOFF_MS = 30_000;

interface Polling<T> {
  /** One CreateToken request. */
  readonly poll: () => Promise<T>;
  /** The connection's name, for the sentence that says why it ended. */
  readonly connection: string;
  /** Milliseconds between two polls. */
  readonly intervalMs: number | undefined;
  /** When the code stops working, in milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly clock: Clock;
  /** Called each time the service cannot be reached, and with `undefined` when it responds again. */
  readonly onTrouble: (trouble: Error | undefined) => void;
}

/**
 * Polls until the user has decided (RFC 8628, sections 3.4 and 3.5).
 * Faults on the way never end it before the code expires: the approval may already have been given.
 * @throws SignInError `accessDenied`, `codeExpired`, `networkLost` or `unreadableAnswer`; SsoOidcError for any other definitive answer;
 * the signal's reason, at once, when `signal` aborts
 */
export async function pollForToken<T>(polling: Polling<T>, signal: AbortSignal): Promise<T> {
  let intervalMs = polling.intervalMs ?? DEFAULT_INTERVAL_MS;
  let failures = 0;
  let waitMs = intervalMs;
  for (;;) {
    if (polling.clock.now() + waitMs >= polling.expiresAt) {
      await delay(polling.clock, polling.expiresAt - polling.clock.now(), signal);
      throw new SignInError(failures > 0 ? 'networkLost' : 'codeExpired', { connection: polling.connection });
    }
    await delay(polling.clock, waitMs, signal);
    const answer = await outcome(polling.poll());
    signal.throwIfAborted();
    if ('token' in answer) {
      return answer.token;
    }
    const { error } = answer;
    // Of a lost answer the code is spent: it was the one with the token.
    if (error.isTransient && !error.isLostAnswer) {
      failures += 1;
      polling.onTrouble(error);
      const backoffMs = Math.min(intervalMs * 2 ** failures, MAX_BACKOFF_MS);
      waitMs = Math.max(intervalMs, backoffMs, error.retryAfterMs ?? 0);
      continue;
    }
    if (failures > 0) {
      failures = 0;
      polling.onTrouble(undefined);
    }
    if (error.code === 'SlowDownException') {
      intervalMs += SLOW_DOWN_MS;
    } else if (error.code !== 'AuthorizationPendingException') {
      throw definitive(error, polling.connection);
    }
    waitMs = Math.max(intervalMs, error.retryAfterMs ?? 0);
  }
}

async function outcome<T>(
  request: Promise<T>,
): Promise<{ readonly token: T } | { readonly error: SsoOidcError }> {
  try {
    return { token: await request };
  } catch (error) {
    if (error instanceof SsoOidcError) {
      return { error };
    }
    throw error;
  }
}

function definitive(error: SsoOidcError, connection: string): Error {
  const { requestId, error_description: words } = error;
  const details = { connection, requestId, cause: error, ...(words !== undefined && { words }) };
  if (error.isKeyFault) {
    return error;
  }
  if (error.isLostAnswer) {
    return new SignInError('unreadableAnswer', details);
  }
  switch (error.code) {
    case 'AccessDeniedException':
      return new SignInError('accessDenied', details);
    case 'ExpiredTokenException':
      return new SignInError('codeExpired', details);
    default:
      return error;
  }
}
