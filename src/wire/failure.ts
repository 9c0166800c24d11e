import { inEnglish, joined, l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { errorTexts, FIPS_TEXT, KEY_TEXT, PORTAL_REQUEST_TEXT } from './errorText.ts';
import { isPortalOperation, SsoOidcError } from './errors.ts';
import type { SsoOidcErrorCode } from './errors.ts';
import type { HttpRequest } from './request.ts';
import type { ResponseMetadata } from './metadata.ts';
import { sanitize } from './redact.ts';
import { isInModelForm, isKeyReason, isServiceErrorCode } from './serviceErrors.ts';

/** What is known about a failure. Strings may come from anywhere: they are made safe here. */
export interface Facts {
  readonly sent: 'no' | 'maybe';
  /** Says more than the code does: a sentence of ours, or somebody else's words, which are quoted in brackets. */
  readonly detail?: Words | undefined;
  readonly causeCode?: string | undefined;
  readonly metadata?: ResponseMetadata | undefined;
  /** Milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly words?: Partial<Record<Word, string | undefined>>;
}

type Word = 'error' | 'error_description' | 'reason' | 'endpoint' | 'region';

/** AWS's own name for the FIPS endpoint of one of the two services, of which few regions have one. */
const FIPS_HOST = /^(?:oidc|portal\.sso)-fips\./;

const MAX_WORDS = 400;
const MAX_NAME = 100;

/** The error for a request that failed with `code`. */
export function failure(code: SsoOidcErrorCode, request: HttpRequest, facts: Facts): SsoOidcError {
  const { operation, url, secrets } = request;
  const { sent, metadata, retryAfterMs, words = {} } = facts;
  const causeCode = sanitize(facts.causeCode, secrets, MAX_NAME);
  const detail = sanitizeWords(facts.detail ?? '', secrets);
  const [what, advice] = isKeyReason(words.reason) ? KEY_TEXT : textOf(code, request);
  const reason = sanitize(words.reason, secrets, MAX_NAME);
  const name = causeCode ?? code;
  const status = metadata && `HTTP ${metadata.HTTPStatusCode}`;
  const said = inEnglish(detail);
  const isOurs = typeof detail === 'object';
  const particulars = [
    ...(said === '' || isOurs ? [] : [detail]),
    ...(said.includes(name) ? [] : [name]),
    ...[reason, status].filter((part) => part !== undefined),
  ];
  const failed = l10n.t({
    message: '{0} at {1} failed ({2}).',
    args: [operation, url.host, joined(', ', particulars)],
    comment: ['{0} is an operation, such as CreateToken', '{1} is a host', '{2} are codes, such as HTTP 400'],
  });
  return new SsoOidcError({
    code,
    isDefinitive:
      metadata !== undefined &&
      isServiceErrorCode(code) &&
      isInModelForm(code, metadata.HTTPStatusCode, words.error),
    operation,
    what: joined(' ', [what, failed, ...(isOurs ? [detail] : [])]),
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

function textOf(
  code: SsoOidcErrorCode,
  { operation, url }: HttpRequest,
): readonly [what: Words, advice: Words] {
  if (code === 'NetworkDns' && FIPS_HOST.test(url.hostname)) {
    return FIPS_TEXT;
  }
  const isPortals = code === 'InvalidRequestException' && isPortalOperation(operation);
  return isPortals ? PORTAL_REQUEST_TEXT : errorTexts()[code];
}

function sanitizeWords(words: Words, secrets: readonly string[]): Words {
  if (typeof words === 'string') {
    return sanitize(words, secrets, MAX_WORDS) ?? '';
  }
  if (typeof words === 'number') {
    return words;
  }
  const sanitizeEach = (each: readonly Words[]): readonly Words[] =>
    each.map((part) => sanitizeWords(part, secrets));
  return 'message' in words ? { ...words, args: sanitizeEach(words.args) } : sanitizeEach(words);
}
