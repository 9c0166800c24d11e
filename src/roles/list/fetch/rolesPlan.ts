import type { Clock } from '../../../common/clock.ts';
import type { ListingDraft } from '../listingDraft.ts';
import { AccountQueue } from './accountQueue.ts';
import { AccountPages, accountsOf, RolePages } from './pages.ts';
import type { RequestFailure } from './requestFailure.ts';
import type { AccountsPage, RolesPage } from './rolesSource.ts';

/** What to ask for next: a page of the accounts, or of one account's roles. */
export type PlannedRequest = { readonly nextToken: string | undefined } & (
  { readonly kind: 'accounts' } | { readonly kind: 'roles'; readonly accountId: string }
);

/**
 * What is still to be asked for, in which order, and what became of it: the roles of accounts that the user looks at, as
 * soon as these are known; then the accounts, since it may be any of them that the user searches for; then the roles of
 * all others. What arrives goes into the draft.
 */
export class RolesPlan {
  readonly #draft: ListingDraft;
  readonly #clock: Clock;
  readonly #queue = new AccountQueue();
  readonly #rolePages = new Map<string, RolePages>();
  /** The requests that were sent and not answered yet. */
  readonly #underWay = new Set<string>();
  #accountPages: AccountPages | undefined;
  #since: number;

  /** @param since what was listed since then is not asked for again: milliseconds since the epoch */
  constructor(draft: ListingDraft, since: number, clock: Clock) {
    this.#draft = draft;
    this.#since = since;
    this.#clock = clock;
    this.#enqueue();
  }

  get since(): number {
    return this.#since;
  }

  /** From now on these accounts come first. */
  prefer(accountIds: readonly string[]): void {
    this.#queue.prefer(accountIds);
  }

  /** Asks again for what was listed before then. @param since milliseconds since the epoch */
  renewSince(since: number): void {
    if (since > this.#since) {
      this.#since = since;
      this.#enqueue();
    }
  }

  #enqueue(): void {
    if (this.#draft.accountsAt < this.#since) {
      this.#accountPages ??= new AccountPages(this.#now());
    }
    this.#queue.add(this.#draft.dueSince(this.#since).filter((accountId) => !this.#underWay.has(accountId)));
  }

  /** Never before `since`, even where the clock was set back: what is listed now is up to date. */
  #now(): number {
    return Math.max(this.#clock.now(), this.#since);
  }

  /** @returns undefined while there is nothing to send: what is in progress may bring more */
  get next(): PlannedRequest | undefined {
    const preferred = this.#queue.nextPreferred;
    if (this.#accountPages !== undefined && preferred === undefined) {
      const { nextToken } = this.#accountPages;
      return this.#underWay.has(ACCOUNTS) ? undefined : { kind: 'accounts', nextToken };
    }
    const accountId = preferred ?? this.#queue.next;
    return accountId === undefined
      ? undefined
      : { kind: 'roles', accountId, nextToken: this.#rolePages.get(accountId)?.nextToken };
  }

  /** The request is sent. */
  begin(request: PlannedRequest): void {
    this.#underWay.add(keyOf(request));
    if (request.kind === 'roles') {
      this.#queue.delete(request.accountId);
      if (!this.#rolePages.has(request.accountId)) {
        this.#rolePages.set(request.accountId, new RolePages(this.#now()));
      }
    }
  }

  /** The request has ended, one way or another. */
  end(request: PlannedRequest): void {
    this.#underWay.delete(keyOf(request));
  }

  /** The request has to be sent again. */
  again(request: PlannedRequest): void {
    if (request.kind === 'roles') {
      this.#queue.add([request.accountId]);
    }
  }

  /** @throws EndlessPages */
  addAccounts(page: AccountsPage): void {
    const pages = this.#accountPages;
    const accounts = accountsOf(page);
    this.#draft.addAccounts(accounts);
    if (pages !== undefined && !pages.add(accounts, page.nextToken)) {
      this.#accountPages = undefined;
      this.#draft.endAccounts(pages.accountIds, pages.startedAt);
      this.#queue.retain(pages.accountIds);
    }
    this.#enqueue();
  }

  /**
   * @returns whether these were all
   * @throws EndlessPages
   */
  addRoles(accountId: string, page: RolesPage): boolean {
    const pages = this.#rolePages.get(accountId);
    if (pages === undefined || pages.add(page)) {
      this.#queue.add([accountId]);
      return false;
    }
    this.#rolePages.delete(accountId);
    this.#draft.setRoles(accountId, pages.roleNames, pages.startedAt);
    if (pages.startedAt < this.#since) {
      this.#queue.add([accountId]);
    }
    return true;
  }

  /** The account's roles cannot be had. */
  fail(accountId: string, failure: RequestFailure): void {
    this.#rolePages.delete(accountId);
    this.#draft.setFailure(accountId, failure, this.#now());
  }

  /** Whether the user looks at what is asked for. */
  isPreferred(request: PlannedRequest): boolean {
    return request.kind === 'roles' && this.#queue.isPreferred(request.accountId);
  }
}

/** No account's id. */
const ACCOUNTS = 'accounts';

/** The same for the pages of one list. */
export function keyOf(request: PlannedRequest): string {
  return request.kind === 'accounts' ? ACCOUNTS : request.accountId;
}
