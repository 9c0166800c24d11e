import * as v from 'valibot';

import { time, wholeFrom } from '../../../common/jsonSchemas.ts';
import { fitName, isAccountId, isRoleName } from '../fetch/pages.ts';
import type { AccountFailure, ListedAccount, Listing } from '../listing.ts';

/** Another one means: whoever does not know it must not write the file. What is only added needs no new one. */
const FORMAT = 1;

const text = v.exactOptional(v.string());
const name = v.exactOptional(v.pipe(v.string(), v.transform(fitName)), '');

const failure = v.object({
  kind: v.picklist(['throttled', 'transient', 'forbidden', 'notFound', 'signInNeeded', 'refused']),
  code: v.string(),
  message: text,
  requestId: text,
});

const account = v.object({
  accountId: v.pipe(v.string(), v.check(isAccountId)),
  accountName: name,
  emailAddress: name,
  /** A place in `roleLists`; absent while the roles were never listed. */
  roles: v.exactOptional(v.number()),
  rolesAt: v.exactOptional(time, 0),
  failure: v.exactOptional(v.object({ ...failure.entries, at: time })),
});

/** The names of roles and the lists of them are the same in most accounts: each is written once. */
const listing = v.object({
  format: v.literal(FORMAT),
  /** Whose it is: the file's name is only a hash of that. */
  owner: v.string(),
  accountsAt: time,
  run: v.exactOptional(
    v.object({ since: time, endedAt: v.exactOptional(time), stopped: v.exactOptional(failure) }),
  ),
  roleNames: v.array(v.pipe(v.string(), v.check(isRoleName))),
  /** Places in `roleNames`. */
  roleLists: v.array(v.array(v.number())),
  accounts: v.array(account),
});

const laterFormat = v.object({ format: wholeFrom(FORMAT + 1) });
const json = v.pipe(v.string(), v.parseJson());

/** What a file of the cache says: `newer` where only a newer version can read it, and nobody else may write it. */
export type CachedListing =
  | { readonly kind: 'listing'; readonly listing: Listing }
  | { readonly kind: 'none' }
  | { readonly kind: 'newer' };

/** Reads what `formatListing` has written. What is damaged, or somebody else's, is nothing. */
export function parseListing(fileText: string, owner: string): CachedListing {
  const { output: content } = v.safeParse(json, fileText);
  const read = v.safeParse(listing, content);
  if (!read.success) {
    return v.is(laterFormat, content) ? { kind: 'newer' } : { kind: 'none' };
  }
  const { roleNames, roleLists, accounts, accountsAt, run } = read.output;
  if (read.output.owner !== owner) {
    return { kind: 'none' };
  }
  const lists = roleLists.map((places) => places.flatMap((place) => roleNames[place] ?? []));
  return {
    kind: 'listing',
    listing: {
      accounts: accounts.map((entry) => listedAccount(entry, lists)),
      accountsAt,
      ...(run !== undefined && { run }),
    },
  };
}

function listedAccount(
  { accountId, accountName, emailAddress, roles = -1, rolesAt, failure }: v.InferOutput<typeof account>,
  lists: readonly (readonly string[])[],
): ListedAccount {
  const roleNames = lists[roles] ?? [];
  return {
    accountId,
    accountName,
    emailAddress,
    roleNames,
    rolesAt,
    ...(failure !== undefined && { failure }),
  };
}

/** The text `parseListing` reads. */
export function formatListing({ accounts, accountsAt, run }: Listing, owner: string): string {
  const names = new Places<string>();
  const lists = new Places<readonly string[]>();
  const entries = accounts.map((account) => entryOf(account, lists));
  const roleLists = lists.values.map((list) => list.map((name) => names.of(name)));
  return JSON.stringify({
    format: FORMAT,
    owner,
    accountsAt,
    run,
    roleNames: names.values,
    roleLists,
    accounts: entries,
  });
}

function entryOf(listed: ListedAccount, lists: Places<readonly string[]>): v.InferInput<typeof account> {
  const { accountId, accountName, emailAddress, roleNames, rolesAt, failure } = listed;
  return {
    accountId,
    ...(accountName !== '' && { accountName }),
    ...(emailAddress !== '' && { emailAddress }),
    ...(rolesAt !== 0 && { roles: lists.of(roleNames), rolesAt }),
    ...(failure !== undefined && { failure: failure satisfies AccountFailure }),
  };
}

/** Values and their places, each value once. */
class Places<T> {
  readonly #places = new Map<T, number>();

  of(value: T): number {
    const place = this.#places.get(value) ?? this.#places.size;
    this.#places.set(value, place);
    return place;
  }

  get values(): readonly T[] {
    return [...this.#places.keys()];
  }
}
