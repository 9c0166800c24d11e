import type { Clock } from '../../common/clock.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { Disposable } from '../../common/disposable.ts';
import { Emitter } from '../../common/event.ts';
import { roleKeyText } from '../role.ts';
import { listStatus } from './listStatus.ts';
import type { ListStatus } from './listStatus.ts';
import { arranged, roleEntries, roleKeyOf } from './roleEntry.ts';
import type { RoleEntry } from './roleEntry.ts';
import { ownerNames, roleItem } from './roleItem.ts';
import type { RoleItem } from './roleItem.ts';
import type { RoleLists } from './roleLists.ts';
import { RoleSearch } from './search/roleSearch.ts';

/** Changes that come faster than that are shown together: each takes the whole list to the screen. */
const UPDATE_MS = 250;
/** Of as many entries of a search the accounts come first where roles are still to be listed. */
const PREFERRED_ENTRIES = 20;

/** The list while a user sees it: what is known at once, and what is listed in the meantime. */
export class RoleListView implements Disposable {
  readonly #lists: RoleLists;
  readonly #clock: Clock;
  readonly #disposables = new DisposableStore();
  readonly #changed = new Emitter<void>();
  /** What `find` and `status` return has changed. */
  readonly onDidChange = this.#changed.event;
  #search: RoleSearch | undefined;
  #update: Disposable | undefined;

  constructor(lists: RoleLists, clock: Clock) {
    this.#lists = lists;
    this.#clock = clock;
    this.#disposables.add(lists.follow());
    this.#disposables.add(lists.onDidChange(() => this.#updateSoon()));
    this.#disposables.add(lists.pins.onDidChange(() => this.#updateSoon()));
    // What the cache has is there as a whole: nothing more comes that would be worth waiting for.
    void lists.load().then(() => this.#updateNow());
  }

  #updateSoon(): void {
    this.#update ??= this.#clock.schedule(() => this.#updateNow(), UPDATE_MS);
  }

  /** Shows what has changed, if anything has. */
  #updateNow(): void {
    if (this.#update !== undefined) {
      this.#cancelUpdate();
      this.#search = undefined;
      this.#changed.fire();
    }
  }

  #cancelUpdate(): void {
    this.#update?.dispose();
    this.#update = undefined;
  }

  get status(): ListStatus {
    return listStatus(this.#lists.listings);
  }

  /**
   * The entries that match what the user types, the best first; all of them without anything typed. Their accounts come
   * first where roles are still to be listed.
   */
  find(query: string): readonly RoleEntry[] {
    const found = this.#searched().find(query);
    if (query.trim() !== '') {
      this.#prefer(found.slice(0, PREFERRED_ENTRIES));
    }
    return found;
  }

  #searched(): RoleSearch {
    if (this.#search === undefined) {
      const lists = this.#lists.listings.map(({ owner, listing: { accounts } }) => ({ owner, accounts }));
      this.#search = new RoleSearch(arranged(roleEntries(lists), this.#lists.pins.pins));
    }
    return this.#search;
  }

  /** The entries as they are shown: for those that are, as there may be thousands. */
  items(entries: readonly RoleEntry[]): readonly RoleItem[] {
    const names = ownerNames(this.#lists.listings.map(({ owner }) => owner));
    const { pins, recents } = this.#lists.pins.pins;
    const pinned = new Set(pins.filter(({ isPinned }) => isPinned).map(roleKeyText));
    const recent = new Set(recents.map(roleKeyText));
    return entries.map((entry) => {
      const role = roleKeyOf(entry);
      const key = role === undefined ? '' : roleKeyText(role);
      return roleItem(entry, names, { isPinned: pinned.has(key), isRecent: recent.has(key) });
    });
  }

  /** The user looks at this entry. */
  focus(entry: RoleEntry): void {
    this.#prefer([entry]);
  }

  #prefer(entries: readonly RoleEntry[]): void {
    const byOwner = Map.groupBy(entries, ({ owner }) => owner);
    for (const [owner, ofOwner] of byOwner) {
      this.#lists.prefer(owner, [...new Set(ofOwner.map(({ account }) => account.accountId))]);
    }
  }

  dispose(): void {
    this.#cancelUpdate();
    this.#disposables.dispose();
    this.#changed.dispose();
  }
}
