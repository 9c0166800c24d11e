import { l10n } from '../common/words.ts';
import type { CallOptions } from '../oidc/client.ts';
import type { Operation } from '../wire/errors.ts';
import { failure } from '../wire/failure.ts';
import type { Result } from '../wire/metadata.ts';
import type { SsoPortalClient } from './client.ts';
import type * as model from './model.ts';

/** Far more than any organization has: who sends more is not the service. */
const MAX_PAGES = 10_000;

/**
 * All pages of ListAccounts, each asked for when it is taken. A page may be empty and not be the last.
 * @throws SsoOidcError as ListAccounts does; `InvalidResponse` for a list that never ends
 */
export function paginateListAccounts(
  client: Pick<SsoPortalClient, 'endpoint' | 'listAccounts'>,
  request: model.ListAccountsRequest,
  options?: CallOptions,
): AsyncGenerator<Result<model.ListAccountsResponse>, void, undefined> {
  return paginate(client, 'ListAccounts', request, (page) => client.listAccounts(page, options));
}

/** All pages of ListAccountRoles, as {@link paginateListAccounts} has them. */
export function paginateListAccountRoles(
  client: Pick<SsoPortalClient, 'endpoint' | 'listAccountRoles'>,
  request: model.ListAccountRolesRequest,
  options?: CallOptions,
): AsyncGenerator<Result<model.ListAccountRolesResponse>, void, undefined> {
  return paginate(client, 'ListAccountRoles', request, (page) => client.listAccountRoles(page, options));
}

async function* paginate<
  Request extends model.ListAccountsRequest,
  Page extends Result<{ readonly nextToken?: string }>,
>(
  { endpoint }: Pick<SsoPortalClient, 'endpoint'>,
  operation: Operation,
  request: Request,
  ask: (request: Request) => Promise<Page>,
): AsyncGenerator<Page, void, undefined> {
  const seen = new Set([request.nextToken]);
  for (let next = request; ;) {
    const page = await ask(next);
    yield page;
    const { nextToken, ResponseMetadata: metadata } = page;
    if (nextToken === undefined) {
      return;
    }
    if (seen.has(nextToken) || seen.size > MAX_PAGES) {
      const asked = { operation, method: 'GET', url: endpoint, headers: {} } as const;
      const detail = l10n.t('The member "{0}" is missing or invalid.', 'nextToken');
      throw failure(
        'InvalidResponse',
        { ...asked, secrets: [request.accessToken] },
        { sent: 'maybe', metadata, detail },
      );
    }
    seen.add(nextToken);
    next = { ...request, nextToken };
  }
}
