import { delay } from '../../common/clock.ts';
import type { Clock } from '../../common/clock.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { Emitter } from '../../common/event.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import { DelayedWrite } from './cache/delayedWrite.ts';
import type { ListingStore } from './cache/listingStore.ts';
import type { ListingWish } from './cache/wishFormat.ts';
import type { RequestRate } from './fetch/requestRate.ts';
import { RolesFetch } from './fetch/rolesFetch.ts';
import type { RolesSource } from './fetch/rolesSource.ts';
import { asOf, EMPTY_LISTING, isComplete } from './listing.ts';
import type { Listing } from './listing.ts';
import { ListingDraft } from './listingDraft.ts';

export interface SharedListingParts {
  readonly store: ListingStore;
  readonly source: RolesSource;
  readonly rate: RequestRate;
  readonly clock: Clock;
  readonly log: Log;
}

/** Other windows see what was listed so much later. */
const SAVE_MS = 2000;
/** What a user waits for is passed on sooner. */
const SAVE_SOON_MS = 100;
/** Requests are collected for this long while the cursor moves. */
const WISH_MS = 100;
/** How often a window that waits for another one checks whether that one is still alive. */
const FOLLOW_MS = 5000;

/**
 * The listing of one user of an Identity Center, as all windows see it: what is known is there at once, and while it
 * is renewed, one window lists and the others follow. If that window dies, another one continues where it stopped.
 */
export class SharedListing {
  readonly #parts: SharedListingParts;
  readonly #changed = new Emitter<void>();
  readonly #closing = new AbortController();
  readonly #wishWrite: DelayedWrite;
  readonly onDidChange = this.#changed.event;
  #listing = EMPTY_LISTING;
  #wish: ListingWish = { since: 0, accountIds: [] };
  #renewal: Promise<void> | undefined;
  #fetch: RolesFetch | undefined;

  constructor(parts: SharedListingParts) {
    this.#parts = parts;
    this.#wishWrite = new DelayedWrite(parts.clock, () => parts.store.writeWish(this.#wish));
  }

  get listing(): Listing {
    return this.#listing;
  }

  /** Whether this window lists, or waits for one that does. */
  get isRenewing(): boolean {
    return this.#renewal !== undefined;
  }

  /** Reads what is known. Never rejects. */
  async load(): Promise<void> {
    const { store, clock } = this.#parts;
    const known = asOf((await store.read()) ?? this.#listing, clock.now());
    // While this window lists, it knows better.
    if (known !== this.#listing && this.#fetch === undefined) {
      this.#show(known);
    }
  }

  /** Renews in the background what was listed before then. @param since milliseconds since the epoch */
  renew(since: number): void {
    // What was wished for by a clock that was ahead has been listed since, or is now.
    const wished = Math.min(this.#wish.since, this.#parts.clock.now());
    this.#wish = { ...this.#wish, since: Math.max(since, wished) };
    if (this.#renewal === undefined) {
      const { signal } = this.#closing;
      this.#renewal = this.#renew(signal)
        .catch((error: unknown) => this.#onBroken(error))
        .finally(() => {
          this.#renewal = undefined;
          this.#changed.fire();
        });
    } else {
      this.#passOnWish();
    }
  }

  /** The user looks at these accounts: what is to be renewed of them comes first. */
  prefer(accountIds: readonly string[]): void {
    this.#wish = { ...this.#wish, accountIds };
    this.#passOnWish();
  }

  #passOnWish(): void {
    if (this.#fetch !== undefined) {
      this.#obey(this.#fetch, this.#wish);
    } else if (this.#renewal !== undefined) {
      this.#wishWrite.within(WISH_MS);
    }
  }

  #obey(fetch: RolesFetch, { since, accountIds }: ListingWish): void {
    if (accountIds.length > 0) {
      fetch.prefer(accountIds);
    }
    fetch.renewSince(Math.min(since, this.#parts.clock.now()));
  }

  /** An abort is no mistake, anything else is. */
  #onBroken(error: unknown): void {
    if (!this.#closing.signal.aborted) {
      this.#parts.log.warn({ operation: 'list roles', outcome: 'broken', code: errorCode(error) });
    }
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#parts;
    const beganAt = clock.now();
    for (let isFirst = true; ; isFirst = false) {
      await this.load();
      signal.throwIfAborted();
      if (isComplete(this.#listing, this.#wish.since) || wasStoppedSince(this.#listing, beganAt)) {
        return;
      }
      const lock = await store.lock();
      if (lock !== 'busy') {
        return this.#list(signal).finally(() => lock !== 'unusable' && lock.dispose());
      }
      if (isFirst) {
        this.#wishWrite.within(WISH_MS);
      }
      await this.#nextNews(signal);
    }
  }

  /** Resolves when another window has written the listing, or after a while. */
  async #nextNews(signal: AbortSignal): Promise<void> {
    const news = new AbortController();
    const subscription = this.#parts.store.onDidChange(() => news.abort());
    try {
      await delay(this.#parts.clock, FOLLOW_MS, AbortSignal.any([signal, news.signal]));
    } catch {
      signal.throwIfAborted();
    } finally {
      subscription.dispose();
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#parts;
    // What another window has listed since this one looked.
    await this.load();
    signal.throwIfAborted();
    this.#wishWrite.cancel();
    const draft = new ListingDraft(this.#listing);
    const fetch = new RolesFetch(this.#parts, draft, Math.min(this.#wish.since, clock.now()));
    fetch.prefer(this.#wish.accountIds);
    const save = new DelayedWrite(clock, () => store.write(this.#listing));
    const disposables = new DisposableStore();
    disposables.add(store.onDidWish(() => void this.#readWish(fetch)));
    disposables.add(
      fetch.onDidProgress(({ isPreferred }) => {
        this.#show(draft.listing({ since: fetch.since }));
        save.within(isPreferred ? SAVE_SOON_MS : SAVE_MS);
      }),
    );
    this.#fetch = fetch;
    try {
      const stopped = await fetch.run(signal);
      const end = { endedAt: clock.now(), ...(stopped !== undefined && { stopped }) };
      this.#show(draft.listing({ since: fetch.since, ...end }));
      await store.removeWish();
    } finally {
      disposables.dispose();
      await save.now();
      this.#fetch = undefined;
    }
  }

  async #readWish(fetch: RolesFetch): Promise<void> {
    const wish = await this.#parts.store.readWish();
    if (wish !== undefined) {
      this.#obey(fetch, wish);
    }
  }

  #show(listing: Listing): void {
    this.#listing = listing;
    this.#changed.fire();
  }

  /** Ends what is in progress; what was listed so far is saved. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wishWrite.cancel();
    await this.#renewal;
    this.#changed.dispose();
  }

  /** Closes it, and forgets all of it: the user has signed out. */
  async remove(): Promise<void> {
    await this.close();
    this.#listing = EMPTY_LISTING;
    await this.#parts.store.remove();
  }
}

/** Whether listing was given up since then, by whichever window. @param at milliseconds since the epoch */
function wasStoppedSince({ run }: Listing, at: number): boolean {
  return run?.stopped !== undefined && run.endedAt !== undefined && run.endedAt > at;
}
