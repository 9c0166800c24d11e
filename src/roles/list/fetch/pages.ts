import { fitToShow, isFitToShow } from '../../../common/outsideText.ts';
import type { AccountInfo } from '../../role.ts';
import type { AccountsPage, RolesPage } from './rolesSource.ts';

/** The service's pages do not come to an end. */
export class EndlessPages extends Error {
  override readonly name = 'EndlessPages';
}

/** A hundred thousand accounts, in pages of a hundred. */
const MAX_PAGES = 1000;

/** The pages of one list so far. */
class Pages {
  readonly #tokens = new Set<string>();
  #nextToken: string | undefined;

  /** Of the page to ask for. */
  get nextToken(): string | undefined {
    return this.#nextToken;
  }

  /**
   * @returns whether there is another page
   * @throws EndlessPages
   */
  protected turn(nextToken: string | undefined): boolean {
    const token = nextToken === '' ? undefined : nextToken;
    this.#nextToken = token;
    if (token === undefined) {
      return false;
    }
    if (this.#tokens.has(token) || this.#tokens.size >= MAX_PAGES) {
      throw new EndlessPages();
    }
    this.#tokens.add(token);
    return true;
  }
}

/** ListAccounts, page by page. */
export class AccountPages extends Pages {
  readonly accountIds = new Set<string>();
  /** When the first page was asked for, in milliseconds since the epoch. */
  readonly startedAt: number;

  constructor(startedAt: number) {
    super();
    this.startedAt = startedAt;
  }

  /**
   * @returns whether there is another page
   * @throws EndlessPages
   */
  add(accounts: readonly AccountInfo[], nextToken: string | undefined): boolean {
    for (const { accountId } of accounts) {
      this.accountIds.add(accountId);
    }
    return this.turn(nextToken);
  }
}

/** ListAccountRoles of one account, page by page. */
export class RolePages extends Pages {
  readonly roleNames = new Set<string>();
  /** When the first page was asked for, in milliseconds since the epoch. */
  readonly startedAt: number;

  constructor(startedAt: number) {
    super();
    this.startedAt = startedAt;
  }

  /**
   * @returns whether there is another page
   * @throws EndlessPages
   */
  add({ roleList = [], nextToken }: RolesPage): boolean {
    for (const { roleName = '' } of roleList) {
      if (isRoleName(roleName)) {
        this.roleNames.add(roleName);
      }
    }
    return this.turn(nextToken);
  }
}

const MAX_NAME = 100;

/** The accounts of a page, fit to show. */
export function accountsOf({ accountList = [] }: AccountsPage): readonly AccountInfo[] {
  return accountList.flatMap(({ accountId = '', accountName = '', emailAddress = '' }) =>
    isAccountId(accountId)
      ? [
          {
            accountId,
            accountName: fitName(accountName),
            emailAddress: fitName(emailAddress),
          },
        ]
      : [],
  );
}

/** A name or an email address from outside, fit to show. */
export function fitName(text: string): string {
  return fitToShow(text, MAX_NAME);
}

export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** What cannot be shown as it is cannot be chosen either: IAM has no such names. */
export function isRoleName(text: string): boolean {
  return text !== '' && isFitToShow(text, MAX_NAME);
}
