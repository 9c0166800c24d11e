import type * as v from 'valibot';
import { delay } from '../common/clock.ts';
import type { Random } from '../common/random.ts';
import { SsoOidcError } from './errors.ts';
import { send } from './http.ts';
import type { Transport } from './http.ts';
import type { HttpRequest } from './request.ts';
import type { Result } from './metadata.ts';
import { processResponse } from './response.ts';

/** When a request may be repeated: after any passing failure, only if it never left, or not at all. */
export type Repeat = 'always' | 'unsent' | 'never';

const MAX_RETRIES = 2;

/** Before the first retry; doubled before each further one. */
const FIRST_BACKOFF_MS = 400;

/** Who is asked to wait longer gets the error instead, and `retryAfterMs` with it. */
const MAX_WAIT_MS = 10_000;

/**
 * The result of `request`, validated with `schema`, in three attempts at most. Between them it waits a random
 * share of an exponentially growing time ("full jitter"), or as long as the server asks if that is longer.
 * @throws SsoOidcError of the last attempt, or the signal's own reason as soon as it aborts.
 */
export async function sendWithRetries<T extends object>(
  request: HttpRequest,
  schema: v.GenericSchema<unknown, T>,
  repeat: Repeat,
  transport: Transport & { readonly random: Random },
  signal?: AbortSignal,
): Promise<Result<T>> {
  const { clock, random } = transport;
  for (let retries = 0; ; retries++) {
    try {
      const answer = await send(request, retries, transport, signal);
      return processResponse({ ...request, secrets: answer.secrets }, answer, schema);
    } catch (error) {
      if (retries === MAX_RETRIES || !(error instanceof SsoOidcError) || !mayRepeat(error, repeat)) {
        throw error;
      }
      const backoffMs = random.uniform() * FIRST_BACKOFF_MS * 2 ** retries;
      await delay(clock, Math.max(backoffMs, error.retryAfterMs ?? 0), signal);
    }
  }
}

function mayRepeat(error: SsoOidcError, repeat: Repeat): boolean {
  const { isMomentary, sent, retryAfterMs = 0 } = error;
  const isSafe = repeat === 'always' || (repeat === 'unsent' && sent === 'no');
  return isMomentary && isSafe && retryAfterMs <= MAX_WAIT_MS;
}
