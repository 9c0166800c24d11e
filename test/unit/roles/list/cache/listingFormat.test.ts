import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { formatListing, parseListing } from '../../../../../src/roles/list/cache/listingFormat.ts';
import { parseWish } from '../../../../../src/roles/list/cache/wishFormat.ts';
import { EMPTY_LISTING } from '../../../../../src/roles/list/listing.ts';
import type { RequestFailure } from '../../../../../src/roles/list/fetch/requestFailure.ts';
import type { ListedAccount, Listing } from '../../../../../src/roles/list/listing.ts';
import { ListingDraft } from '../../../../../src/roles/list/listingDraft.ts';
import { account, accounts } from '../support.ts';

const OWNER = 'acme jane';

const time = fc.integer({ min: 1, max: 4e12 });
const failure = fc.record(
  {
    kind: fc.constantFrom('throttled', 'transient', 'forbidden', 'notFound', 'signInNeeded', 'refused'),
    code: fc.string(),
    message: fc.string(),
    requestId: fc.string(),
  },
  { requiredKeys: ['kind', 'code'], noNullPrototype: true },
);
const listedAccount = fc
  .record({
    number: fc.nat(999),
    names: fc.uniqueArray(fc.constantFrom('Admin', 'Billing', 'ReadOnly', 'Support-2', 'Support-10')),
    rolesAt: fc.option(time, { nil: 0 }),
    failed: fc.option(fc.tuple(failure, time), { nil: undefined }),
  })
  .map(listedAccountOf);

function listedAccountOf({ number, names, rolesAt, failed }: Drawn): ListedAccount {
  const listed = { ...account(number), roleNames: rolesAt === 0 ? [] : names, rolesAt };
  return failed === undefined ? listed : { ...listed, failure: { ...failed[0], at: failed[1] } };
}

interface Drawn {
  readonly number: number;
  readonly names: readonly string[];
  readonly rolesAt: number;
  readonly failed: readonly [RequestFailure, number] | undefined;
}

const listing: fc.Arbitrary<Listing> = fc
  .record(
    {
      accounts: fc.uniqueArray(listedAccount, { selector: ({ accountId }) => accountId }),
      accountsAt: fc.option(time, { nil: 0 }),
      run: fc.record(
        { since: time, endedAt: time, stopped: failure },
        { requiredKeys: ['since'], noNullPrototype: true },
      ),
    },
    { requiredKeys: ['accounts', 'accountsAt'], noNullPrototype: true },
  )
  .map(({ run, ...rest }): Listing => {
    const { accounts: shared, accountsAt } = new ListingDraft(rest).listing({ since: 0 });
    return run === undefined ? { accounts: shared, accountsAt } : { accounts: shared, accountsAt, run };
  });

function organization(count: number): Listing {
  const draft = new ListingDraft(EMPTY_LISTING);
  draft.addAccounts(accounts(count));
  draft.endAccounts(new Set(accounts(count).map(({ accountId }) => accountId)), 1_800_000_000_000);
  for (const { accountId } of accounts(count)) {
    draft.setRoles(accountId, ROLES, 1_800_000_000_000);
  }
  return draft.listing({ since: 1_800_000_000_000, endedAt: 1_800_000_100_000 });
}

const ROLES = [
  'AdministratorAccess',
  'BillingReader',
  'DatabaseAdministrator',
  'PowerUserAccess',
  'ReadOnlyAccess',
];

/** What the API answers for the same, as JSON. */
function answers(count: number): string {
  return accounts(count)
    .map((info) => {
      const roleList = ROLES.map((roleName) => ({ accountId: info.accountId, roleName }));
      return JSON.stringify(info) + JSON.stringify({ roleList });
    })
    .join('');
}

describe('the cached list of roles', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(listing, (written) => {
        const read = parseListing(formatListing(written, OWNER), OWNER);
        assert.deepEqual(read, { kind: 'listing', listing: written });
      }),
    );
  });

  it('is never read for somebody else', () => {
    const text = formatListing(organization(3), OWNER);
    assert.deepEqual(parseListing(text, 'acme john'), { kind: 'none' });
  });

  it('is nothing when it is damaged, wherever it is cut off or changed', () => {
    const text = formatListing(organization(2), OWNER);
    for (let length = 0; length < text.length; length += 1) {
      assert.deepEqual(parseListing(text.slice(0, length), OWNER), { kind: 'none' });
    }
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 3 }), (at, other) => {
        parseListing(text.slice(0, at) + other + text.slice(at + other.length), OWNER);
      }),
    );
    for (const odd of ['', 'null', '[]', '{"format":1}', '{"format":"2"}']) {
      assert.deepEqual(parseListing(odd, OWNER), { kind: 'none' });
    }
  });

  it('of a newer version is told from a damaged one, and a newer member is no damage', () => {
    assert.deepEqual(parseListing('{"format":2,"regions":[]}', OWNER), { kind: 'newer' });
    const members = JSON.parse(formatListing(organization(1), OWNER)) as object;
    const text = JSON.stringify({ ...members, regions: [] });
    assert.equal(parseListing(text, OWNER).kind, 'listing');
  });

  it('shows nothing that could hide or imitate, whoever wrote it', () => {
    const text = formatListing(organization(1), OWNER).replace('Account 0', String.raw`Acc\u202eount\n0`);
    const read = parseListing(text, OWNER);
    assert.equal(read.kind === 'listing' && read.listing.accounts[0]?.accountName, 'Acc ount 0');
    const odd = formatListing(organization(1), OWNER).replace(
      'BillingReader',
      String.raw`Billing\u202eReader`,
    );
    assert.deepEqual(parseListing(odd, OWNER), { kind: 'none' });
  });

  it("takes at most half the bytes of the service's answers, and keeps each name of a role once in memory", () => {
    const text = formatListing(organization(1000), OWNER);
    const ratio = text.length / answers(1000).length;
    assert.ok(ratio <= 0.5, `${ratio} of them`);
    const read = parseListing(text, OWNER);
    assert.ok(read.kind === 'listing');
    assert.equal(new Set(read.listing.accounts.map(({ roleNames }) => roleNames)).size, 1);
  });
});

describe('the request of a window for a listing', () => {
  it('is nothing when it is damaged', () => {
    assert.deepEqual(parseWish('{"since":5,"accountIds":["1"]}'), { since: 5, accountIds: ['1'] });
    for (const odd of ['', '{"since":5', '{"since":null,"accountIds":[]}', '[]']) {
      assert.equal(parseWish(odd), undefined);
    }
  });
});
