import type { SsoPortalClient } from '../../../portal/client.ts';
import type { ListAccountsRequest } from '../../../portal/model.ts';
import { SignInNeeded } from './rolesSource.ts';
import type { RolesSource } from './rolesSource.ts';

/** The largest page that the service has. */
const PAGE_SIZE = 100;

/** Sends a request with the user's token as of now; `undefined` where they have to sign in first. */
export type WithToken = <T extends object>(
  send: (accessToken: string) => Promise<T>,
) => Promise<T | undefined>;

/**
 * The accounts and roles of a user, from the access portal.
 * @param client one that repeats no call
 */
export function portalRolesSource(client: SsoPortalClient, withToken: WithToken): RolesSource {
  const page = async <T extends object>(
    nextToken: string | undefined,
    send: (request: ListAccountsRequest) => Promise<T>,
  ): Promise<T> => {
    const next = nextToken !== undefined && { nextToken };
    const found = await withToken((accessToken) => send({ accessToken, maxResults: PAGE_SIZE, ...next }));
    if (found === undefined) {
      throw new SignInNeeded();
    }
    return found;
  };
  return {
    listAccounts: (nextToken, signal) =>
      page(nextToken, (request) => client.listAccounts(request, { signal })),
    listAccountRoles: (accountId, nextToken, signal) =>
      page(nextToken, (request) => client.listAccountRoles({ ...request, accountId }, { signal })),
  };
}
