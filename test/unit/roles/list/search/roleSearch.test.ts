import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { arranged, roleEntries } from '../../../../../src/roles/list/roleEntry.ts';
import type { RoleEntry } from '../../../../../src/roles/list/roleEntry.ts';
import { NO_PINS, setPinned, setUsed } from '../../../../../src/roles/list/pins/pins.ts';
import { RoleSearch } from '../../../../../src/roles/list/search/roleSearch.ts';
import { queryWords } from '../../../../../src/roles/list/search/searchText.ts';
import type { RoleKey } from '../../../../../src/roles/role.ts';
import { account, owner } from '../support.ts';

const ACME = owner('acme');
const ROLES = ['AdministratorAccess', 'BillingReader', 'ReadOnlyAccess'];

function listed(
  number: number,
  accountName: string,
  roleNames: readonly string[] = ROLES,
  emailAddress = '',
) {
  return { ...account(number), accountName, emailAddress, roleNames, rolesAt: 1 };
}

const shown = ({ account: { accountName }, roleName }: RoleEntry): string =>
  `${accountName}/${roleName ?? '…'}`;

function find(
  query: string,
  accounts: readonly ReturnType<typeof listed>[],
  pins = NO_PINS,
): readonly string[] {
  const entries = arranged(roleEntries([{ owner: ACME, accounts }]), pins);
  return new RoleSearch(entries).find(query).map(shown);
}

const key = (number: number, roleName: string): RoleKey => ({
  connection: 'acme',
  accountId: account(number).accountId,
  roleName,
});

/** As the search sees a text; the point keeps a blank at the end. */
const plain = (value: string): string => queryWords(`${value}.`).join(' ');

const WORLD = [
  listed(1, 'Production', ROLES, 'aws-prod@example.com'),
  listed(2, 'Pre-Production', ['ReadOnlyAccess']),
  listed(3, 'Sandbox 10', ['AdministratorAccess'], 'jane.doe@example.com'),
  listed(4, 'Sandbox 2', ['AdministratorAccess']),
  listed(5, 'Nonproduction', ['Billing']),
  listed(6, 'Büro Köln', ['ReadOnlyAccess']),
];

describe('the search for roles', () => {
  it('shows all by account and role where nothing is typed, in numeric order (aws-cli#6108)', () => {
    assert.deepEqual(find(' ', WORLD), [
      'Büro Köln/ReadOnlyAccess',
      'Nonproduction/Billing',
      'Pre-Production/ReadOnlyAccess',
      'Production/AdministratorAccess',
      'Production/BillingReader',
      'Production/ReadOnlyAccess',
      'Sandbox 2/AdministratorAccess',
      'Sandbox 10/AdministratorAccess',
    ]);
  });

  it('puts what begins with a word before what has it later, and that before what has it inside', () => {
    assert.deepEqual(find('production', WORLD), [
      'Production/AdministratorAccess',
      'Production/BillingReader',
      'Production/ReadOnlyAccess',
      'Pre-Production/ReadOnlyAccess',
      'Nonproduction/Billing',
    ]);
  });

  it('takes several words in any order, each found in the account or in the role', () => {
    for (const query of ['prod bill', 'bill prod', '  BILL   Prod ']) {
      assert.deepEqual(find(query, WORLD), ['Production/BillingReader', 'Nonproduction/Billing']);
    }
    assert.deepEqual(find('prod bill nothing', WORLD), []);
  });

  it('finds an account by its id, also as the console writes it, by a part of it, and by its email address (aws-cli#9514)', () => {
    const { accountId } = account(4);
    const dashed = accountId.replace(/^(....)(....)(....)$/, '$1-$2-$3');
    for (const query of [accountId, dashed, accountId.slice(-4), dashed.replaceAll('-', ' ')]) {
      assert.deepEqual(find(query, WORLD), ['Sandbox 2/AdministratorAccess'], query);
    }
    assert.deepEqual(find('doe@example', WORLD), ['Sandbox 10/AdministratorAccess']);
  });

  it('knows where the words of a role begin, and needs no accents', () => {
    assert.deepEqual(find('access sandbox', WORLD), [
      'Sandbox 2/AdministratorAccess',
      'Sandbox 10/AdministratorAccess',
    ]);
    assert.deepEqual(find('koln buro', WORLD), ['Büro Köln/ReadOnlyAccess']);
    assert.deepEqual(find('KÖLN', WORLD), ['Büro Köln/ReadOnlyAccess']);
  });

  it('puts pinned roles first and those used lately next, in a search where they match as well as others', () => {
    let pins = setPinned(NO_PINS, key(4, 'AdministratorAccess'), true, 1);
    pins = setUsed(pins, key(2, 'ReadOnlyAccess'), 2);
    pins = setUsed(pins, key(4, 'AdministratorAccess'), 3);
    assert.deepEqual(find('', WORLD, pins).slice(0, 3), [
      'Sandbox 2/AdministratorAccess',
      'Pre-Production/ReadOnlyAccess',
      'Büro Köln/ReadOnlyAccess',
    ]);
    assert.equal(find('', WORLD, pins).length, find('', WORLD).length);
    assert.equal(find('readonly', WORLD, pins)[0], 'Pre-Production/ReadOnlyAccess');
    assert.equal(find('production', WORLD, pins)[0], 'Production/AdministratorAccess');
  });

  it('keeps accounts of the same name apart, and shows an account whose roles are not known yet', () => {
    const twins = [
      listed(9, 'Twin', ['A', 'B']),
      listed(8, 'Twin', ['A', 'B']),
      { ...listed(7, 'New', []), rolesAt: 0 },
    ];
    const entries = new RoleSearch(roleEntries([{ owner: ACME, accounts: twins }])).find('');
    assert.deepEqual(
      entries.map(({ account: { accountId }, roleName }) => [accountId.slice(-1), roleName]),
      [
        ['7', undefined],
        ['8', 'A'],
        ['8', 'B'],
        ['9', 'A'],
        ['9', 'B'],
      ],
    );
    assert.deepEqual(find('new', twins), ['New/…']);
    assert.deepEqual(find('twin', [{ ...listed(1, 'Twin', []) }]), [], 'an account without roles');
  });

  it('finds an entry if and only if each word is in one of its texts', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'B', '-', '1', ' ', 'é'), maxLength: 6 });
    const world = fc.array(
      fc.tuple(
        text,
        fc.array(
          text.map((name) => `r${name}`),
          { maxLength: 3 },
        ),
      ),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(world, text, (named, query) => {
        const accounts = named.map(([name, roles], index) => listed(index, name, roles, `${name}@x`));
        const entries = roleEntries([{ owner: ACME, accounts }]);
        const expected = entries.filter(({ account: info, roleName = '' }) =>
          queryWords(query).every(
            (word) =>
              [info.accountName, info.emailAddress, roleName].some((value) => plain(value).includes(word)) ||
              info.accountId.includes(/^\d[\d-]*$/.test(word) ? word.replaceAll('-', '') : word),
          ),
        );
        const found = new RoleSearch(entries).find(query);
        assert.deepEqual(new Set(found), new Set(expected));
        assert.equal(found.length, expected.length);
      }),
    );
  });

  it('compares each word with three texts of each account and each name of a role once, not with every role', () => {
    const accounts = Array.from({ length: 1000 }, (_, number) => listed(number, `Account ${number}`));
    const entries = roleEntries([{ owner: ACME, accounts }]);
    assert.equal(entries.length, 3000);
    assert.equal(new RoleSearch(entries).textCount, 3 * 1000 + ROLES.length);
  });
});
