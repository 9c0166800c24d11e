import { wordsOf } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import type { SsoOidcError, TransportErrorCode } from './errors.ts';
import { failure } from './failure.ts';
import type { HttpRequest } from './request.ts';

type Rule = readonly [matches: RegExp, code: TransportErrorCode, sent: 'no' | 'maybe'];

/**
 * What the codes of Node's system, TLS and undici errors mean, and Chromium's `net::ERR_…` (from Electron's
 * `fetch`). The first rule that matches wins. `no` is for what can only happen before the request is written:
 * a connection's errors only with `connect` as the system call, as an established one knows the same codes;
 * of TLS the client's own verdicts, as with TLS 1.3 a server's alert may come after the request.
 */
const RULES: readonly Rule[] = [
  [/^(?:UND_ERR_(?:PRX|SOCKS)|Proxy response \(|Proxy Authentication Required)/, 'NetworkProxy', 'no'],
  [/^ERR_(?:PROXY|TUNNEL|SOCKS|PAC|MANDATORY_PROXY)_/, 'NetworkProxy', 'no'],
  [/^(?:ENOTFOUND|EAI_[A-Z]+|ERR_(?:NAME|DNS|ICANN_NAME)_[A-Z_]+)$/, 'NetworkDns', 'no'],
  [/^(?:UND_ERR_CONNECT_TIMEOUT|connect ETIMEDOUT|ERR_CONNECTION_TIMED_OUT)$/, 'Timeout', 'no'],
  [/^(?:UND_ERR_(?:HEADERS|BODY)_TIMEOUT|ETIMEDOUT|ERR_TIMED_OUT)$/, 'Timeout', 'maybe'],
  [/^(?:connect E[A-Z]+|ERR_CONNECTION_(?:REFUSED|FAILED))$/, 'NetworkRefused', 'no'],
  [/^(?:ECONNREFUSED|E(?:HOST|NET)(?:UNREACH|DOWN))$/, 'NetworkRefused', 'maybe'],
  [/^ERR_(?:ADDRESS_[A-Z]+|INTERNET_DISCONNECTED)$/, 'NetworkRefused', 'maybe'],
  [/^(?:ERR_SSL_WRONG_VERSION_NUMBER$|Client network socket disconnected before)/, 'NetworkTls', 'no'],
  [/^(?:EPROTO|ERR_(?:BAD_)?SSL_[A-Z\d_]+)$/, 'NetworkTls', 'maybe'],
  [/^(?:[A-Z_]*CERT[A-Z_]*|UNABLE_TO_[A-Z_]+|CRL_[A-Z_]+|INVALID_(?:CA|PURPOSE))$/, 'NetworkTls', 'no'],
  [/^(?:HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED)$/, 'NetworkTls', 'no'],
  [/^ERR_TLS_[A-Z_]+$/, 'NetworkTls', 'maybe'],
  [/^(?:ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET)$/, 'NetworkReset', 'maybe'],
  [/^ERR_(?:CONNECTION_[A-Z]+|EMPTY_RESPONSE|NETWORK_CHANGED)$/, 'NetworkReset', 'maybe'],
];

/** More causes than any real error has, so that a circle of them ends. */
const MAX_CAUSES = 16;

/** What a failed `fetch` means, and whether its request may have reached the server. */
export interface FetchFailure {
  readonly code: TransportErrorCode;
  /** `no` only where that is certain. */
  readonly sent: 'no' | 'maybe';
}

/** Reads what `fetch` threw before there was an answer. */
export function classifyFetchFailure(thrown: unknown): FetchFailure {
  const names = causesOf(thrown).flatMap(namesOf);
  const rule = RULES.find(([matches]) => names.some((name) => matches.test(name)));
  const [, code, sent]: Rule = rule ?? [/^/, 'NetworkUnknown', 'maybe'];
  return { code, sent };
}

/** The error for a `fetch` that threw before there was an answer. */
export function classifyFetchError(request: HttpRequest, thrown: unknown): SsoOidcError {
  const { code, sent } = classifyFetchFailure(thrown);
  const detail = detailOf(causesOf(thrown).at(-1));
  return failure(code, request, { sent, causeCode: causeCodeOf(thrown), detail });
}

/** The system's code for `thrown`, such as `ECONNRESET` or `ERR_NAME_NOT_RESOLVED`, if it has one. */
export function causeCodeOf(thrown: unknown): string | undefined {
  return causesOf(thrown).flatMap(codesOf).at(-1);
}

/** `thrown`, what caused it, and so on. Connecting to several addresses fails with several `errors`. */
function causesOf(thrown: unknown): readonly Error[] {
  const causes: Error[] = [];
  const pending: unknown[] = [thrown];
  while (pending.length > 0 && causes.length < MAX_CAUSES) {
    const error = pending.shift();
    if (error instanceof Error) {
      causes.push(error);
      pending.push(error.cause, ...(error instanceof AggregateError ? (error.errors as unknown[]) : []));
    }
  }
  return causes;
}

/** Errors of TLS carry a `reason` that is plainer than their message. */
function detailOf(error: Error | undefined): Words | undefined {
  const { reason } = (error ?? {}) as { readonly reason?: unknown };
  return typeof reason === 'string' ? reason : error && wordsOf(error);
}

function namesOf(error: Error): readonly string[] {
  const { syscall } = error as NodeJS.ErrnoException;
  const codes = codesOf(error);
  return [...codes, ...codes.map((code) => `${syscall ?? ''} ${code}`), error.message];
}

function codesOf(error: Error): readonly string[] {
  const { code } = error as { readonly code?: unknown };
  const chromium = /net::(ERR_[A-Z\d_]+)/.exec(error.message)?.[1];
  return [code, chromium].filter((name) => typeof name === 'string');
}
