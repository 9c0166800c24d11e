import { l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import type { SsoOidcErrorCode } from './errors.ts';

/** As below, where the `reason` is a `KMS_…`: what the code alone would say leads astray. */
export const KEY_TEXT = [
  l10n.t("the AWS KMS key that encrypts this Identity Center can't be used"),
  l10n.t("Signing in again doesn't help: ask your administrator to check the key, its state and its policy."),
] as const;

/** For each code: what happened, to follow "… failed: ", and what to do next. */
export const ERROR_TEXT: Readonly<Record<SsoOidcErrorCode, readonly [what: Words, advice: Words]>> = {
  AccessDeniedException: [
    l10n.t('access was denied'),
    l10n.t('Sign in again and allow the request, or ask your administrator.'),
  ],
  AuthorizationPendingException: [
    l10n.t('the sign-in is not approved yet'),
    l10n.t('Approve it in the browser.'),
  ],
  ExpiredTokenException: [l10n.t('the code or token has expired'), l10n.t('Sign in again.')],
  ForbiddenException: [
    l10n.t("you don't have access to this account or role, even if it's listed"),
    l10n.t('Choose another role, or ask your administrator to check your assignment.'),
  ],
  InternalServerException: [
    l10n.t('the service has an internal error'),
    l10n.t('Try again in a few minutes.'),
  ],
  InvalidClientException: [
    l10n.t('the client registration is invalid or has expired'),
    l10n.t('Sign in again.'),
  ],
  InvalidClientMetadataException: [
    l10n.t('the client registration was refused'),
    l10n.t("Check the connection's scopes and region."),
  ],
  InvalidGrantException: [l10n.t('the code or refresh token is no longer valid'), l10n.t('Sign in again.')],
  InvalidRedirectUriException: [
    l10n.t('the redirect URI is not allowed'),
    l10n.t('Sign in with the device code flow instead.'),
  ],
  InvalidRequestException: [
    l10n.t('the request is not valid'),
    l10n.t("Check the connection's scopes and region."),
  ],
  InvalidRequestRegionException: [
    l10n.t('the request belongs to another region'),
    l10n.t("Correct the connection's region."),
  ],
  InvalidScopeException: [l10n.t('a scope is not valid'), l10n.t("Check the connection's scopes.")],
  ResourceNotFoundException: [
    l10n.t('what was asked for does not exist'),
    l10n.t('Check the account and the role.'),
  ],
  SlowDownException: [l10n.t('it was asked too often'), l10n.t('Wait a few seconds longer each time.')],
  TooManyRequestsException: [
    l10n.t('there were too many requests'),
    l10n.t('Wait a minute, then try again.'),
  ],
  UnauthorizedClientException: [
    l10n.t('the client may not obtain a token this way'),
    l10n.t('Choose another sign-in flow, or ask your administrator.'),
  ],
  UnauthorizedException: [l10n.t('the access token is not valid any more'), l10n.t('Sign in again.')],
  UnsupportedGrantTypeException: [
    l10n.t('the service does not support this way to obtain a token'),
    l10n.t('Choose another sign-in flow.'),
  ],
  NetworkDns: [
    l10n.t("the host's name cannot be resolved"),
    l10n.t("Check the network connection, the VPN and the connection's region."),
  ],
  NetworkRefused: [
    l10n.t('no connection can be made'),
    l10n.t('Check the network connection, the VPN and the firewall.'),
  ],
  NetworkReset: [l10n.t('the connection broke'), l10n.t('Check the network connection, then try again.')],
  NetworkTls: [
    l10n.t('no secure connection can be made'),
    l10n.t(
      "If your network inspects TLS, add its certificate authority to the system's; check the clock as well.",
    ),
  ],
  NetworkProxy: [
    l10n.t('the proxy does not let the request through'),
    l10n.t('Check the proxy settings and credentials.'),
  ],
  NetworkUnknown: [l10n.t('the network failed'), l10n.t('Check the network connection, then try again.')],
  Timeout: [
    l10n.t('there was no complete answer in time'),
    l10n.t('Check the network connection, then try again.'),
  ],
  Redirected: [
    l10n.t('the answer is a redirect, which the service never sends'),
    l10n.t('Sign in to the network if it asks for that, and check the endpoint and the proxy.'),
  ],
  NotJson: [
    l10n.t('something other than the service answered'),
    l10n.t('Sign in to the network if it asks for that, and check the proxy and the firewall.'),
  ],
  EmptyBody: [
    l10n.t('the answer is empty'),
    l10n.t('Try again; if it stays so, check the proxy and the firewall.'),
  ],
  TruncatedBody: [
    l10n.t('the answer breaks off'),
    l10n.t('Try again; if it stays so, check the proxy and the firewall.'),
  ],
  OversizedBody: [
    l10n.t('the answer is too long to be genuine'),
    l10n.t('Check the endpoint, the proxy and the firewall.'),
  ],
  InvalidResponse: [
    l10n.t('the answer does not follow the service model'),
    l10n.t('Check the endpoint and the proxy.'),
  ],
  UnexpectedStatus: [
    l10n.t(
      "the answer isn't one of the service's own: a policy, a gateway or a firewall in front of it may have refused the request",
    ),
    l10n.t('Try again in a few minutes. If it stays so, ask your administrator.'),
  ],
  InvalidEndpoint: [
    l10n.t('the endpoint cannot be used'),
    l10n.t("Check the connection's region and endpoint options."),
  ],
  SigningUnavailable: [
    l10n.t('the request cannot be signed'),
    l10n.t('It needs a region, AWS credentials and a signer, which are not all there.'),
  ],
  CredentialsUnavailable: [
    l10n.t('there are no AWS credentials to sign the request with'),
    l10n.t('Set them up as for the AWS CLI: by environment variables or in a profile.'),
  ],
  CredentialsRefused: [
    l10n.t('AWS refused the credentials that signed the request'),
    l10n.t('Check your AWS credentials, their permission for sso-oauth:CreateTokenWithIAM, and the clock.'),
  ],
};
