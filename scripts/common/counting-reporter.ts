import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Mocha from 'mocha';
import type { Counts } from './stages.ts';

const LINGER_MS = 5000;

/**
 * Mocha's spec reporter, which also writes to the file `countsFile` how many tests passed and failed and which were
 * skipped, and fails the run when the process does not end after the tests: something was left open.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { countsFile } = options.reporterOptions as { readonly countsFile: string };
    const skipped: string[] = [];
    runner.on('pending', (test) => skipped.push(test.fullTitle()));
    runner.once('end', () => {
      const { passes, failures } = this.stats;
      const counts: Counts = { passed: passes, failed: failures, skipped };
      mkdirSync(dirname(countsFile), { recursive: true });
      writeFileSync(countsFile, JSON.stringify(counts));
      setTimeout(() => {
        const open = process.getActiveResourcesInfo().join(', ');
        console.error(`The tests are over, but something keeps their process alive: ${open}`);
        process.exit(1);
      }, LINGER_MS).unref();
    });
  }
}
