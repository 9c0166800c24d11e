import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { failureWords } from './fetch/requestFailure.ts';
import type { RequestFailure } from './fetch/requestFailure.ts';
import { isAsked, listedAt, LONG_AGO } from './listing.ts';
import type { ListedAccount, Listing } from './listing.ts';
import type { RolesOwner } from './rolesOwner.ts';

/** An owner's listing, and whether it is being renewed. */
export interface OwnedListing {
  readonly owner: RolesOwner;
  readonly listing: Listing;
  readonly isRenewing: boolean;
}

/** Why a part of the list is missing or out of date. */
export interface ListFailure {
  readonly owner: RolesOwner;
  /** Absent where it concerns all that was not listed yet. */
  readonly account?: ListedAccount;
  readonly failure: RequestFailure;
}

export type ListProgress =
  /** Nobody is signed in. */
  | { readonly kind: 'empty' }
  /** The accounts are not known yet. */
  | { readonly kind: 'loadingAccounts' }
  /** How many accounts' roles are up to date. */
  | { readonly kind: 'loadingRoles'; readonly listed: number; readonly total: number }
  /** When the oldest part was asked for last, in milliseconds since the epoch. */
  | { readonly kind: 'listed'; readonly at: number }
  /** A part never was, or nobody knows when. */
  | { readonly kind: 'incomplete' };

/** How the list is doing. */
export interface ListStatus {
  readonly progress: ListProgress;
  readonly failures: readonly ListFailure[];
}

export function listStatus(lists: readonly OwnedListing[]): ListStatus {
  return { progress: progressOf(lists), failures: lists.flatMap(failuresOf) };
}

function progressOf(lists: readonly OwnedListing[]): ListProgress {
  if (lists.length === 0) {
    return { kind: 'empty' };
  }
  const loading = lists.filter(({ isRenewing }) => isRenewing).map(({ listing }) => listing);
  if (loading.length > 0) {
    return loadingProgress(loading);
  }
  const at = Math.min(...lists.map(({ listing }) => listedAt(listing)));
  return at <= LONG_AGO ? { kind: 'incomplete' } : { kind: 'listed', at };
}

function loadingProgress(loading: readonly Listing[]): ListProgress {
  const counts = loading.map(({ accounts, run }) => ({
    listed: accounts.filter((account) => isAsked(account, run?.since ?? Infinity)).length,
    total: accounts.length,
  }));
  const total = sum(counts.map((count) => count.total));
  const isFirst = loading.some(({ accounts }) => accounts.length === 0);
  return isFirst
    ? { kind: 'loadingAccounts' }
    : { kind: 'loadingRoles', listed: sum(counts.map(({ listed }) => listed)), total };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function failuresOf({ owner, listing: { accounts, run }, isRenewing }: OwnedListing): readonly ListFailure[] {
  const ofAccounts = accounts.flatMap((account) =>
    account.failure === undefined ? [] : [{ owner, account, failure: account.failure }],
  );
  const stopped = isRenewing || run?.stopped === undefined ? [] : [{ owner, failure: run.stopped }];
  return [...stopped, ...ofAccounts];
}

/**
 * The progress, on one line.
 * @param timeText says when something was, from milliseconds since the epoch
 */
export function progressWords(progress: ListProgress, timeText: (at: number) => string): Words {
  switch (progress.kind) {
    case 'empty':
      return l10n.t('Sign in to see your roles.');
    case 'loadingAccounts':
      return l10n.t('Loading accounts…');
    case 'loadingRoles':
      return l10n.t('Loading roles: {0} of {1} accounts', progress.listed, progress.total);
    case 'listed':
      return l10n.t({
        message: 'Updated: {0}',
        args: [timeText(progress.at)],
        comment: ['{0} is a time, such as 10:15 AM or 11/27/26, 10:15 AM'],
      });
    case 'incomplete':
      return l10n.t('The list is incomplete.');
  }
}

/** What could not be listed, why, and what to do. */
export function listFailureWords({ owner, account, failure }: ListFailure): Words {
  const why = failureWords(failure);
  if (account === undefined) {
    return l10n.t({
      message: "Some roles of {0} couldn't be listed: {1}",
      args: [owner.connection.name, why],
      comment: ['{0} is the name of a connection', '{1} is one or more sentences'],
    });
  }
  return l10n.t({
    message: "The roles of account {0} couldn't be listed: {1}",
    args: [accountAndId(account), why],
    comment: ['{0} is an account, such as Production (111122223333)', '{1} is one or more sentences'],
  });
}

function accountAndId({ accountId, accountName }: ListedAccount): string {
  return accountName === '' ? accountId : `${accountName} (${accountId})`;
}
