import assert from 'node:assert/strict';

import { systemRandom } from '../../../src/common/random.ts';

const DRAWS = 1000;

describe("the operating system's randomness", () => {
  it('is evenly spread numbers from 0 to below 1', () => {
    const drawn = Array.from({ length: DRAWS }, () => systemRandom.uniform());
    assert.ok(drawn.every((number) => number >= 0 && number < 1));
    // With 1000 draws, a tenth of the range is missed less than once in 10^45 runs.
    assert.equal(new Set(drawn.map((number) => Math.floor(number * 10))).size, 10);
  });

  it('is as many bytes as asked for, of every value, and never the same again', () => {
    assert.equal(systemRandom.bytes(0).length, 0);
    assert.equal(systemRandom.bytes(32).length, 32);
    assert.equal(new Set(systemRandom.bytes(16_384)).size, 256);
    assert.notDeepEqual(systemRandom.bytes(32), systemRandom.bytes(32));
  });

  it('is UUIDs of version 4, each another', () => {
    const drawn = Array.from({ length: DRAWS }, () => systemRandom.uuid());
    for (const uuid of drawn) {
      assert.match(uuid, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    }
    assert.equal(new Set(drawn).size, DRAWS);
  });
});
