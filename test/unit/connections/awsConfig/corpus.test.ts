import assert from 'node:assert/strict';

import { CORPUS } from '../../../interop/awsConfigCorpus.ts';
import { RECORDED } from '../../../interop/awsConfigRecorded.ts';
import { ours } from '../../../interop/awsConfigReading.ts';

describe("the AWS CLI's files of a shape that people have", () => {
  for (const { shape, config, credentials } of CORPUS) {
    it(`are read as botocore ${RECORDED.botocore} reads them: ${shape}`, () => {
      assert.deepEqual(ours(config, credentials), RECORDED.results[shape]);
    });
  }
});
