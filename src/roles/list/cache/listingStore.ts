import type { BoundedQueue } from '../../../common/boundedQueue.ts';
import type { Disposable } from '../../../common/disposable.ts';
import type { Event } from '../../../common/event.ts';
import type { WatchedFolder } from '../../../common/files/watchedFolder.ts';
import type { Locks } from '../../../common/locks/locks.ts';
import { errorCode } from '../../../common/log.ts';
import type { Log } from '../../../common/log.ts';
import type { Listing } from '../listing.ts';
import { formatListing, parseListing } from './listingFormat.ts';
import { formatWish, parseWish } from './wishFormat.ts';
import type { ListingWish } from './wishFormat.ts';

export interface ListingStoreParts {
  readonly folder: WatchedFolder;
  /** The disk may hang: nobody waits for it long. */
  readonly disk: BoundedQueue;
  readonly locks: Locks;
  readonly log: Log;
}

/** A lock that is held; `busy`, because another window lists; `unusable`, because there is no telling. */
export type ListingLock = Disposable | 'busy' | 'unusable';

/**
 * One listing on the disk, for all windows, with what they ask of the one that lists. The list works without the disk:
 * what goes wrong there is logged, and nothing rejects.
 */
export class ListingStore {
  readonly #owner: string;
  readonly #key: string;
  readonly #parts: ListingStoreParts;
  #isReadOnly = false;

  /**
   * @param owner whose listing it is: another one's is never read
   * @param key names the files
   */
  constructor(owner: string, key: string, parts: ListingStoreParts) {
    this.#owner = owner;
    this.#key = key;
    this.#parts = parts;
  }

  get #listingName(): string {
    return `${this.#key}.json`;
  }

  get #wishName(): string {
    return `${this.#key}.wish.json`;
  }

  /** Some window has written the listing. */
  readonly onDidChange: Event<void> = (listener) => this.#onChange(() => this.#listingName, listener);

  /** Some window asks for something. */
  readonly onDidWish: Event<void> = (listener) => this.#onChange(() => this.#wishName, listener);

  #onChange(name: () => string, listener: (value: void) => void): Disposable {
    return this.#parts.folder.onDidChange((changed) => {
      if (changed === undefined || changed === name()) {
        listener();
      }
    });
  }

  /** @returns undefined while there is none that can be read */
  async read(): Promise<Listing | undefined> {
    const text = await this.#read(this.#listingName);
    const cached = text === undefined ? undefined : parseListing(text, this.#owner);
    this.#isReadOnly = cached?.kind === 'newer';
    return cached?.kind === 'listing' ? cached.listing : undefined;
  }

  async write(listing: Listing): Promise<void> {
    if (!this.#isReadOnly) {
      await this.#replace(this.#listingName, formatListing(listing, this.#owner));
    }
  }

  async readWish(): Promise<ListingWish | undefined> {
    const text = await this.#read(this.#wishName);
    return text === undefined ? undefined : parseWish(text);
  }

  writeWish(wish: ListingWish): Promise<void> {
    return this.#replace(this.#wishName, formatWish(wish));
  }

  removeWish(): Promise<void> {
    return this.#remove(this.#wishName);
  }

  /** Takes the lock of the window that lists, if it is free. */
  async lock(): Promise<ListingLock> {
    try {
      return (await this.#parts.locks.acquire(this.#lockName, 0)) ?? 'busy';
    } catch (error) {
      this.#warn('lock role list', error);
      return 'unusable';
    }
  }

  /** Removes all of it. */
  async remove(): Promise<void> {
    await this.#remove(this.#listingName);
    await this.#remove(this.#wishName);
    await this.#parts.locks.discard(this.#lockName);
  }

  get #lockName(): string {
    return `roles-${this.#key}`;
  }

  async #read(name: string): Promise<string | undefined> {
    const { disk, folder } = this.#parts;
    try {
      return await disk.run(() => folder.read(name));
    } catch (error) {
      this.#warn('read role list', error);
      return undefined;
    }
  }

  async #replace(name: string, text: string): Promise<void> {
    const { disk, folder } = this.#parts;
    await disk
      .run(() => folder.replace(name, text))
      .catch((error: unknown) => this.#warn('save role list', error));
  }

  async #remove(name: string): Promise<void> {
    const { disk, folder } = this.#parts;
    await disk
      .run(() => folder.remove(name))
      .catch((error: unknown) => this.#warn('remove role list', error));
  }

  #warn(operation: string, error: unknown): void {
    this.#parts.log.warn({ operation, outcome: 'failed', code: errorCode(error) });
  }
}
