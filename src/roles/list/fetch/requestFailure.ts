import { joined, l10n } from '../../../common/words.ts';
import type { Words } from '../../../common/words.ts';
import { SsoOidcError } from '../../../wire/errors.ts';
import { serviceParticulars } from '../../../wire/quotedWords.ts';
import { EndlessPages } from './pages.ts';
import { SignInNeeded } from './rolesSource.ts';

/** What a failed request means for the list. None of them says anything about the session. */
export type FailureKind =
  /** Too many requests were sent, by whomever. */
  | 'throttled'
  /** The network, or the service, fails for the moment. */
  | 'transient'
  /** The account is listed, and its roles may not be. */
  | 'forbidden'
  /** The account is not there, or no longer assigned. */
  | 'notFound'
  /** The access token is not accepted, or there is none. */
  | 'signInNeeded'
  /** The service answered something else, or what is of no use. */
  | 'refused';

/** Why accounts or roles could not be listed: plain data, which is kept in the cache. */
export interface RequestFailure {
  readonly kind: FailureKind;
  /** A machine-readable code, such as `TooManyRequestsException`. */
  readonly code: string;
  /** The service's own words, fit to show. */
  readonly message?: string;
  /** AWS's id of the request. */
  readonly requestId?: string;
}

const TOO_MANY_REQUESTS = 429;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

/** @returns undefined for what is no failed request: an abort, or a mistake of ours */
export function requestFailure(error: unknown): RequestFailure | undefined {
  if (error instanceof SignInNeeded) {
    return { kind: 'signInNeeded', code: error.name };
  }
  if (error instanceof EndlessPages) {
    return { kind: 'refused', code: error.name };
  }
  if (!(error instanceof SsoOidcError)) {
    return undefined;
  }
  const { code, error_description: message, requestId } = error;
  return {
    kind: kindOf(error),
    code,
    ...(message !== undefined && { message }),
    ...(requestId !== undefined && { requestId }),
  };
}

function kindOf(error: SsoOidcError): FailureKind {
  const { code, status } = error;
  if (status === TOO_MANY_REQUESTS) {
    return 'throttled';
  }
  if (code === 'UnauthorizedException') {
    return 'signInNeeded';
  }
  // The model has no exception for this status. A page of HTML is somebody else's answer.
  if (status === FORBIDDEN && code !== 'NotJson') {
    return 'forbidden';
  }
  if (status === NOT_FOUND && code === 'ResourceNotFoundException') {
    return 'notFound';
  }
  return error.isTransient ? 'transient' : 'refused';
}

/** What happened and what to do, in whole sentences; with the service's words and the request id, where known. */
export function failureWords(failure: RequestFailure): Words {
  const { kind, code, message, requestId } = failure;
  return joined(' ', [KIND_WORDS[kind](code), ...serviceParticulars(message, requestId)]);
}

const KIND_WORDS: Readonly<Record<FailureKind, (code: string) => Words>> = {
  throttled: () => l10n.t('AWS is receiving too many requests. Refresh the list in a few minutes.'),
  transient: (code) =>
    l10n.t({
      message: "AWS can't be reached at the moment ({0}). Refresh the list in a few minutes.",
      args: [code],
      comment: ['{0} is an error code, such as NetworkReset'],
    }),
  forbidden: () => l10n.t("You don't have access. Ask your administrator if you need it."),
  notFound: () => l10n.t('The account is no longer assigned to you.'),
  signInNeeded: () => l10n.t('Sign in again to update the list.'),
  refused: (code) =>
    l10n.t({
      message: 'AWS refused the request ({0}). If this happens again, ask your administrator.',
      args: [code],
      comment: ['{0} is an error code, such as InvalidRequestException'],
    }),
};
