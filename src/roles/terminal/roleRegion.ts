import type { ParsedFile } from '../../connections/awsConfig/grammar.ts';
import { isRegion } from '../../oidc/regionCode.ts';

/** The region that a profile of `~/.aws/config` names for this account and role; of several, the first one's. */
export function regionOfProfile(
  { sections }: ParsedFile,
  accountId: string,
  roleName: string,
): string | undefined {
  for (const section of sections.values()) {
    const region = section.get('region')?.trim().toLowerCase();
    const isRole = section.get('sso_account_id') === accountId && section.get('sso_role_name') === roleName;
    if (isRole && region !== undefined && isRegion(region)) {
      return region;
    }
  }
  return undefined;
}
