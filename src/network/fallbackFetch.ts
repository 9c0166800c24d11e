import type { SsoOidcErrorCode } from '../wire/errors.ts';
import { classifyFetchFailure } from '../wire/fetchError.ts';

type Fetch = typeof globalThis.fetch;

/**
 * How much a failure helps a user to see what to change; the others are 1. Behind a proxy, a name that cannot be
 * resolved is normal.
 */
const HELPFULNESS: Readonly<Partial<Record<SsoOidcErrorCode, number>>> = {
  NetworkTls: 3,
  NetworkProxy: 2,
  NetworkDns: 0,
};

/**
 * A `fetch` that asks `first`, and `second` only where the first certainly failed before the request was sent: a
 * code or refresh token must not be sent twice. When both fail it throws the more helpful of their errors, the
 * first's of two alike; but always the second's if that one may have sent the request, so that nobody repeats it.
 */
export function fallbackFetch(first: Fetch, second: Fetch): Fetch {
  return async (input, init) => {
    try {
      return await first(input, init);
    } catch (firstError) {
      if (init?.signal?.aborted === true || classifyFetchFailure(firstError).sent !== 'no') {
        throw firstError;
      }
      return second(input, init).catch((secondError: unknown) => {
        throw moreHelpful(firstError, secondError);
      });
    }
  };
}

function moreHelpful(firstError: unknown, secondError: unknown): unknown {
  const [first, second] = [classifyFetchFailure(firstError), classifyFetchFailure(secondError)];
  return second.sent !== 'no' || helpfulness(second.code) > helpfulness(first.code)
    ? secondError
    : firstError;
}

function helpfulness(code: SsoOidcErrorCode): number {
  return HELPFULNESS[code] ?? 1;
}
