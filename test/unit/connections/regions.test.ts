import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { awsRegionData } from '../../../scripts/common/awsRegionData.ts';
import { REGIONS } from '../../../src/connections/regions.ts';
import { isRegion } from '../../../src/oidc/regionCode.ts';
import { partitionOf } from '../../../src/oidc/partitions.ts';
import { nonEmpty } from '../support/nonEmpty.ts';

describe('the list of regions', () => {
  for (const { id, partition } of nonEmpty('region', REGIONS)) {
    it(`has ${id} in the partition whose hosts serve it`, () => {
      assert.ok(isRegion(id));
      assert.equal(partition, partitionOf(id).name);
    });
  }

  it("is the AWS SDK's: `npm run regions` takes over a newer one", async () => {
    for (const [file, text] of await awsRegionData()) {
      assert.equal(readFileSync(file, 'utf8'), text, `${file} is out of date`);
    }
  });

  it('has the regions that older lists lack', () => {
    const ids = new Set(REGIONS.map(({ id }) => id));
    const young =
      'ap-east-2 ap-southeast-7 mx-central-1 me-west-1 sa-west-1 eusc-de-east-1 us-isob-west-1 us-isof-south-1';
    assert.deepEqual(
      young.split(' ').filter((id) => !ids.has(id)),
      [],
    );
  });

  it('begins with North America, then Europe', () => {
    assert.deepEqual(
      REGIONS.slice(0, 5).map(({ id }) => id),
      ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'eu-central-1'],
    );
  });

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
