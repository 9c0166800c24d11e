import { joined, l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { accountTitle } from '../role.ts';
import type { RoleKey } from '../role.ts';
import { failureWords } from './fetch/requestFailure.ts';
import { roleKeyOf } from './roleEntry.ts';
import type { RoleEntry } from './roleEntry.ts';
import type { RolesOwner } from './rolesOwner.ts';

/** A line of the list, as it is shown. Names come from outside and are fit to show. */
export interface RoleItem {
  readonly owner: RolesOwner;
  readonly accountId: string;
  /** The role that is chosen with it; absent for an account whose roles are not known. */
  readonly role?: RoleKey;
  readonly isPinned: boolean;
  readonly isRecent: boolean;
  /** Account and role. */
  readonly label: Words;
  /**
   * What distinguishes it from others with the same label: the account's id, and whose it is where there are several.
   */
  readonly description: Words;
  /** The account's email address, or why its roles are not known. */
  readonly detail: Words;
}

/** Which of several sign-ins an entry belongs to is said where that is not clear. */
export interface OwnerNames {
  readonly showConnection: boolean;
  /** The connections to which several users are signed in, by name. */
  readonly sharedConnections: ReadonlySet<string>;
}

/** What has to be shown to distinguish these. */
export function ownerNames(owners: readonly RolesOwner[]): OwnerNames {
  const names = owners.map(({ connection }) => connection.name);
  return {
    showConnection: new Set(names).size > 1,
    sharedConnections: new Set(names.filter((name, index) => names.indexOf(name) !== index)),
  };
}

interface Marks {
  readonly isPinned: boolean;
  readonly isRecent: boolean;
}

export function roleItem(entry: RoleEntry, names: OwnerNames, marks: Marks): RoleItem {
  const { owner, account, roleName } = entry;
  const role = roleKeyOf(entry);
  const title = accountTitle(account);
  return {
    owner,
    accountId: account.accountId,
    ...(role !== undefined && { role }),
    ...marks,
    label: roleName === undefined ? title : `${title} / ${roleName}`,
    description: joined(' · ', descriptionOf(entry, names)),
    detail: detailOf(entry),
  };
}

function descriptionOf({ owner, account }: RoleEntry, names: OwnerNames): readonly Words[] {
  const { connection, account: user, needsSignIn } = owner;
  return [
    ...(account.accountName === '' ? [] : [account.accountId]),
    ...(names.showConnection ? [connection.name] : []),
    ...(names.sharedConnections.has(connection.name) ? [user.label] : []),
    ...(needsSignIn ? [l10n.t('Sign-in needed')] : []),
  ];
}

function detailOf({ account, roleName }: RoleEntry): Words {
  if (roleName !== undefined) {
    return account.emailAddress;
  }
  return account.failure === undefined ? l10n.t('Loading roles…') : failureWords(account.failure);
}
