import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { commandFile, runNode } from '../../../scripts/common/process.ts';
import { summarize } from '../../../scripts/common/stages.ts';

describe('the counts of a test run', function () {
  this.timeout(20_000);

  it('have the tests that were skipped, by title, whatever skipped them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'counts-'));
    try {
      const tests = join(folder, 'tests.cjs');
      await writeFile(
        tests,
        `describe('a suite', () => {
          it('passes', () => {});
          it('fails', () => { throw new Error('as it should'); });
          it('cannot run here', function () { this.skip(); });
          it.skip('is switched off', () => {});
          describe('without its compiler', () => {
            before(function () { this.skip(); });
            it('proves nothing', () => {});
          });
        });`,
      );
      const countsFile = join(folder, 'counts.json');
      const options = [`--reporter-option=countsFile=${countsFile}`];
      const { output } = await runNode([commandFile('mocha'), ...options, tests], 'capture');
      assert.deepEqual(
        JSON.parse(await readFile(countsFile, 'utf8')),
        {
          passed: 1,
          failed: 1,
          skipped: [
            'a suite cannot run here',
            'a suite is switched off',
            'a suite without its compiler proves nothing',
          ],
        },
        output,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are shown for each stage with the titles of what was skipped, and summed up in the last line', () => {
    const outcomes = [
      { title: 'Unit tests', passed: 7, failed: 0, skipped: ['the log holds no secret'], seconds: 1.25 },
      { title: 'Package', passed: 1, failed: 2, skipped: [], seconds: 3 },
    ];
    assert.deepEqual(summarize(outcomes, ['End to end']), [
      'Unit tests: 7 passed, 0 failed, 1 skipped in 1.3 s',
      '  skipped: the log holds no secret',
      'Package: 1 passed, 2 failed, 0 skipped in 3.0 s',
      'End to end: not run',
      '8 passed, 2 failed, 1 skipped',
    ]);
  });
});
