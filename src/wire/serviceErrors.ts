/** What an error means to whoever made the request. Absent: it does not. */
export interface ErrorMeaning {
  /** To a refresh: the grant, or the client it was issued to, is no longer valid (RFC 6749, section 5.2). */
  readonly endsSession?: true;
  /** It is about the service, or the rate of the requests, and not about the request: it passes with time. */
  readonly isPassing?: true;
  /** It refuses what the settings make us ask for. */
  readonly isAboutSettings?: true;
  /** It comes of our own settings or machinery: the same attempt would fail again. */
  readonly isFinal?: true;
  /** A few hundred milliseconds may heal it. */
  readonly isMomentary?: true;
  /** The cause is between this machine and the internet: its name server, its proxy, its captive portal. */
  readonly isOwnNetwork?: true;
  /** There was an answer that cannot be read. */
  readonly isUnreadable?: true;
}

/** How the service models write one exception on the wire, and what it means. */
interface ServiceError extends ErrorMeaning {
  /** The HTTP status. */
  readonly status: number;
  /** The value of `error` in sso-oidc's body; absent for an exception that only the portal has. */
  readonly error?: string;
  /** It is one of the portal's, which names it by its type alone. */
  readonly isPortals?: true;
  /**
   * The model lacks it, and others in front of the service use the same name: it is the service's own only under the
   * portal's full name.
   */
  readonly isUnmodelled?: true;
}

/**
 * The exceptions of the service models `sso-oidc-2019-06-10` and `sso-2019-06-10`, by AWS's names, and the one that the
 * portal answers without having it in its model: "No access", also for roles that it lists (aws-cli#7871).
 */
export const SERVICE_ERRORS = {
  AccessDeniedException: { status: 400, error: 'access_denied', endsSession: true },
  AuthorizationPendingException: { status: 400, error: 'authorization_pending' },
  ExpiredTokenException: { status: 400, error: 'expired_token', endsSession: true },
  ForbiddenException: { status: 403, isPortals: true, isUnmodelled: true },
  InternalServerException: { status: 500, error: 'server_error', isPassing: true },
  InvalidClientException: { status: 401, error: 'invalid_client', endsSession: true },
  InvalidClientMetadataException: { status: 400, error: 'invalid_client_metadata', isAboutSettings: true },
  InvalidGrantException: { status: 400, error: 'invalid_grant', endsSession: true },
  InvalidRedirectUriException: { status: 400, error: 'invalid_redirect_uri', isAboutSettings: true },
  InvalidRequestException: { status: 400, error: 'invalid_request', isPortals: true, isAboutSettings: true },
  InvalidRequestRegionException: { status: 400, error: 'invalid_request', isAboutSettings: true },
  InvalidScopeException: { status: 400, error: 'invalid_scope', isAboutSettings: true },
  ResourceNotFoundException: { status: 404, isPortals: true },
  SlowDownException: { status: 400, error: 'slow_down' },
  TooManyRequestsException: { status: 429, isPortals: true, isPassing: true },
  UnauthorizedClientException: {
    status: 400,
    error: 'unauthorized_client',
    endsSession: true,
    isAboutSettings: true,
  },
  UnauthorizedException: { status: 401, isPortals: true },
  UnsupportedGrantTypeException: { status: 400, error: 'unsupported_grant_type', isAboutSettings: true },
} as const satisfies Readonly<Record<string, ServiceError>>;

/** What the service itself said. */
export type ServiceErrorCode = keyof typeof SERVICE_ERRORS;

export function isServiceErrorCode(code: string): code is ServiceErrorCode {
  return Object.hasOwn(SERVICE_ERRORS, code);
}

/** An error response, with what shows whose it is. */
export interface ErrorAnswer {
  readonly service: 'oidc' | 'portal';
  readonly status: number;
  /** The exception's bare name, from `x-amzn-ErrorType` or the body; empty where there is none. */
  readonly type: string;
  /** The type stood below the portal's namespace, as in `com.amazonaws.switchboard.portal#ForbiddenException`. */
  readonly isPortalsType: boolean;
  /** The body's `error`. */
  readonly error: string | undefined;
  /** The body has `__type` or `message`, as the portal's and every AWS gateway's do, and sso-oidc's never. */
  readonly hasMessage: boolean;
}

/**
 * The exception that an answer means; undefined where it is none of its service's: a policy, a gateway or a firewall
 * in front of the service answers in forms of its own, and under the same names.
 */
export function exceptionOf({
  service,
  status,
  type,
  isPortalsType,
  error,
  hasMessage,
}: ErrorAnswer): ServiceErrorCode | undefined {
  if (status === 429 || status >= 500) {
    // These say the same whoever sends them, and nothing of it is final.
    return isServiceErrorCode(type) && row(type).isPassing ? type : byError(Math.min(status, 500), error);
  }
  if (service === 'portal') {
    const isPortals = isServiceErrorCode(type) && row(type).isPortals && row(type).status === status;
    return isPortals && (isPortalsType || !row(type).isUnmodelled) ? type : undefined;
  }
  if (error === undefined && hasMessage) {
    return undefined;
  }
  if (isServiceErrorCode(type) && row(type).error !== undefined) {
    return row(type).status === status ? type : undefined;
  }
  return byError(status, error);
}

/** By OAuth's error code (RFC 6749, section 5.2; 7591, 3.2.2; 8628, 3.5), for an answer without AWS's name. */
function byError(status: number, error: string | undefined): ServiceErrorCode | undefined {
  const named = Object.entries(SERVICE_ERRORS).find(
    ([, candidate]) => 'error' in candidate && candidate.error === error && candidate.status === status,
  );
  return named?.[0] as ServiceErrorCode | undefined;
}

function row(code: ServiceErrorCode): ServiceError {
  return SERVICE_ERRORS[code];
}

/** What `code` means, whichever way it came. */
export function serviceMeaning(code: ServiceErrorCode): ErrorMeaning {
  return row(code);
}

/**
 * Whether `code` came with the status and the `error` that the model has for it: then it is the service's own word.
 * The header `x-amzn-ErrorType` need not be there: a proxy may drop it, and RFC 6749 has none.
 */
export function isInModelForm(code: ServiceErrorCode, status: number, error: string | undefined): boolean {
  const { status: ownStatus, error: ownError, isPortals } = row(code);
  return status === ownStatus && (error === ownError || (isPortals === true && error === undefined));
}

/** Whether a `reason` says that the customer's AWS KMS key is the cause, which its administrator can fix. */
export function isKeyReason(reason: string | undefined): boolean {
  return reason?.startsWith('KMS_') === true;
}
