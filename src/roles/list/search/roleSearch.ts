import type { AccountInfo } from '../../role.ts';
import type { RoleEntry } from '../roleEntry.ts';
import { matchQuality, QUALITY, queryWords, searchText } from './searchText.ts';
import type { SearchText } from './searchText.ts';

/** An account as it is searched. */
interface SearchedAccount {
  readonly name: SearchText;
  readonly id: SearchText;
  readonly email: SearchText;
}

/**
 * Finds roles by the account's name, id and email address and the role's own name. Each account and each name of a
 * role is looked at once for a search, however many roles there are.
 */
export class RoleSearch {
  readonly #entries: readonly RoleEntry[];
  readonly #accounts = new Map<AccountInfo, SearchedAccount>();
  readonly #roleNames = new Map<string, SearchText>();

  /** @param entries in the order in which they are shown where they match equally well */
  constructor(entries: readonly RoleEntry[]) {
    this.#entries = entries;
    for (const { account, roleName } of entries) {
      if (!this.#accounts.has(account)) {
        this.#accounts.set(account, searchedAccount(account));
      }
      if (roleName !== undefined && !this.#roleNames.has(roleName)) {
        this.#roleNames.set(roleName, searchText(roleName));
      }
    }
  }

  /** How many texts each word of a search is compared with. */
  get textCount(): number {
    return this.#accounts.size * 3 + this.#roleNames.size;
  }

  /** The entries in which every word of the query is found, the best first; without a word, all. */
  find(query: string): readonly RoleEntry[] {
    const words = queryWords(query);
    if (words.length === 0) {
      return this.#entries;
    }
    const byWord = words.map((word) => this.#qualities(word));
    return this.#entries
      .map((entry) => ({ entry, quality: totalQuality(entry, byWord) }))
      .filter(({ quality }) => quality > 0)
      .toSorted((a, b) => b.quality - a.quality)
      .map(({ entry }) => entry);
  }

  #qualities(word: string): WordQualities {
    const accounts = new Map<AccountInfo, number>();
    for (const [account, searched] of this.#accounts) {
      accounts.set(account, accountQuality(searched, word));
    }
    const roleNames = new Map<string, number>();
    for (const [roleName, text] of this.#roleNames) {
      roleNames.set(roleName, matchQuality(text, word));
    }
    return { accounts, roleNames };
  }
}

/** How well one word matches each account and each name of a role. */
interface WordQualities {
  readonly accounts: ReadonlyMap<AccountInfo, number>;
  readonly roleNames: ReadonlyMap<string, number>;
}

function searchedAccount({ accountId, accountName, emailAddress }: AccountInfo): SearchedAccount {
  return { name: searchText(accountName), id: searchText(accountId), email: searchText(emailAddress) };
}

/** The email address counts half: often it repeats the name. */
function accountQuality({ name, id, email }: SearchedAccount, word: string): number {
  return Math.max(
    matchQuality(name, word),
    matchQuality(id, withoutDashes(word)),
    matchQuality(email, word) / 2,
  );
}

/** As AWS's console writes an account's id: `1234-5678-9012`. */
function withoutDashes(word: string): string {
  return /^\d[\d-]*$/.test(word) ? word.replaceAll('-', '') : word;
}

/** @returns 0 where a word is missing */
function totalQuality({ account, roleName }: RoleEntry, byWord: readonly WordQualities[]): number {
  let total = 0;
  for (const { accounts, roleNames } of byWord) {
    const inRole = roleName === undefined ? QUALITY.none : (roleNames.get(roleName) ?? QUALITY.none);
    const quality = Math.max(accounts.get(account) ?? QUALITY.none, inRole);
    if (quality === QUALITY.none) {
      return QUALITY.none;
    }
    total += quality;
  }
  return total;
}
