import { createHash } from 'node:crypto';

import { BoundedQueue } from '../../common/boundedQueue.ts';
import type { Clock } from '../../common/clock.ts';
import { once } from '../../common/disposable.ts';
import type { Disposable } from '../../common/disposable.ts';
import { Emitter } from '../../common/event.ts';
import type { WatchedFolder } from '../../common/files/watchedFolder.ts';
import type { Locks } from '../../common/locks/locks.ts';
import type { Log } from '../../common/log.ts';
import type { Closable } from '../../common/onDemand.ts';
import type { Random } from '../../common/random.ts';
import { portalEndpoint } from '../../connections/connection.ts';
import { ListingStore } from './cache/listingStore.ts';
import { RequestRate } from './fetch/requestRate.ts';
import type { RolesSource } from './fetch/rolesSource.ts';
import type { OwnedListing } from './listStatus.ts';
import { PinsStore } from './pins/pinsStore.ts';
import type { RolesOwner } from './rolesOwner.ts';
import { SharedListing } from './sharedListing.ts';

export interface RoleListsParts {
  readonly folder: WatchedFolder;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where an owner's accounts and roles come from; asked before each request. */
  readonly source: (owner: RolesOwner) => RolesSource;
}

interface OwnedList {
  owner: RolesOwner;
  readonly list: SharedListing;
  readonly following: Disposable;
}

/** What the disk is given to answer. */
const DISK_MS = 5000;
/** What was listed within that time is not listed again, unless the user asks. */
const RENEW_AFTER_MS = 10 * 60_000;

/** The lists of all who are signed in, with the pins. */
export class RoleLists implements Closable {
  readonly #parts: RoleListsParts;
  readonly #disk: BoundedQueue;
  readonly #lists = new Map<string, OwnedList>();
  readonly #changed = new Emitter<void>();
  readonly #rates = new Map<string, RequestRate>();
  readonly #removing = new Set<Promise<void>>();
  #followers = 0;
  readonly pins: PinsStore;
  /** What any of the lists shows has changed; of other windows' changes while they are followed. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: RoleListsParts) {
    this.#parts = parts;
    this.#disk = new BoundedQueue(parts.clock, DISK_MS);
    this.pins = new PinsStore({ ...parts, disk: this.#disk });
  }

  /** Of every owner, what is known of the roles. */
  get listings(): readonly OwnedListing[] {
    return [...this.#lists.values()].map(({ owner, list: { listing, isRenewing } }) => ({
      owner,
      listing,
      isRenewing,
    }));
  }

  /** Who is signed in now. The lists of all who were before, and are not any more, are removed from the disk as well. */
  setOwners(owners: readonly RolesOwner[]): void {
    const keys = new Set(owners.map(({ key }) => key));
    for (const [key, { list, following }] of this.#lists) {
      if (!keys.has(key)) {
        this.#lists.delete(key);
        following.dispose();
        const removal = list.remove().finally(() => this.#removing.delete(removal));
        this.#removing.add(removal);
      }
    }
    for (const owner of owners) {
      const known = this.#lists.get(owner.key);
      if (known === undefined) {
        this.#lists.set(owner.key, this.#open(owner));
      } else {
        known.owner = owner;
      }
    }
    this.#changed.fire();
  }

  #open(owner: RolesOwner): OwnedList {
    const store = new ListingStore(owner.key, fileKey(owner), { ...this.#parts, disk: this.#disk });
    const list = new SharedListing({
      ...this.#parts,
      store,
      source: this.#source(owner),
      rate: this.#rate(portalEndpoint(owner.connection).href),
    });
    list.onDidChange(() => this.#changed.fire());
    const following = store.onDidChange(() => {
      if (this.#followers > 0) {
        void list.load();
      }
    });
    return { owner, list, following };
  }

  /** By which of the owner's sessions may change while the list stays. */
  #source(owner: RolesOwner): RolesSource {
    const source = (): RolesSource => this.#parts.source(this.#lists.get(owner.key)?.owner ?? owner);
    return {
      listAccounts: (...page) => source().listAccounts(...page),
      listAccountRoles: (...page) => source().listAccountRoles(...page),
    };
  }

  /** The users of one portal share its rate. */
  #rate(endpoint: string): RequestRate {
    const { clock, random } = this.#parts;
    const rate = this.#rates.get(endpoint) ?? new RequestRate(clock, random);
    this.#rates.set(endpoint, rate);
    return rate;
  }

  /** Shows what other windows list, until it is disposed. */
  follow(): Disposable {
    this.#followers += 1;
    return { dispose: once(() => void (this.#followers -= 1)) };
  }

  /**
   * Reads what is known, and then renews behind what is older than ten minutes, pinned and recent roles first. Never
   * rejects.
   */
  async load(): Promise<void> {
    await Promise.all([this.pins.load(), ...[...this.#lists.values()].map(({ list }) => list.load())]);
    this.#renew(this.#parts.clock.now() - RENEW_AFTER_MS);
    const { pins, recents } = this.pins.pins;
    for (const { owner } of this.#lists.values()) {
      const own = [...pins, ...recents].filter(({ connection }) => connection === owner.connection.name);
      this.prefer(owner, [...new Set(own.map(({ accountId }) => accountId))]);
    }
  }

  /** Lists everything again, in the background. */
  refresh(): void {
    this.#renew(this.#parts.clock.now());
  }

  #renew(since: number): void {
    for (const { owner, list } of this.#lists.values()) {
      if (!owner.needsSignIn) {
        list.renew(since);
      }
    }
  }

  /** The user looks at these accounts of the owner: what is still to be listed of them comes first. */
  prefer(owner: RolesOwner, accountIds: readonly string[]): void {
    this.#lists.get(owner.key)?.list.prefer(accountIds);
  }

  /** Ends what is in progress; what was listed so far is saved, and another window goes on from there. */
  async close(): Promise<void> {
    for (const { following } of this.#lists.values()) {
      following.dispose();
    }
    await Promise.all([
      this.pins.close(),
      ...this.#removing,
      ...[...this.#lists.values()].map(({ list }) => list.close()),
    ]);
    this.#changed.dispose();
  }
}

/** Names the files of the owner's list, without saying whose it is. */
function fileKey({ key }: RolesOwner): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 32);
}
