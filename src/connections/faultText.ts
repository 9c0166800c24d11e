import { l10n } from '../common/words.ts';

/** What can be wrong with a member of a connection, each in one sentence. */
export const FAULT_TEXT = {
  arn: l10n.t("This isn't an ARN, such as arn:aws:sso::123456789012:application/…."),
  applicationArn: l10n.t('Must be the ARN of an IAM Identity Center application.'),
  assertionFrom: l10n.t('Must specify whose token is exchanged: { "providerId": …, "scopes": […] }.'),
  connection: l10n.t('Must be an object with name, startUrl, and region.'),
  controlCharacters: l10n.t('Must not contain control characters.'),
  endpointUrl: l10n.t('Must be the URL that replaces the service hosts.'),
  flag: l10n.t('Must be true or false.'),
  flow: l10n.t('Must be "deviceCode", "authorizationCode", "jwtBearer", or "tokenExchange".'),
  httpOnLoopback: l10n.t(
    'Use https://. http:// is allowed only together with an endpointUrl on a loopback host.',
  ),
  httpsUrl: l10n.t('Must be a URL that begins with https://.'),
  missing: l10n.t('This property is required.'),
  name: l10n.t('Must be a name for the connection.'),
  ownProvider: l10n.t(
    "Must be an authentication provider other than 'aws-sso', whose tokens are what the exchange returns.",
  ),
  portalEndpointUrl: l10n.t("Must be the URL that replaces the portal service's host."),
  providerId: l10n.t('Must be the ID of an authentication provider.'),
  providerScope: l10n.t('Must be a string.'),
  providerScopes: l10n.t("Must be a list of scopes for the other provider's session."),
  region: l10n.t("Must be the region of your IAM Identity Center, such as 'eu-central-1'."),
  regionCode: l10n.t("This isn't a region code, such as 'eu-central-1'."),
  scope: l10n.t('Must be a scope, such as "sso:account:access".'),
  scopeWord: l10n.t('This isn\'t a scope. A scope is one word, such as "sso:account:access".'),
  scopes: l10n.t('Must be a list of scopes.'),
  startUrl: l10n.t(
    "Must be the URL of your AWS access portal, such as 'https://d-1234567890.awsapps.com/start'.",
  ),
} as const;

/** The message of an issue of the schema: valibot takes strings only. */
export type FaultCode = keyof typeof FAULT_TEXT;

export function isFaultCode(message: string): message is FaultCode {
  return Object.hasOwn(FAULT_TEXT, message);
}
