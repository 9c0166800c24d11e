import { delay } from '../../../../src/common/clock.ts';
import type { Clock } from '../../../../src/common/clock.ts';
import { systemRandom } from '../../../../src/common/random.ts';
import type { AccountInfo } from '../../../../src/roles/role.ts';
import { RequestRate } from '../../../../src/roles/list/fetch/requestRate.ts';
import type { AccountsPage, RolesPage, RolesSource } from '../../../../src/roles/list/fetch/rolesSource.ts';
import type { RolesOwner } from '../../../../src/roles/list/rolesOwner.ts';
import { SsoOidcError } from '../../../../src/wire/errors.ts';
import type { SsoOidcErrorCode } from '../../../../src/wire/errors.ts';

/** No jitter. */
export const NO_RANDOM = { ...systemRandom, uniform: () => 0 };

export function requestRate(clock: Clock): RequestRate {
  return new RequestRate(clock, NO_RANDOM);
}

/** The account with that number: `account(7)` is `111100000007`, `Account 7`. */
export function account(number: number): AccountInfo {
  return {
    accountId: String(111_100_000_000 + number),
    accountName: `Account ${number}`,
    emailAddress: `aws+${number}@example.com`,
  };
}

export function accounts(count: number): readonly AccountInfo[] {
  return Array.from({ length: count }, (_, index) => account(index));
}

/** A request that the service got. */
export interface Asked {
  /** An account's id, or `accounts`. */
  readonly what: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

interface FakePortalOptions {
  readonly accounts: readonly AccountInfo[];
  readonly pageSize?: number;
  readonly latencyMs?: number;
  /** The roles of an account; by default the same two. */
  readonly roles?: (accountId: string) => readonly string[];
  /** What a request fails with, if anything. */
  readonly fail?: (asked: Asked) => Error | undefined;
}

/** A portal that answers after a while by the test's clock, and keeps count. */
export class FakePortal implements RolesSource {
  readonly #clock: Clock;
  readonly #options: FakePortalOptions;
  readonly asked: Asked[] = [];
  atATime = 0;
  mostAtATime = 0;

  constructor(clock: Clock, options: FakePortalOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  async listAccounts(nextToken: string | undefined, signal: AbortSignal): Promise<AccountsPage> {
    await this.#answer('accounts', signal);
    const page = this.#page(this.#options.accounts, nextToken);
    return { accountList: page.entries, nextToken: page.nextToken };
  }

  async listAccountRoles(
    accountId: string,
    nextToken: string | undefined,
    signal: AbortSignal,
  ): Promise<RolesPage> {
    await this.#answer(accountId, signal);
    const names = this.#options.roles?.(accountId) ?? ['AdministratorAccess', 'ReadOnlyAccess'];
    const page = this.#page(names, nextToken);
    return { roleList: page.entries.map((roleName) => ({ accountId, roleName })), nextToken: page.nextToken };
  }

  async #answer(what: string, signal: AbortSignal): Promise<void> {
    const asked = { what, at: this.#clock.now() };
    this.asked.push(asked);
    this.atATime += 1;
    this.mostAtATime = Math.max(this.mostAtATime, this.atATime);
    try {
      await delay(this.#clock, this.#options.latencyMs ?? 30, signal);
    } finally {
      this.atATime -= 1;
    }
    const error = this.#options.fail?.(asked);
    if (error !== undefined) {
      throw error;
    }
  }

  #page<T>(entries: readonly T[], nextToken = '0'): { entries: readonly T[]; nextToken: string | undefined } {
    const { pageSize = 100 } = this.#options;
    const from = Number(nextToken);
    const to = from + pageSize;
    return { entries: entries.slice(from, to), nextToken: to < entries.length ? String(to) : undefined };
  }

  /** How often something was asked for. */
  countOf(what: string): number {
    return this.asked.filter((asked) => asked.what === what).length;
  }
}

interface PortalErrorDetails {
  readonly message?: string;
  readonly retryAfterMs?: number;
}

/** What the client throws for an answer with this status; 0 for no answer. */
export function portalError(
  status: number,
  code: SsoOidcErrorCode,
  { message, retryAfterMs }: PortalErrorDetails = {},
): SsoOidcError {
  return new SsoOidcError({
    code,
    what: 'It failed.',
    advice: 'Try again.',
    sent: 'maybe',
    retryAfterMs,
    error_description: message,
    requestId: 'request-1',
    ...(status !== 0 && {
      ResponseMetadata: { HTTPStatusCode: status, HTTPHeaders: {}, RetryAttempts: 0 },
    }),
  });
}

export const tooManyRequests = (retryAfterMs?: number): SsoOidcError =>
  portalError(429, 'TooManyRequestsException', retryAfterMs === undefined ? {} : { retryAfterMs });
export const noAccess = (): SsoOidcError => portalError(403, 'UnexpectedStatus', { message: 'No access' });
export const unauthorized = (): SsoOidcError => portalError(401, 'UnauthorizedException');
export const noAnswer = (): SsoOidcError => portalError(0, 'NetworkReset');

/** Who is signed in to a connection. */
export function owner(name: string, user = 'jane', needsSignIn = false): RolesOwner {
  const connection = { name, startUrl: `https://${name}.awsapps.com/start`, region: 'eu-west-1' };
  return {
    key: JSON.stringify([name, user]),
    sessionId: `${name}-${user}`,
    connection,
    account: { id: user, label: `${user} (${name})` },
    needsSignIn,
  };
}
