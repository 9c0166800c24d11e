import assert from 'node:assert/strict';
import { REGIONS, isRegion } from '../../../src/connections/regions.ts';
import { partitionOf } from '../../../src/oidc/partitions.ts';
import { nonEmpty } from '../support/nonEmpty.ts';

describe('the list of regions', () => {
  for (const { id, partition } of nonEmpty('region', REGIONS)) {
    it(`has ${id} in the partition whose hosts serve it`, () => {
      assert.ok(isRegion(id));
      assert.equal(partition, partitionOf(id).name);
    });
  }

  it('names each region once', () => {
    assert.equal(new Set(REGIONS.map(({ id }) => id)).size, REGIONS.length);
    assert.equal(new Set(REGIONS.map(({ name }) => name)).size, REGIONS.length);
  });
});

describe("a region's code", () => {
  for (const id of ['us-isob-east-1', 'eu-isoe-west-1', 'ap-southeast-42', 'us-iso-east-1']) {
    it(`may be one that is not in the list: ${id}`, () => assert.ok(isRegion(id)));
  }
  for (const text of [
    '',
    'eu',
    'eu-west',
    'eu-west-',
    'EU-WEST-1',
    ' eu-west-1',
    'eu-west-1.evil',
    'eu_west_1',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () => assert.ok(!isRegion(text)));
  }
});
