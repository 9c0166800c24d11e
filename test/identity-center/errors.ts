import type { ApiResponse } from './http.ts';
import { json } from './http.ts';

/** The sso-oidc exceptions by their `error` value, with AWS's HTTP status (service model sso-oidc-2019-06-10). */
const EXCEPTIONS = {
  access_denied: ['AccessDeniedException', 400],
  authorization_pending: ['AuthorizationPendingException', 400],
  expired_token: ['ExpiredTokenException', 400],
  invalid_client: ['InvalidClientException', 401],
  invalid_client_metadata: ['InvalidClientMetadataException', 400],
  invalid_grant: ['InvalidGrantException', 400],
  invalid_redirect_uri: ['InvalidRedirectUriException', 400],
  invalid_request: ['InvalidRequestException', 400],
  invalid_scope: ['InvalidScopeException', 400],
  server_error: ['InternalServerException', 500],
  slow_down: ['SlowDownException', 400],
  unauthorized_client: ['UnauthorizedClientException', 400],
  unsupported_grant_type: ['UnsupportedGrantTypeException', 400],
} as const satisfies Record<string, readonly [exception: string, status: number]>;

/** An `error` value of the sso-oidc service. */
export type OidcErrorCode = keyof typeof EXCEPTIONS;

/** What AWS answers a signature it does not accept, before any service sees the request. */
export type IamException =
  | 'ExpiredTokenException'
  | 'IncompleteSignatureException'
  | 'InvalidSignatureException'
  | 'MissingAuthenticationTokenException'
  | 'UnrecognizedClientException';

/** The portal's exceptions with their HTTP status (service model sso-2019-06-10, which lacks ForbiddenException). */
const PORTAL_STATUS = {
  InvalidRequestException: 400,
  UnauthorizedException: 401,
  ForbiddenException: 403,
  ResourceNotFoundException: 404,
  TooManyRequestsException: 429,
} as const;

/** What the API refuses, in a form that can be thrown and answered. */
export abstract class ApiError extends Error {
  abstract toResponse(requestId: string): ApiResponse;
}

/** A refusal of the sso-oidc service: `{"error", "error_description"}`. */
export class OidcError extends ApiError {
  readonly error: OidcErrorCode;

  constructor(error: OidcErrorCode, description: string) {
    super(description);
    this.name = 'OidcError';
    this.error = error;
  }

  /** An engine's error (RFC 6749 section 5.2); one the service does not have counts as an invalid request. */
  static from(error: string, description: string): OidcError {
    return new OidcError(isOidcErrorCode(error) ? error : 'invalid_request', description);
  }

  override toResponse(): ApiResponse {
    const [exception, status] = EXCEPTIONS[this.error];
    return json(
      status,
      { error: this.error, error_description: this.message },
      errorType(exception, 'com.amazonaws.ssooidc'),
    );
  }
}

/** The application is in another region, which the answer names. */
export class RegionError extends ApiError {
  readonly endpoint: string;
  readonly region: string;

  constructor(endpoint: string, region: string) {
    super(`The application is in ${region}.`);
    this.name = 'RegionError';
    this.endpoint = endpoint;
    this.region = region;
  }

  override toResponse(): ApiResponse {
    const { endpoint, region, message } = this;
    return json(
      400,
      { error: 'invalid_request', error_description: message, endpoint, region },
      errorType('InvalidRequestRegionException', 'com.amazonaws.ssooidc'),
    );
  }
}

/** A refusal of the signature: `{"message"}`, the kind only in the header. */
export class IamError extends ApiError {
  readonly exception: IamException;

  constructor(exception: IamException, message: string) {
    super(message);
    this.name = 'IamError';
    this.exception = exception;
  }

  override toResponse(): ApiResponse {
    return json(403, { message: this.message }, errorType(this.exception, 'com.amazon.coral.service'));
  }
}

/** A refusal of the portal: `{"message", "__type"}`, the kind in the header as well. */
export class PortalError extends ApiError {
  readonly exception: keyof typeof PORTAL_STATUS;

  constructor(exception: keyof typeof PORTAL_STATUS, message: string) {
    super(message);
    this.name = 'PortalError';
    this.exception = exception;
  }

  override toResponse(): ApiResponse {
    return json(
      PORTAL_STATUS[this.exception],
      { message: this.message, __type: `com.amazonaws.switchboard.portal#${this.exception}` },
      errorType(this.exception, 'com.amazonaws.switchboard.portal'),
    );
  }
}

function errorType(exception: string, service: string): Readonly<Record<string, string>> {
  return { 'x-amzn-errortype': `${exception}:http://internal.amazon.com/coral/${service}/` };
}

function isOidcErrorCode(error: string): error is OidcErrorCode {
  return Object.hasOwn(EXCEPTIONS, error);
}
