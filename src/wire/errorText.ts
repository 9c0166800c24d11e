import { phrase } from '../common/words.ts';
import type { SsoOidcErrorCode } from './errors.ts';

/** As below, where the `reason` is a `KMS_…`: what the code alone would say leads astray. */
export const KEY_TEXT = [
  phrase("the AWS KMS key that encrypts this Identity Center can't be used"),
  phrase("Signing in again doesn't help: ask your administrator to check the key, its state and its policy."),
] as const;

/** For each code: what happened, to follow "… failed: ", and what to do next. */
export const ERROR_TEXT: Readonly<Record<SsoOidcErrorCode, readonly [what: string, advice: string]>> = {
  AccessDeniedException: [
    'access was denied',
    'Sign in again and allow the request, or ask your administrator.',
  ],
  AuthorizationPendingException: ['the sign-in is not approved yet', 'Approve it in the browser.'],
  ExpiredTokenException: ['the code or token has expired', 'Sign in again.'],
  ForbiddenException: [
    "you don't have access to this account or role, even if it's listed",
    'Choose another role, or ask your administrator to check your assignment.',
  ],
  InternalServerException: ['the service has an internal error', 'Try again in a few minutes.'],
  InvalidClientException: ['the client registration is invalid or has expired', 'Sign in again.'],
  InvalidClientMetadataException: [
    'the client registration was refused',
    "Check the connection's scopes and region.",
  ],
  InvalidGrantException: ['the code or refresh token is no longer valid', 'Sign in again.'],
  InvalidRedirectUriException: [
    'the redirect URI is not allowed',
    'Sign in with the device code flow instead.',
  ],
  InvalidRequestException: ['the request is not valid', "Check the connection's scopes and region."],
  InvalidRequestRegionException: [
    'the request belongs to another region',
    "Correct the connection's region.",
  ],
  InvalidScopeException: ['a scope is not valid', "Check the connection's scopes."],
  ResourceNotFoundException: ['what was asked for does not exist', 'Check the account and the role.'],
  SlowDownException: ['it was asked too often', 'Wait a few seconds longer each time.'],
  TooManyRequestsException: ['there were too many requests', 'Wait a minute, then try again.'],
  UnauthorizedClientException: [
    'the client may not obtain a token this way',
    'Choose another sign-in flow, or ask your administrator.',
  ],
  UnauthorizedException: ['the access token is not valid any more', 'Sign in again.'],
  UnsupportedGrantTypeException: [
    'the service does not support this way to obtain a token',
    'Choose another sign-in flow.',
  ],
  NetworkDns: [
    "the host's name cannot be resolved",
    "Check the network connection, the VPN and the connection's region.",
  ],
  NetworkRefused: ['no connection can be made', 'Check the network connection, the VPN and the firewall.'],
  NetworkReset: ['the connection broke', 'Check the network connection, then try again.'],
  NetworkTls: [
    'no secure connection can be made',
    "If your network inspects TLS, add its certificate authority to the system's; check the clock as well.",
  ],
  NetworkProxy: ['the proxy does not let the request through', 'Check the proxy settings and credentials.'],
  NetworkUnknown: ['the network failed', 'Check the network connection, then try again.'],
  Timeout: ['there was no complete answer in time', 'Check the network connection, then try again.'],
  Redirected: [
    'the answer is a redirect, which the service never sends',
    'Sign in to the network if it asks for that, and check the endpoint and the proxy.',
  ],
  NotJson: [
    'something other than the service answered',
    'Sign in to the network if it asks for that, and check the proxy and the firewall.',
  ],
  EmptyBody: ['the answer is empty', 'Try again; if it stays so, check the proxy and the firewall.'],
  TruncatedBody: ['the answer breaks off', 'Try again; if it stays so, check the proxy and the firewall.'],
  OversizedBody: ['the answer is too long to be genuine', 'Check the endpoint, the proxy and the firewall.'],
  InvalidResponse: ['the answer does not follow the service model', 'Check the endpoint and the proxy.'],
  UnexpectedStatus: [
    "the answer isn't one of the service's own: a policy, a gateway or a firewall in front of it may have refused the request",
    'Try again in a few minutes. If it stays so, ask your administrator.',
  ],
  InvalidEndpoint: ['the endpoint cannot be used', "Check the connection's region and endpoint options."],
  SigningUnavailable: [
    'the request cannot be signed',
    'It needs a region, AWS credentials and a signer, which are not all there.',
  ],
  CredentialsUnavailable: [
    'there are no AWS credentials to sign the request with',
    'Set them up as for the AWS CLI: by environment variables or in a profile.',
  ],
  CredentialsRefused: [
    'AWS refused the credentials that signed the request',
    'Check your AWS credentials, their permission for sso-oauth:CreateTokenWithIAM, and the clock.',
  ],
};
