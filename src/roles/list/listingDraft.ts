import { naturalOrder } from './naturalOrder.ts';
import type { AccountInfo } from '../role.ts';
import type { RequestFailure } from './fetch/requestFailure.ts';
import { isAsked } from './listing.ts';
import type { ListedAccount, Listing, ListingRun } from './listing.ts';

/** A listing that is being renewed: what is known stays until it is known better. */
export class ListingDraft {
  readonly #accounts: Map<string, ListedAccount>;
  readonly #names = new Map<string, string>();
  readonly #lists = new Map<string, readonly string[]>();
  #accountsAt: number;

  constructor({ accounts, accountsAt }: Listing) {
    this.#accountsAt = accountsAt;
    this.#accounts = new Map(
      accounts.map((account) => [
        account.accountId,
        { ...account, roleNames: this.#shared(account.roleNames) },
      ]),
    );
  }

  get accountsAt(): number {
    return this.#accountsAt;
  }

  /** The ids of the accounts whose roles are not up to date. @param since milliseconds since the epoch */
  dueSince(since: number): readonly string[] {
    return [...this.#accounts.values()]
      .filter((account) => !isAsked(account, since))
      .map(({ accountId }) => accountId);
  }

  /** Adds accounts, or what has changed of those that are known. */
  addAccounts(accounts: readonly AccountInfo[]): void {
    for (const account of accounts) {
      const known = this.#accounts.get(account.accountId) ?? { roleNames: [], rolesAt: 0 };
      this.#accounts.set(account.accountId, { ...known, ...account });
    }
  }

  /** The accounts were listed to the end: others are not there any more. @param at milliseconds since the epoch */
  endAccounts(accountIds: ReadonlySet<string>, at: number): void {
    for (const accountId of this.#accounts.keys()) {
      if (!accountIds.has(accountId)) {
        this.#accounts.delete(accountId);
      }
    }
    this.#accountsAt = at;
  }

  /** @param at milliseconds since the epoch */
  setRoles(accountId: string, roleNames: Iterable<string>, at: number): void {
    const known = this.#accounts.get(accountId);
    if (known !== undefined) {
      const { failure: _over, ...account } = known;
      this.#accounts.set(accountId, { ...account, roleNames: this.#shared(roleNames), rolesAt: at });
    }
  }

  /** What is known of the roles stays, but for an account that is not there. @param at milliseconds since the epoch */
  setFailure(accountId: string, failure: RequestFailure, at: number): void {
    const known = this.#accounts.get(accountId);
    if (known !== undefined) {
      const roleNames = failure.kind === 'notFound' ? this.#shared([]) : known.roleNames;
      this.#accounts.set(accountId, { ...known, roleNames, failure: { ...failure, at } });
    }
  }

  /** The listing as of now. */
  listing(run: ListingRun): Listing {
    return { accounts: [...this.#accounts.values()], accountsAt: this.#accountsAt, run };
  }

  /** Thousands of accounts have the same few roles: each name and each list of them is kept once. */
  #shared(roleNames: Iterable<string>): readonly string[] {
    const sorted = [...new Set(roleNames)].toSorted(naturalOrder);
    const key = sorted.join('\n');
    const known = this.#lists.get(key);
    if (known !== undefined) {
      return known;
    }
    const list = sorted.map((name) => this.#sharedName(name));
    this.#lists.set(key, list);
    return list;
  }

  #sharedName(name: string): string {
    const known = this.#names.get(name) ?? name;
    this.#names.set(known, known);
    return known;
  }
}
