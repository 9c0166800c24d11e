import { joined, WordedError } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { requestIdWords, responseSaid, serviceSaid } from './quotedWords.ts';
import type { ResponseMetadata } from './metadata.ts';
import { isKeyReason, isServiceErrorCode, serviceMeaning } from './serviceErrors.ts';
import type { ErrorMeaning, ServiceErrorCode } from './serviceErrors.ts';
import { transportMeaning } from './transportErrors.ts';
import type { TransportErrorCode } from './transportErrors.ts';

export type { TransportErrorCode } from './transportErrors.ts';

export type SsoOidcErrorCode = ServiceErrorCode | TransportErrorCode;

const PORTAL_OPERATIONS = ['GetRoleCredentials', 'ListAccountRoles', 'ListAccounts', 'Logout'] as const;

/** The operations of sso-oidc, by AWS's names. */
export type OidcOperation =
  'RegisterClient' | 'StartDeviceAuthorization' | 'CreateToken' | 'CreateTokenWithIAM';

/** The operations of both services, by AWS's names. */
export type Operation = OidcOperation | (typeof PORTAL_OPERATIONS)[number];

/** Whether an operation is the access portal's; the others are sso-oidc's. */
export function isPortalOperation(operation: Operation): boolean {
  return PORTAL_OPERATIONS.some((portals) => portals === operation);
}

/** What an error is made of. Every string is free of secrets and control characters, and bounded. */
export interface SsoOidcErrorDetails {
  readonly code: SsoOidcErrorCode;
  /** See {@link SsoOidcError.isDefinitive}. Absent: as the status allows. */
  readonly isDefinitive?: boolean;
  readonly operation?: Operation | undefined;
  /** What happened, as a sentence for the user. */
  readonly what: Words;
  /** What to do next, as a sentence for the user. */
  readonly advice: Words;
  readonly error?: string | undefined;
  readonly error_description?: string | undefined;
  readonly reason?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly causeCode?: string | undefined;
  readonly sent: 'no' | 'maybe';
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;
  /** Kept as it came. */
  readonly ResponseMetadata?: ResponseMetadata | undefined;
}

const NO_NETWORK = /UNREACH|NETDOWN|INTERNET_DISCONNECTED|NETWORK_CHANGED/;

/**
 * The one error of this folder. Its message says what happened, in the service's words where there are any,
 * names the request id, and ends in what to do next. It holds no secret and may be logged as it is: the
 * response's headers stay out of enumeration, and its body is not kept.
 *
 * A caller's abort is not one of these: it rejects with the signal's own reason.
 */
export class SsoOidcError extends WordedError {
  override readonly name = 'SsoOidcError';
  readonly code: SsoOidcErrorCode;
  /** The service itself has said this, with the status and the error code that its model has for it. */
  readonly isDefinitive: boolean;
  /** Undefined for an endpoint that was refused before any operation. */
  readonly operation: Operation | undefined;
  /** The service's OAuth error code (RFC 6749, section 5.2). */
  readonly error: string | undefined;
  /** The answer's own words (RFC 6749, section 5.2; `message` of the portal's and of AWS's gateways). */
  readonly error_description: string | undefined;
  /** Why AWS KMS refused, such as `KMS_DisabledException`. */
  readonly reason: string | undefined;
  /** With `InvalidRequestRegionException`: the endpoint to use instead. Data of the server: check it first. */
  readonly endpoint: string | undefined;
  /** With `InvalidRequestRegionException`: the region to use instead. */
  readonly region: string | undefined;
  /** The system's code for a failure of the network, such as `ENOTFOUND` or `ERR_CERT_AUTHORITY_INVALID`. */
  readonly causeCode: string | undefined;
  /** Could the request have reached the server? `no` only where that is certain. */
  readonly sent: 'no' | 'maybe';
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** AWS's id of the request, for their support. */
  readonly requestId: string | undefined;
  /** The answer's HTTP status, where there was an answer. */
  readonly status: number | undefined;
  declare readonly ResponseMetadata: ResponseMetadata | undefined;

