import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const LINGER_MS = 5000;

/**
 * Mocha's spec reporter, which also writes how many tests passed and failed to the file `countsFile`, and fails the
 * run when the process does not end after the tests: something was left open.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { countsFile } = options.reporterOptions as { readonly countsFile: string };
    runner.once('end', () => {
      const { passes, failures } = this.stats;
      writeFileSync(countsFile, JSON.stringify({ passed: passes, failed: failures }));
      setTimeout(() => {
        const open = process.getActiveResourcesInfo().join(', ');
        console.error(`The tests are over, but something keeps their process alive: ${open}`);
        process.exit(1);
      }, LINGER_MS).unref();
    });
  }
}
