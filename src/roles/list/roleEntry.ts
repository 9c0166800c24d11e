import { naturalOrder } from './naturalOrder.ts';
import { accountTitle, roleKeyText } from '../role.ts';
import type { RoleKey } from '../role.ts';
import type { ListedAccount } from './listing.ts';
import type { Pins } from './pins/pins.ts';
import type { RolesOwner } from './rolesOwner.ts';

/** A line of the list: a role, or an account none of whose roles is known. */
export interface RoleEntry {
  readonly owner: RolesOwner;
  readonly account: ListedAccount;
  readonly roleName: string | undefined;
}

/** An owner's accounts. */
export interface OwnedAccounts {
  readonly owner: RolesOwner;
  readonly accounts: readonly ListedAccount[];
}

/** The entry's role. @returns undefined for an account none of whose roles is known */
export function roleKeyOf({ owner, account, roleName }: RoleEntry): RoleKey | undefined {
  const { accountId } = account;
  return roleName === undefined ? undefined : { connection: owner.connection.name, accountId, roleName };
}

/** All lines, by account and role, in natural order. Accounts that have no role are left out once that is known. */
export function roleEntries(lists: readonly OwnedAccounts[]): readonly RoleEntry[] {
  return lists
    .flatMap(({ owner, accounts }) => accounts.map((account) => ({ owner, account })))
    .toSorted(byAccount)
    .flatMap(({ owner, account }) => roleNamesOf(account).map((roleName) => ({ owner, account, roleName })));
}

function roleNamesOf({ roleNames, rolesAt, failure }: ListedAccount): readonly (string | undefined)[] {
  const isUnknown = roleNames.length === 0 && (rolesAt === 0 || failure !== undefined);
  return isUnknown ? [undefined] : roleNames;
}

type Owned = Omit<RoleEntry, 'roleName'>;

/** Accounts of the same name stay apart by their ids. */
function byAccount(a: Owned, b: Owned): number {
  return (
    naturalOrder(accountTitle(a.account), accountTitle(b.account)) ||
    naturalOrder(a.account.accountId, b.account.accountId) ||
    naturalOrder(a.owner.connection.name, b.owner.connection.name)
  );
}

/** The entries in the order in which they are shown: the pinned ones, those used lately, all others. */
export function arranged(entries: readonly RoleEntry[], pins: Pins): readonly RoleEntry[] {
  const first = [...pins.pins.filter(({ isPinned }) => isPinned), ...pins.recents].map(roleKeyText);
  const places = new Map<string, RoleEntry[]>(first.map((key) => [key, []]));
  const others: RoleEntry[] = [];
  const firstAccounts = new Set([...pins.pins, ...pins.recents].map(({ accountId }) => accountId));
  for (const entry of entries) {
    // Most are in none of these accounts: only of the others the key has to be built.
    const key = firstAccounts.has(entry.account.accountId) ? roleKeyOf(entry) : undefined;
    (places.get(key === undefined ? '' : roleKeyText(key)) ?? others).push(entry);
  }
  return [...places.values(), others].flat();
}
