import type * as v from 'valibot';
import { systemClock } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { systemRandom } from '../common/random.ts';
import type { Random } from '../common/random.ts';
import type { CallOptions } from '../oidc/client.ts';
import { urlBelow } from '../oidc/endpoint.ts';
import type { Operation } from '../wire/errors.ts';
import type { HttpRequest } from '../wire/request.ts';
import type { Result } from '../wire/metadata.ts';
import { sendWithRetries } from '../wire/retry.ts';
import type { Repeat } from '../wire/retry.ts';
import * as model from './model.ts';

export interface SsoPortalClientOptions {
  /** The base URL, from `resolvePortalEndpoint`. */
  readonly endpoint: URL;
  readonly fetch?: typeof globalThis.fetch;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly userAgent?: string;
  /** Whether a call is repeated after a failure. Default: after a transient one. `never` is for who paces the requests. */
  readonly repeat?: Repeat;
}

type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * The access portal's service (service model `sso-2019-06-10`), where a user's access token leads to accounts, roles
 * and their credentials, and is ended. A call takes 15 seconds at most per attempt, and is repeated after transient
 * failures, 429 among them. All of them throw `SsoOidcError`, or the signal's reason. Its `code` is the exception's
 * name: `InvalidRequestException`, `UnauthorizedException` (401), `ResourceNotFoundException` (404),
 * `TooManyRequestsException` (429, with `retryAfterMs` where the service says so), or `ForbiddenException` (403), which
 * the model lacks: a role that is listed may still be refused (aws-cli#7871).
 */
export class SsoPortalClient {
  readonly #options;

  constructor(options: SsoPortalClientOptions) {
    this.#options = {
      fetch: globalThis.fetch,
      clock: systemClock,
      random: systemRandom,
      repeat: 'always',
      ...options,
    } as const;
  }

  get endpoint(): URL {
    return this.#options.endpoint;
  }

  /** Logout: the service forgets the session behind `accessToken`. Credentials of roles live on until their end. */
  logout({ accessToken }: model.LogoutRequest, options?: CallOptions): Promise<Result<object>> {
    const request = this.#request('Logout', 'POST', '/logout', accessToken);
    return this.#send(request, model.logoutResponse, options);
  }

  /** ListAccounts: the AWS accounts assigned to the user, a page of them. */
  listAccounts(
    { accessToken, maxResults, nextToken }: model.ListAccountsRequest,
    options?: CallOptions,
  ): Promise<Result<model.ListAccountsResponse>> {
    const query = { max_result: maxResults, next_token: nextToken };
    const request = this.#get('ListAccounts', '/assignment/accounts', query, accessToken);
    return this.#send(request, model.listAccountsResponse, options);
  }

  /** ListAccountRoles: the roles assigned to the user in one account, a page of them. */
  listAccountRoles(
    { accessToken, accountId, maxResults, nextToken }: model.ListAccountRolesRequest,
    options?: CallOptions,
  ): Promise<Result<model.ListAccountRolesResponse>> {
    const query = { account_id: accountId, max_result: maxResults, next_token: nextToken };
    const request = this.#get('ListAccountRoles', '/assignment/roles', query, accessToken);
    return this.#send(request, model.listAccountRolesResponse, options);
  }

  /** GetRoleCredentials: short-lived credentials of one role. */
  getRoleCredentials(
    { accessToken, accountId, roleName }: model.GetRoleCredentialsRequest,
    options?: CallOptions,
  ): Promise<Result<model.GetRoleCredentialsResponse>> {
    const query = { account_id: accountId, role_name: roleName };
    const request = this.#get('GetRoleCredentials', '/federation/credentials', query, accessToken);
    return this.#send(request, model.getRoleCredentialsResponse, options);
  }

  #send<T extends object>(
    request: HttpRequest,
    schema: v.GenericSchema<unknown, T>,
    { signal }: CallOptions = {},
  ): Promise<Result<T>> {
    return sendWithRetries(request, schema, this.#options.repeat, this.#options, signal);
  }

  #get(operation: Operation, path: string, query: Query, accessToken: string): HttpRequest {
    const members = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${percentEncoded(String(value))}`],
    );
    return this.#request(operation, 'GET', [path, members.join('&')].filter(Boolean).join('?'), accessToken);
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

/** RFC 3986, section 2: everything but the unreserved characters. A form's `+` for a blank would be another name. */
function percentEncoded(value: string): string {
  const others = /[!'()*]/g;
  return encodeURIComponent(value.toWellFormed()).replaceAll(
    others,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
