import * as v from 'valibot';
import { systemClock } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { systemRandom } from '../common/random.ts';
import type { Random } from '../common/random.ts';
import type { CallOptions } from '../oidc/client.ts';
import { urlBelow } from '../oidc/endpoint.ts';
import type { Operation } from '../wire/errors.ts';
import type { HttpRequest } from '../wire/request.ts';
import type { Result } from '../oidc/model.ts';
import { sendWithRetries } from '../wire/retry.ts';

const text = v.exactOptional(v.string());

/** The answer may be empty. */
const logoutResponse = v.optional(v.object({}), {});

const listAccountsResponse = v.object({
  accountList: v.exactOptional(v.array(v.object({ accountId: text, accountName: text, emailAddress: text }))),
  /** For the next page; absent on the last. */
  nextToken: text,
});
export type ListAccountsResponse = Readonly<v.InferOutput<typeof listAccountsResponse>>;

const listAccountRolesResponse = v.object({
  roleList: v.exactOptional(v.array(v.object({ accountId: text, roleName: text }))),
  /** For the next page; absent on the last. */
  nextToken: text,
});
export type ListAccountRolesResponse = Readonly<v.InferOutput<typeof listAccountRolesResponse>>;

const getRoleCredentialsResponse = v.object({
  roleCredentials: v.exactOptional(
    v.object({
      accessKeyId: text,
      secretAccessKey: text,
      sessionToken: text,
      /** Milliseconds since the Unix epoch. */
      expiration: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15))),
    }),
  ),
});
export type GetRoleCredentialsResponse = Readonly<v.InferOutput<typeof getRoleCredentialsResponse>>;

/** A page of a list. */
interface PageOptions extends CallOptions {
  readonly nextToken?: string;
}

export interface SsoPortalClientOptions {
  /** The base URL, from `resolvePortalEndpoint`. */
  readonly endpoint: URL;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly userAgent?: string;
}

/**
 * The access portal's service (service model `sso-2019-06-10`), where a person's access token is used and
 * ended. Every call is repeated after transient failures, and throws `SsoOidcError`, or the signal's reason.
 */
export class SsoPortalClient {
  readonly #options;

  constructor(options: SsoPortalClientOptions) {
    this.#options = { fetch: globalThis.fetch, clock: systemClock, random: systemRandom, ...options };
  }

  /** Logout: the service forgets the session behind `accessToken`. */
  async logout(accessToken: string, { signal }: CallOptions = {}): Promise<Result<object>> {
    const request = this.#request('Logout', 'POST', '/logout', accessToken);
    return sendWithRetries(request, logoutResponse, 'always', this.#options, signal);
  }

  /** ListAccounts: the AWS accounts assigned to the person, a page of them. */
  async listAccounts(
    accessToken: string,
    { nextToken, signal }: PageOptions = {},
  ): Promise<Result<ListAccountsResponse>> {
    const request = this.#get('ListAccounts', '/assignment/accounts', accessToken, { next_token: nextToken });
    return sendWithRetries(request, listAccountsResponse, 'always', this.#options, signal);
  }

  /** ListAccountRoles: the roles assigned to the person in one account, a page of them. */
  async listAccountRoles(
    accessToken: string,
    accountId: string,
    { nextToken, signal }: PageOptions = {},
  ): Promise<Result<ListAccountRolesResponse>> {
    const query = { account_id: accountId, next_token: nextToken };
    const request = this.#get('ListAccountRoles', '/assignment/roles', accessToken, query);
    return sendWithRetries(request, listAccountRolesResponse, 'always', this.#options, signal);
  }

  /** GetRoleCredentials: short-lived credentials of one role. */
  async getRoleCredentials(
    accessToken: string,
    role: { readonly accountId: string; readonly roleName: string },
    { signal }: CallOptions = {},
  ): Promise<Result<GetRoleCredentialsResponse>> {
    const query = { account_id: role.accountId, role_name: role.roleName };
    const request = this.#get('GetRoleCredentials', '/federation/credentials', accessToken, query);
    return sendWithRetries(request, getRoleCredentialsResponse, 'always', this.#options, signal);
  }

  #get(
    operation: Operation,
    path: string,
    accessToken: string,
    query: Readonly<Record<string, string | undefined>>,
  ): HttpRequest {
    const set = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return this.#request(operation, 'GET', `${path}?${new URLSearchParams(set).toString()}`, accessToken);
  }

  #request(operation: Operation, method: 'GET' | 'POST', path: string, accessToken: string): HttpRequest {
    const { endpoint, userAgent } = this.#options;
    return {
      operation,
      method,
      url: urlBelow(endpoint, path),
      headers: {
        'x-amz-sso_bearer_token': accessToken,
        ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
      },
      secrets: [accessToken],
    };
  }
}
