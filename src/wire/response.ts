import * as v from 'valibot';
import { l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { isPortalOperation } from './errors.ts';
import type { SsoOidcError } from './errors.ts';
import { failure } from './failure.ts';
import type { Facts } from './failure.ts';
import type { HttpAnswer, HttpRequest } from './request.ts';
import type { ResponseMetadata, Result } from './metadata.ts';
import { exceptionOf } from './serviceErrors.ts';

/** AWS's services and gateways write `message`, `Message` or otherwise. */
function withMessage(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const message = Object.entries(body).find(([name]) => name.toLowerCase() === 'message')?.[1];
  return message === undefined ? body : { ...body, message };
}

/**
 * What is read of an error, made when there is one. Its reader takes what it can get: a member of the wrong type is as
 * good as absent.
 */
function errorBody() {
  const word = v.fallback(v.optional(v.string()), undefined);
  return v.fallback(
    v.pipe(
      v.record(v.string(), v.unknown()),
      v.transform(withMessage),
      v.object({
        __type: word,
        error: word,
        error_description: word,
        message: word,
        reason: word,
        endpoint: word,
        region: word,
      }),
    ),
    {},
  );
}

/** No server may silence a client for longer. */
const MAX_RETRY_AFTER_MS = 60 * 60 * 1000;

/**
 * The result in `answer`, validated with `schema`; members the schema does not name are dropped.
 * @throws SsoOidcError for everything else.
 */
export function processResponse<T extends object>(
  request: HttpRequest,
  answer: HttpAnswer,
  schema: v.GenericSchema<unknown, T>,
): Result<T> {
  const { body, metadata } = answer;
  const status = metadata.HTTPStatusCode;
  const facts: Facts = { sent: 'maybe', metadata };
  if (status === HIDDEN_REDIRECT || (status >= 300 && status < 400)) {
    const detail = URL.parse(metadata.HTTPHeaders['location'] ?? '', request.url.href)?.host;
    throw failure('Redirected', request, { ...facts, detail: detail && redirects(detail) });
  }
  if (body.kind === 'truncatedJson' || body.kind === 'other') {
    const code = body.kind === 'other' ? 'NotJson' : 'TruncatedBody';
    throw failure(code, request, { ...facts, retryAfterMs: retryAfterMs(answer) });
  }
  const json = body.kind === 'json' ? body.value : undefined;
  if (status < 200 || status >= 400) {
    throw serviceError(request, answer, json);
  }
  const result = v.safeParse(schema, json);
  if (!result.success) {
    const path = v.getDotPath(result.issues[0]);
    const detail = path === null ? undefined : l10n.t('The member "{0}" is missing or invalid.', path);
    throw failure(json === undefined ? 'EmptyBody' : 'InvalidResponse', request, { ...facts, detail });
  }
  return { ...result.output, ResponseMetadata: metadata };
}

function redirects(host: string): Words {
  return l10n.t({ message: 'It redirects to {0}.', args: [host], comment: ['{0} is a host'] });
}

/** The status that a browser's `fetch` shows for a redirect it was told not to follow. */
const HIDDEN_REDIRECT = 0;

function serviceError(request: HttpRequest, answer: HttpAnswer, json: unknown): SsoOidcError {
  const { message, ...words } = v.parse(errorBody(), json);
  const { metadata } = answer;
  const fullTypes = [metadata.HTTPHeaders['x-amzn-errortype'], words.__type].filter(
    (name) => name !== undefined,
  );
  const type = (fullTypes[0] ?? '').replace(/^.*#|:.*$/gs, '');
  const named = isSignatureRefused(request, metadata, type)
    ? 'CredentialsRefused'
    : exceptionOf({
        service: isPortalOperation(request.operation) ? 'portal' : 'oidc',
        status: metadata.HTTPStatusCode,
        type,
        isPortalsType: fullTypes.some((name) => PORTAL_NAMESPACE.test(name)),
        error: words.error,
        hasMessage: message !== undefined || words.__type !== undefined,
      });
  return failure(named ?? (json === undefined ? 'EmptyBody' : 'UnexpectedStatus'), request, {
    sent: 'maybe',
    metadata,
    detail:
      named === undefined || named === 'CredentialsRefused'
        ? type
        : words.region && l10n.t('The service asks to use the region {0}.', words.region),
    retryAfterMs: retryAfterMs(answer),
    words: { ...words, error_description: words.error_description ?? message },
  });
}

/** `com.amazonaws.switchboard.portal#Name` in a body, `Name:http://internal.amazon.com/coral/com.amazonaws…/` in a header. */
const PORTAL_NAMESPACE = /[./]switchboard\.portal(?:[#/]|$)/;

/**
 * AWS answers a signature or a principal it does not accept with 403, before any service sees the request, and
 * under names that services use for something else (`ExpiredTokenException`, `AccessDeniedException`).
 */
function isSignatureRefused({ headers }: HttpRequest, metadata: ResponseMetadata, type: string): boolean {
  return metadata.HTTPStatusCode === 403 && type !== '' && headers['authorization'] !== undefined;
}

/** The wait an answer asks for in `Retry-After` (RFC 9110, section 10.2.3), by the server's own clock. */
function retryAfterMs({ metadata, receivedAt }: HttpAnswer): number | undefined {
  const { 'retry-after': value = '', date = '' } = metadata.HTTPHeaders;
  const now = Date.parse(date) || receivedAt;
  const waitMs = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), MAX_RETRY_AFTER_MS);
}
