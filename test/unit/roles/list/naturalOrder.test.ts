import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { naturalOrder } from '../../../../src/roles/list/naturalOrder.ts';

describe('the natural order of texts', () => {
  it('counts numbers as numbers, and sets case and accents aside', () => {
    const sorted = ['Äpfel', 'apfel 2', 'Apfel 10', 'team-2', 'Team-10', 'zoo'];
    assert.deepEqual(sorted.toReversed().toSorted(naturalOrder), sorted);
  });

  it('has equal texts only in the same place', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        assert.equal(naturalOrder(a, b) === 0, a === b);
        assert.equal(naturalOrder(a, b) + naturalOrder(b, a), 0);
      }),
    );
  });
});
