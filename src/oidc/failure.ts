import { ERROR_TEXT } from './errorText.ts';
import { SsoOidcError } from './errors.ts';
import type { SsoOidcErrorCode } from './errors.ts';
import type { HttpRequest } from './http.ts';
import type { ResponseMetadata } from './model.ts';
import { sanitize } from './redact.ts';

/** What is known about a failure. Strings may come from anywhere: they are made safe here. */
export interface Facts {
  readonly sent: 'no' | 'maybe';
  /** Says more than the code does, to follow its sentence in brackets. */
  readonly detail?: string | undefined;
  readonly causeCode?: string | undefined;
  readonly metadata?: ResponseMetadata | undefined;
  /** Milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly words?: Partial<Record<Word, string | undefined>>;
}

type Word = 'error' | 'error_description' | 'reason' | 'endpoint' | 'region';

const MAX_WORDS = 400;
const MAX_NAME = 100;

/** The error for a request that failed with `code`. */
export function failure(code: SsoOidcErrorCode, request: HttpRequest, facts: Facts): SsoOidcError {
  const { operation, url, secrets } = request;
  const { sent, metadata, retryAfterMs, words = {} } = facts;
  const causeCode = sanitize(facts.causeCode, secrets, MAX_NAME);
  const detail = sanitize(facts.detail, secrets, MAX_WORDS);
  const [what, advice] = ERROR_TEXT[code];
  const reason = sanitize(words.reason, secrets, MAX_NAME);
  const name = causeCode ?? code;
  const status = metadata && `HTTP ${metadata.HTTPStatusCode}`;
  const particulars = [detail, detail?.includes(name) ? undefined : name, reason, status]
    .filter(Boolean)
    .join(', ');
  return new SsoOidcError({
    code,
    operation,
    what: `${operation} at ${url.host} failed: ${what} (${particulars}).`,
    advice,
    error: sanitize(words.error, secrets, MAX_NAME),
    error_description: sanitize(words.error_description, secrets, MAX_WORDS),
    reason,
    endpoint: sanitize(words.endpoint, secrets, MAX_WORDS),
    region: sanitize(words.region, secrets, MAX_NAME),
    causeCode,
    sent,
    retryAfterMs,
    requestId: sanitize(metadata?.RequestId, secrets, MAX_NAME),
    ResponseMetadata: metadata,
  });
}
