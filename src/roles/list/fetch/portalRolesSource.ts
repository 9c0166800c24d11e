import type { SsoPortalClient } from '../../../portal/client.ts';
import { SignInNeeded } from './rolesSource.ts';
import type { RolesSource } from './rolesSource.ts';

/** The largest page that the service has. */
const PAGE_SIZE = 100;

/**
 * The accounts and roles of a user, from the access portal.
 * @param client one that repeats no call
 * @param readAccessToken the user's token as of now, before each request; undefined where they have to sign in first
 */
export function portalRolesSource(
  client: SsoPortalClient,
  readAccessToken: (signal: AbortSignal) => Promise<string | undefined>,
): RolesSource {
  const page = async (
    nextToken: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly accessToken: string; readonly maxResults: number; readonly nextToken?: string }> => {
    const accessToken = await readAccessToken(signal);
    if (accessToken === undefined) {
      throw new SignInNeeded();
    }
    return { accessToken, maxResults: PAGE_SIZE, ...(nextToken !== undefined && { nextToken }) };
  };
  return {
    listAccounts: async (nextToken, signal) => client.listAccounts(await page(nextToken, signal), { signal }),
    listAccountRoles: async (accountId, nextToken, signal) =>
      client.listAccountRoles({ ...(await page(nextToken, signal)), accountId }, { signal }),
  };
}
