import { l10n } from '../common/words.ts';

/** What can be wrong with a member of a connection, each in one sentence. */
export const FAULT_TEXT = {
  arn: l10n.t('This is not an ARN, such as arn:aws:sso::123456789012:application/….'),
  applicationArn: l10n.t('Must be the ARN of an Identity Center application.'),
  assertionFrom: l10n.t('Must say whose token is exchanged: { "providerId": …, "scopes": […] }.'),
  connection: l10n.t('Must be an object with name, startUrl and region.'),
  controlCharacters: l10n.t('Must have no control characters.'),
  endpointUrl: l10n.t('Must be the URL that replaces the service hosts.'),
  flag: l10n.t('Must be true or false.'),
  flow: l10n.t('Must be "deviceCode", "authorizationCode", "jwtBearer" or "tokenExchange".'),
  httpOnLoopback: l10n.t('http:// is only for an endpointUrl on loopback: use https://.'),
  httpsUrl: l10n.t('Must be a URL that begins with https://.'),
  missing: l10n.t('This member is missing.'),
  name: l10n.t('Must be a name for the connection.'),
  ownProvider: l10n.t("Must name another provider than 'aws-sso': its tokens are what the exchange is for."),
  providerId: l10n.t('Must be the id of an authentication provider.'),
  providerScope: l10n.t('Must be text.'),
  providerScopes: l10n.t("Must be the list of scopes of the other provider's session."),
  region: l10n.t("Must be the region of your Identity Center, such as 'eu-central-1'."),
  regionCode: l10n.t("This is not a region's code, such as 'eu-central-1'."),
  scope: l10n.t('Must be a scope, such as "sso:account:access".'),
  scopeWord: l10n.t('This is not a scope: a scope is one word, such as "sso:account:access".'),
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