  constructor(details: SsoOidcErrorDetails) {
    super(messageOf(details));
    this.code = details.code;
    this.isDefinitive = isServiceErrorCode(details.code) && (details.isDefinitive ?? true);
    this.operation = details.operation;
    this.error = details.error;
    this.error_description = details.error_description;
    this.reason = details.reason;
    this.endpoint = details.endpoint;
    this.region = details.region;
    this.causeCode = details.causeCode;
    this.sent = details.sent;
    this.retryAfterMs = details.retryAfterMs;
    this.requestId = details.requestId;
    this.status = details.ResponseMetadata?.HTTPStatusCode;
    Object.defineProperty(this, 'ResponseMetadata', { value: details.ResponseMetadata, enumerable: false });
  }

  /**
   * Whether, to a refresh, this is the end of the session: the service's own word that the grant, or the client it was
   * issued to, is no longer valid. A response in any other form than the model's, or about a KMS key, never is.
   */
  get endsSession(): boolean {
    return this.#meaning.endsSession === true && !this.isTransient && !this.isKeyFault;
  }

  /**
   * Whether it says nothing about the session or the registration, only that this attempt failed: the network, a
   * timeout, 429, 5xx, or an answer that is not the service's. Everything else is definitive.
   */
  get isTransient(): boolean {
    const { isPassing, isFinal } = this.#meaning;
    const isSaid = isServiceErrorCode(this.code) && isPassing !== true && this.isDefinitive;
    return this.#isAboutLoad || !(isSaid || isFinal === true);
  }

  /** Whether the service itself, or the rate of the requests, is the cause: it passes with time. */
  get isPassing(): boolean {
    return this.#meaning.isPassing === true;
  }

  /** Whether the next attempt may succeed within a few hundred milliseconds. */
  get isMomentary(): boolean {
    return this.#meaning.isMomentary === true || this.#isAboutLoad;
  }

  /**
   * Whether the failure is that of the user's own network rather than of the service: then it is over for this user
   * alone, and nobody else comes back at the same moment.
   */
  get isOwnNetwork(): boolean {
    const { code, causeCode = '', status = 0 } = this;
    const isCaptivePortal = code === 'NotJson' && status < 500;
    return this.#meaning.isOwnNetwork === true || isCaptivePortal || NO_NETWORK.test(causeCode);
  }

  /** Whether the service does not know the client: its registration has expired or was removed. */
  get needsNewRegistration(): boolean {
    return this.isDefinitive && this.code === 'InvalidClientException';
  }

  /** Whether the service refuses what the settings make us ask for: only other settings change that. */
  get needsOtherSettings(): boolean {
    return this.#meaning.isAboutSettings === true && !this.isTransient && !this.isKeyFault;
  }

  /** Whether the service has no such grant for this client, whatever is asked for with it. */
  get isUnsupportedGrant(): boolean {
    return this.isDefinitive && this.code === 'UnsupportedGrantTypeException';
  }

  /**
   * Whether the request succeeded and what it brought is lost, as the answer cannot be read. A page of HTML is not the
   * service's, nor is an empty answer without its request id: something in between gave it.
   */
  get isLostAnswer(): boolean {
    const { code, status = 0, requestId } = this;
    const isOurs = this.#meaning.isUnreadable === true || (code === 'EmptyBody' && requestId !== undefined);
    return isOurs && status >= 200 && status < 300;
  }

  /** Whether the customer's AWS KMS key locks the service out: the key's administrator can fix that. */
  get isKeyFault(): boolean {
    return isKeyReason(this.reason);
  }

  get #meaning(): ErrorMeaning {
    return isServiceErrorCode(this.code) ? serviceMeaning(this.code) : transportMeaning(this.code);
  }

  /** HTTP's own words for too many requests, and for a server that fails (RFC 6585, section 4; RFC 9110, section 15.6). */
  get #isAboutLoad(): boolean {
    const { status = 0 } = this;
    return status === 429 || status >= 500;
  }
}

function messageOf({ code, what, error_description: words, requestId, advice }: SsoOidcErrorDetails): Words {
  const said = code === 'UnexpectedStatus' ? responseSaid : serviceSaid;
  return joined(' ', [
    what,
    ...(words === undefined ? [] : [said(words)]),
    ...(requestId === undefined ? [] : [requestIdWords(requestId)]),
    advice,
  ]);
}

/** How long the service asks to wait, in milliseconds. */
export function retryAfterOf(error: unknown): number | undefined {
  return error instanceof SsoOidcError ? error.retryAfterMs : undefined;
}
