import type { AccountInfo } from '../role.ts';
import type { RequestFailure } from './fetch/requestFailure.ts';

/** An account and the user's roles in it. */
export interface ListedAccount extends AccountInfo {
  /** In natural order. Accounts with the same roles share one list. */
  readonly roleNames: readonly string[];
  /** When the roles were listed, in milliseconds since the epoch; 0 while they never were. */
  readonly rolesAt: number;
  /** Why they could not be listed since. */
  readonly failure?: AccountFailure;
}

export interface AccountFailure extends RequestFailure {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The last attempt to list everything. */
export interface ListingRun {
  /** What was listed since then counts as up to date: milliseconds since the epoch. */
  readonly since: number;
  /** Milliseconds since the epoch; absent while it goes on, and when it was cut off. */
  readonly endedAt?: number;
  /** Why it ended before all was asked for. */
  readonly stopped?: RequestFailure;
}

/** The accounts and roles of one user of an Identity Center, as far as known. */
export interface Listing {
  readonly accounts: readonly ListedAccount[];
  /** When the accounts were last listed to the end, in milliseconds since the epoch; 0 while they never were. */
  readonly accountsAt: number;
  readonly run?: ListingRun;
}

export const EMPTY_LISTING: Listing = { accounts: [], accountsAt: 0 };

/** Whether the account's roles were listed since then, or could not be. @param since milliseconds since the epoch */
export function isAsked({ rolesAt, failure }: ListedAccount, since: number): boolean {
  return rolesAt >= since || (failure !== undefined && failure.at >= since);
}

/** Whether everything was asked for since then. @param since milliseconds since the epoch */
export function isComplete({ accounts, accountsAt }: Listing, since: number): boolean {
  return accountsAt >= since && accounts.every((account) => isAsked(account, since));
}

/**
 * When the oldest part of it was asked for last, in milliseconds since the epoch; 0 while a part never was. What could
 * not be listed counts: it is named apart.
 */
export function listedAt({ accounts, accountsAt }: Listing): number {
  return accounts.reduce(
    (oldest, { rolesAt, failure }) => Math.min(oldest, Math.max(rolesAt, failure?.at ?? 0)),
    accountsAt,
  );
}

/** Machines that share the folder have clocks that are as far apart as that. */
const MAX_AHEAD_MS = 60_000;
/** As a time, in milliseconds since the epoch; 0 would say that it never was. */
export const LONG_AGO = 1;

/**
 * The listing as it counts now: what was listed by a clock that was ahead was listed long ago, as there is no telling
 * when. It would be up to date until the clock gets there. @param now milliseconds since the epoch
 */
export function asOf(listing: Listing, now: number): Listing {
  const { accounts, accountsAt, run } = listing;
  const isAhead = (at = 0): boolean => at > now + MAX_AHEAD_MS;
  const isRunAhead = isAhead(run?.since) || isAhead(run?.endedAt);
  const isAccountAhead = ({ rolesAt, failure }: ListedAccount): boolean =>
    isAhead(rolesAt) || isAhead(failure?.at);
  if (!isAhead(accountsAt) && !isRunAhead && !accounts.some(isAccountAhead)) {
    return listing;
  }
  const past = (at: number): number => (isAhead(at) ? LONG_AGO : at);
  const pastAccount = (account: ListedAccount): ListedAccount => {
    const { rolesAt, failure } = account;
    const known = { ...account, rolesAt: past(rolesAt) };
    return failure === undefined ? known : { ...known, failure: { ...failure, at: past(failure.at) } };
  };
  return {
    accounts: accounts.map(pastAccount),
    accountsAt: past(accountsAt),
    ...(run !== undefined && !isRunAhead && { run }),
  };
}
