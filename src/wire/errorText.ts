import { l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import type { SsoOidcErrorCode } from './errors.ts';

/** As below, where the `reason` is a `KMS_…`: what the code alone would say leads astray. */
export const KEY_TEXT = [
  l10n.t("IAM Identity Center can't use the AWS KMS key that encrypts its data."),
  l10n.t("Signing in again won't help. Ask your administrator to check the key, its state, and its policy."),
] as const;

/** As below, for a request to the portal, which names an account or a role and no scope. */
export const PORTAL_REQUEST_TEXT = [
  l10n.t("The request isn't valid."),
  l10n.t('Check the account and the role.'),
] as const;

/** As below, where the host that has no address is a FIPS endpoint. */
export const FIPS_TEXT = [
  l10n.t("The FIPS endpoint can't be found. Few regions have one."),
  l10n.t(
    'If the network works, turn off FIPS: useFipsEndpoint in the connection, use_fips_endpoint in the AWS config file, or the environment variable AWS_USE_FIPS_ENDPOINT.',
  ),
] as const;

/**
 * For each code: what happened, to follow "… failed: ", and what to do next. A function, as most windows never need
 * them: what they are made of would be a good part of loading the client.
 */
export const errorTexts = (): Readonly<Record<SsoOidcErrorCode, readonly [what: Words, advice: Words]>> => ({
  AccessDeniedException: [
    l10n.t('Access was denied.'),
    l10n.t('Sign in again and allow the request, or ask your administrator.'),
  ],
  AuthorizationPendingException: [
    l10n.t("The sign-in isn't approved yet."),
    l10n.t('Approve it in the browser.'),
  ],
  ExpiredTokenException: [l10n.t('The code or token has expired.'), l10n.t('Sign in again.')],
  ForbiddenException: [
    l10n.t("You don't have access to this account or role, even if it's listed."),
    l10n.t('Choose another role, or ask your administrator to check your assignment.'),
  ],
  InternalServerException: [
    l10n.t('The service has an internal error.'),
    l10n.t('Try again in a few minutes.'),
  ],
  InvalidClientException: [
    l10n.t('The client registration is invalid or has expired.'),
    l10n.t('Sign in again.'),
  ],
  InvalidClientMetadataException: [
    l10n.t('The client registration was refused.'),
    l10n.t("Check the connection's scopes and region."),
  ],
  InvalidGrantException: [l10n.t('The code or refresh token is no longer valid.'), l10n.t('Sign in again.')],
  InvalidRedirectUriException: [
    l10n.t("The redirect URI isn't allowed."),
    l10n.t('Sign in with the device code flow instead.'),
  ],
  InvalidRequestException: [
    l10n.t("The request isn't valid."),
    l10n.t("Check the connection's scopes and region."),
  ],
  InvalidRequestRegionException: [
    l10n.t('The request must be sent to another region.'),
    l10n.t("Correct the connection's region."),
  ],
  InvalidScopeException: [l10n.t("A scope isn't valid."), l10n.t("Check the connection's scopes.")],
  ResourceNotFoundException: [
    l10n.t("The requested account or role doesn't exist."),
    l10n.t('Check the account and the role.'),
  ],
  SlowDownException: [
    l10n.t('Requests were sent too quickly.'),
    l10n.t('Wait a few seconds longer between requests.'),
  ],
  TooManyRequestsException: [
    l10n.t('Too many requests were sent.'),
    l10n.t('Wait a minute, then try again.'),
  ],
  UnauthorizedClientException: [
    l10n.t("The client isn't authorized to get a token with this sign-in flow."),
    l10n.t('Choose another sign-in flow, or ask your administrator.'),
  ],
  UnauthorizedException: [l10n.t('The access token is no longer valid.'), l10n.t('Sign in again.')],
  UnsupportedGrantTypeException: [
    l10n.t("The service doesn't support this sign-in flow."),
    l10n.t('Choose another sign-in flow.'),
  ],
  NetworkDns: [
    l10n.t("Can't resolve the host name."),
    l10n.t("Check the network connection, the VPN, and the connection's region."),
  ],
  NetworkRefused: [
    l10n.t("Can't connect to the service."),
    l10n.t('Check the network connection, the VPN, and the firewall.'),
  ],
  NetworkReset: [l10n.t('The connection was lost.'), l10n.t('Check the network connection, then try again.')],
  NetworkTls: [
    l10n.t("Can't establish a secure connection."),
    l10n.t(
      "If your network inspects TLS, add its certificate authority to the system's trusted certificates. Also check the clock.",
    ),
  ],
  NetworkProxy: [
    l10n.t('The proxy blocked the request.'),
    l10n.t('Check the proxy settings and credentials.'),
  ],
  NetworkUnknown: [
    l10n.t('The network request failed.'),
    l10n.t('Check the network connection, then try again.'),
  ],
  Timeout: [
    l10n.t('No complete response arrived in time.'),
    l10n.t('Check the network connection, then try again.'),
  ],
  Redirected: [
    l10n.t('The response is a redirect, which the service never sends.'),
    l10n.t('If the network requires a sign-in, sign in to it. Check the endpoint and the proxy.'),
  ],
  NotJson: [
    l10n.t('Something other than the service responded.'),
    l10n.t('If the network requires a sign-in, sign in to it. Check the proxy and the firewall.'),
  ],
  EmptyBody: [
    l10n.t('The response is empty.'),
    l10n.t("Try again. If that doesn't help, check the proxy and the firewall."),
  ],
  TruncatedBody: [
    l10n.t('The response was cut off.'),
    l10n.t("Try again. If that doesn't help, check the proxy and the firewall."),
  ],
  OversizedBody: [
    l10n.t('The response is too long to be from the service.'),
    l10n.t('Check the endpoint, the proxy, and the firewall.'),
  ],
  InvalidResponse: [
    l10n.t('The service returned an unexpected response.'),
    l10n.t('Check the endpoint and the proxy.'),
  ],
  UnexpectedStatus: [
    l10n.t(
      "The response isn't from the service itself. A policy, gateway, or firewall in front of it may have refused the request.",
    ),
    l10n.t("Try again in a few minutes. If that doesn't help, ask your administrator."),
  ],
  InvalidEndpoint: [
    l10n.t("The endpoint can't be used."),
    l10n.t("Check the connection's region and endpoint options."),
  ],
  SigningUnavailable: [
    l10n.t("The request can't be signed."),
    l10n.t('Set a region, AWS credentials, and a signer.'),
  ],
  CredentialsUnavailable: [
    l10n.t('There are no AWS credentials to sign the request with.'),
    l10n.t('Set them up as for the AWS CLI, in environment variables or in a profile.'),
  ],
  CredentialsRefused: [
    l10n.t('AWS refused the credentials that signed the request.'),
    l10n.t('Check your AWS credentials, their permission for sso-oauth:CreateTokenWithIAM, and the clock.'),
  ],
});
