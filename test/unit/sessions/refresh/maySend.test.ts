import assert from 'node:assert/strict';

import { maySend } from '../../../../src/sessions/refresh/maySend.ts';
import type { SendFacts } from '../../../../src/sessions/refresh/maySend.ts';

const NAMES = ['isLocked', 'isStored', 'isTraced', 'isHistoryTraced', 'isShared', 'isNearlyOver'] as const;

/** One column for each of the names, in their order: 1 for true, 0 for false, - for either. Each case is in one row only. */
const TABLE: readonly (readonly [row: string, maySend: boolean, why: string])[] = [
  ['111---', true, 'nobody else can have it, and nothing can be lost'],
  ['011--0', false, 'nothing can be locked, and there is time'],
  ['011--1', true, 'nothing can be locked, and the session would end'],
  ['-10--0', false, 'the intent cannot be noted, and there is time'],
  ['-10-01', true, 'the intent cannot be noted, and the session would end'],
  ['-10-11', false, 'the intent cannot be noted, and another machine may be sending'],
  ['-00---', false, 'only memory has the token, and what others did cannot be known'],
  ['-010--', false, 'only memory has the token, and for a while what others did could not be noted'],
  ['-011-0', false, 'only memory has the token, so that its successor could be lost, and there is time'],
  ['-011-1', true, 'only memory has the token, and the session would end'],
];

function factsOf(number: number): SendFacts {
  const bits = NAMES.map((name, index) => [name, ((number >> (NAMES.length - 1 - index)) & 1) === 1]);
  return Object.fromEntries(bits);
}

function isIn(row: string, facts: SendFacts): boolean {
  return NAMES.every((name, index) => row[index] === '-' || (row[index] === '1') === facts[name]);
}

describe('whether a refresh token may be sent', () => {
  for (const [row, expected, why] of TABLE) {
    it(`${expected ? 'yes' : 'no'}: ${why}`, () => {
      for (let number = 0; number < 2 ** NAMES.length; number += 1) {
        const facts = factsOf(number);
        if (isIn(row, facts)) {
          assert.equal(maySend(facts), expected, JSON.stringify(facts));
        }
      }
    });
  }

  it('is said in one row for each case', () => {
    for (let number = 0; number < 2 ** NAMES.length; number += 1) {
      const facts = factsOf(number);
      assert.equal(TABLE.filter(([row]) => isIn(row, facts)).length, 1, JSON.stringify(facts));
    }
  });
});
