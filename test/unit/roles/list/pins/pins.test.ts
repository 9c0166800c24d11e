import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { mergePins, NO_PINS, setPinned, setUsed } from '../../../../../src/roles/list/pins/pins.ts';
import type { Pins } from '../../../../../src/roles/list/pins/pins.ts';
import { formatPins, parsePins } from '../../../../../src/roles/list/pins/pinsFormat.ts';
import type { RoleKey } from '../../../../../src/roles/role.ts';

const role = (roleName: string, connection = 'acme'): RoleKey => ({
  connection,
  accountId: '111122223333',
  roleName,
});

const key = fc.record({
  connection: fc.constantFrom('acme', 'globex'),
  accountId: fc.constantFrom('111122223333', '444455556666', '777788889999'),
  roleName: fc.constantFrom('Admin', 'Billing', 'ReadOnly'),
});
const change = fc.record({ key, kind: fc.constantFrom('pin', 'unpin', 'use'), now: fc.nat(20) });
const pins = fc.array(change, { maxLength: 40 }).map((changes) => changes.reduce(apply, NO_PINS));

function apply(before: Pins, { key: changed, kind, now }: { key: RoleKey; kind: string; now: number }): Pins {
  return kind === 'use' ? setUsed(before, changed, now) : setPinned(before, changed, kind === 'pin', now);
}

const pinnedNames = ({ pins: all }: Pins): readonly string[] =>
  all.filter(({ isPinned }) => isPinned).map(({ roleName }) => roleName);

describe('pins and recents', () => {
  it('come to the same in whatever order and however often windows are merged', () => {
    fc.assert(
      fc.property(pins, pins, pins, (a, b, c) => {
        assert.deepEqual(mergePins(a, b), mergePins(b, a));
        assert.deepEqual(mergePins(mergePins(a, b), c), mergePins(a, mergePins(b, c)));
        assert.deepEqual(mergePins(a, a), a);
        assert.deepEqual(mergePins(mergePins(a, b), b), mergePins(a, b));
      }),
    );
  });

  it('hold what was said last of a role, whatever the clock said', () => {
    fc.assert(
      fc.property(pins, key, fc.boolean(), fc.nat(20), (before, changed, isPinned, now) => {
        const after = mergePins(before, setPinned(before, changed, isPinned, now));
        const entry = after.pins.find(
          (pin) => pin.roleName === changed.roleName && isSamePlace(pin, changed),
        );
        assert.equal(entry?.isPinned ?? false, isPinned);
        const { recents } = mergePins(before, setUsed(before, changed, now));
        assert.ok(recents[0] !== undefined && recents[0].roleName === changed.roleName);
        assert.ok(isSamePlace(recents[0], changed));
      }),
    );
  });

  it('lose no pin of two windows that pin at the same time', () => {
    const here = setPinned(NO_PINS, role('Admin'), true, 5);
    const there = setPinned(NO_PINS, role('Billing'), true, 5);
    assert.deepEqual(pinnedNames(mergePins(here, there)).toSorted(), ['Admin', 'Billing']);
  });

  it('do not bring back a pin that another window has taken away', () => {
    const both = setPinned(NO_PINS, role('Admin'), true, 5);
    assert.deepEqual(pinnedNames(mergePins(both, setPinned(both, role('Admin'), false, 6))), []);
  });

  it('keep pins in their order, and tell roles of the same name apart by connection and account', () => {
    let all = NO_PINS;
    for (const [index, name] of ['C', 'A', 'B'].entries()) all = setPinned(all, role(name), true, index);
    assert.deepEqual(pinnedNames(all), ['C', 'A', 'B']);
    all = setPinned(all, role('A', 'globex'), true, 9);
    all = setPinned(all, role('A'), false, 10);
    assert.deepEqual(pinnedNames(all), ['C', 'B', 'A']);
  });

  it('keep the ten roles that were used last, the latest first', () => {
    let all = NO_PINS;
    for (let index = 0; index < 15; index += 1) all = setUsed(all, role(`Role-${index}`), index);
    all = setUsed(all, role('Role-7'), 3);
    assert.deepEqual(
      all.recents.map(({ roleName }) => roleName),
      ['Role-7', ...[14, 13, 12, 11, 10, 9, 8, 6, 5].map((index) => `Role-${index}`)],
    );
  });

  it('are read as they were written', () => {
    fc.assert(
      fc.property(pins, (written) => {
        assert.deepEqual(parsePins(formatPins(written, {})), { pins: written, newer: {}, isReadOnly: false });
      }),
    );
  });

  it('keep what can be read of a damaged file, and what a newer version has added', () => {
    const one = setPinned(NO_PINS, role('Admin'), true, 5);
    const { pins: entries } = one;
    const text = JSON.stringify({
      format: 1,
      colors: { a: 1 },
      pins: [null, { ...entries[0], color: 'red' }, { roleName: 5 }],
      recents: ['x'],
    });
    const read = parsePins(text);
    assert.deepEqual(pinnedNames(read.pins), ['Admin']);
    const again = JSON.parse(formatPins(mergePins(read.pins, NO_PINS), read.newer)) as Record<
      string,
      unknown
    >;
    assert.deepEqual(again['colors'], { a: 1 });
    assert.deepEqual(again['pins'], [{ ...entries[0], color: 'red' }]);
    for (const odd of [undefined, '', '{', '[]', '{"format":1,"pins":[]}']) {
      assert.deepEqual(parsePins(odd).pins, NO_PINS);
    }
    assert.equal(parsePins('{"format":2,"pins":[],"recents":[]}').isReadOnly, true);
  });
});

function isSamePlace(a: RoleKey, b: RoleKey): boolean {
  return a.accountId === b.accountId && a.connection === b.connection;
}
