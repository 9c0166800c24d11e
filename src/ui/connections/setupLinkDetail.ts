import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { REGIONS } from '../../connections/regions.ts';
import type { LinkedConnection } from '../../connections/setupLink.ts';
import { isOwnedHost } from '../../connections/startUrl/hosts.ts';
import { regionFromStartUrl } from '../../connections/startUrl/portalUrl.ts';

/**
 * What a link would add, line by line.
 * @param name that the connection would get
 * @param ignored parameters that no link can set
 */
export function linkDetail(
  name: string,
  { startUrl, region }: LinkedConnection,
  ignored: readonly string[],
): readonly Words[] {
  const { hostname } = new URL(startUrl);
  const notice = isOwnedHost(hostname)
    ? []
    : [
        l10n.t({
          message:
            "{0} isn't owned by AWS. If you continue, AWS SSO asks it which AWS access portal it leads to, and adds that one.",
          args: [hostname],
          comment: ['{0} is a host'],
        }),
      ];
  const left =
    ignored.length === 0
      ? []
      : [
          l10n.t({
            message: 'Ignored in the link: {0}. A link sets only the name, start URL, and region.',
            args: [ignored.join(', ')],
            comment: ['{0} is a list of parameters, such as endpointUrl, scopes'],
          }),
        ];
  return [
    l10n.t('Name: {0}', name),
    l10n.t('Start URL: {0}', startUrl),
    regionLine(region ?? regionFromStartUrl(startUrl)),
    '',
    ...notice,
    ...left,
    l10n.t("AWS SSO can't tell who made this link. Continue only if you trust where you found it."),
  ];
}

function regionLine(region: string | undefined): Words {
  if (region === undefined) {
    return l10n.t('Region: as specified by the access portal');
  }
  const known = REGIONS.find(({ id }) => id === region);
  return known === undefined
    ? l10n.t('Region: {0}', region)
    : l10n.t({
        message: 'Region: {0} ({1})',
        args: [region, known.name],
        comment: ['{0} is a code, such as eu-central-1', "{1} is AWS's name for it"],
      });
}
