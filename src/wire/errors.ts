import { joined, WordedError } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { requestIdWords, responseSaid, serviceSaid } from './quotedWords.ts';
import type { ResponseMetadata } from './result.ts';
import { endsGrant, isKeyReason, isPassing, isServiceErrorCode } from './serviceErrors.ts';
import type { ServiceErrorCode } from './serviceErrors.ts';

/** What went wrong before, after or instead of the service's own words. */
export type TransportErrorCode =
  /** The host's name cannot be resolved. */
  | 'NetworkDns'
  /** Nothing listens at the host's address, or no route leads there. */
  | 'NetworkRefused'
  /** The connection broke before an answer came. */
  | 'NetworkReset'
  /** No secure connection: most often a certificate nobody here trusts. */
  | 'NetworkTls'
  /** The proxy cannot be reached or refuses to connect. */
  | 'NetworkProxy'
  /** Any other failure of the network. */
  | 'NetworkUnknown'
  /** No complete answer in time. */
  | 'Timeout'
  /** The answer is a redirect, which is never followed. */
  | 'Redirected'
  /** The answer is HTML or text from something in between. */
  | 'NotJson'
  /** The answer has no body where one is due, or an error none that says more than its status. */
  | 'EmptyBody'
  /** The body breaks off. */
  | 'TruncatedBody'
  /** The body is longer than any answer of the service. */
  | 'OversizedBody'
  /** JSON, but not the shape the service model promises. */
  | 'InvalidResponse'
  /** An error status with JSON that is no exception of the model: that of a gateway, a firewall or a policy. */
  | 'UnexpectedStatus'
  /** The options for the endpoint contradict each other or are not safe. */
  | 'InvalidEndpoint'
  /** `createTokenWithIAM` without what it takes to sign a request. */
  | 'SigningUnavailable'
  /** The credentials to sign with cannot be had just now. */
  | 'CredentialsUnavailable'
  /** AWS refused the signature, or the principal behind it: the request itself was not looked at. */
  | 'CredentialsRefused';

export type SsoOidcErrorCode = ServiceErrorCode | TransportErrorCode;

const PORTAL_OPERATIONS = ['GetRoleCredentials', 'ListAccountRoles', 'ListAccounts', 'Logout'] as const;

/** The operations of both services, by AWS's names. */
export type Operation =
  | 'RegisterClient'
  | 'StartDeviceAuthorization'
  | 'CreateToken'
  | 'CreateTokenWithIAM'
  | (typeof PORTAL_OPERATIONS)[number];

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
  /** The answer's own words (RFC 6749, section 5.2; `message` of the portal's and of AWS's front doors). */
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
    super(wordsOf(details));
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
   * Whether, to a refresh, this is the end of the session: the service's own word that the grant, or the client it
   * was issued to, is gone for good. An answer in any other form than the model's, or about a KMS key, never is.
   */
  get endsSession(): boolean {
    const { code, isKeyFault } = this;
    return !isTransient(this) && isServiceErrorCode(code) && endsGrant(code) && !isKeyFault;
  }

  /** Whether the customer's AWS KMS key shuts the service out: whoever administers the key can mend that. */
  get isKeyFault(): boolean {
    return isKeyReason(this.reason);
  }
}

/** What only other settings change. */
const DEFINITIVE_OWN_ERRORS: ReadonlySet<SsoOidcErrorCode> = new Set([
  'InvalidEndpoint',
  'SigningUnavailable',
]);

/**
 * Whether `error` says nothing about the session or the registration, only that this attempt failed: the
 * network, a timeout, 429, 5xx, or an answer that is not the service's. Everything else is definitive.
 */
export function isTransient({ code, isDefinitive, status = 0 }: SsoOidcError): boolean {
  if (status === 429 || status >= 500) {
    return true;
  }
  return isServiceErrorCode(code) ? isPassing(code) || !isDefinitive : !DEFINITIVE_OWN_ERRORS.has(code);
}

/** What lies between this machine and the internet: its name server, its proxy, its captive portal. */
const OWN_NETWORK_ERRORS: ReadonlySet<SsoOidcErrorCode> = new Set([
  'NetworkDns',
  'NetworkProxy',
  'NetworkTls',
  'Redirected',
]);
const NO_NETWORK = /UNREACH|NETDOWN|INTERNET_DISCONNECTED|NETWORK_CHANGED/;

/**
 * Whether the failure is that of the person's own network rather than of the service: then it is over for this
 * person alone, and nobody else comes back at the same moment.
 */
export function isOwnNetwork({ code, causeCode = '', status = 0 }: SsoOidcError): boolean {
  const isCaptivePortal = code === 'NotJson' && status < 500;
  return OWN_NETWORK_ERRORS.has(code) || isCaptivePortal || NO_NETWORK.test(causeCode);
}

function wordsOf({ code, what, error_description: words, requestId, advice }: SsoOidcErrorDetails): Words {
  const said = code === 'UnexpectedStatus' ? responseSaid : serviceSaid;
  return joined(' ', [
    what,
    ...(words === undefined ? [] : [said(words)]),
    ...(requestId === undefined ? [] : [requestIdWords(requestId)]),
    advice,
  ]);
}
