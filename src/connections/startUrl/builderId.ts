import { DEFAULT_SCOPE } from '../scopeToken.ts';
import { isSameStartUrl } from './startUrl.ts';

/**
 * AWS Builder ID: a user's own sign-in to AWS's products for developers. It's one Identity Center for everybody, in one
 * region, and belongs to no organization.
 */
export const BUILDER_ID = {
  name: 'AWS Builder ID',
  startUrl: 'https://view.awsapps.com/start',
  region: 'us-east-1',
} as const;

/** @param startUrl in any form that `normalizeStartUrl` takes */
export function isBuilderId(startUrl: string): boolean {
  return isSameStartUrl(startUrl, BUILDER_ID.startUrl);
}

/** Whether one of the scopes can't be granted there, whoever signs in: an AWS Builder ID has no AWS accounts. */
export function isImpossibleAt(startUrl: string, scopes: readonly string[]): boolean {
  return scopes.includes(DEFAULT_SCOPE) && isBuilderId(startUrl);
}
