import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { CORPUS } from '../../../interop/awsConfigCorpus.ts';
import { RECORDED } from '../../../interop/awsConfigRecorded.ts';
import { ours } from '../../../interop/awsConfigReading.ts';

describe("the AWS CLI's files of a shape that users have", () => {
  it('are all in docs/aws-files.md, with what the AWS CLI makes of them', async () => {
    const rows = (await readFile('docs/aws-files.md', 'utf8')).split('\n').map((row) => row.split(/ *\| */));
    const described = rows.flatMap(([, shape = '', cli = '']) =>
      cli === 'read' || cli.startsWith('refused') ? [[shape, cli !== 'read']] : [],
    );
    assert.deepEqual(
      described,
      CORPUS.map(({ shape }) => [shape, 'refused' in (RECORDED.results[shape] ?? {})]),
    );
  });

  for (const { shape, config, credentials } of CORPUS) {
    it(`are read as botocore ${RECORDED.botocore} reads them: ${shape} (aws-sdk-go#384)`, () => {
      assert.deepEqual(ours(config, credentials), RECORDED.results[shape]);
    });
  }
});
