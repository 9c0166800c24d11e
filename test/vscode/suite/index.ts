// VS Code loads this file, bundled, in the extension host and calls `run`.
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import type Mocha from 'mocha';
import { readSuiteOptions } from './options.ts';

/** Runs the test files beside the bundle of this file. Rejects when one fails: VS Code then ends with exit code 1. */
export async function run(): Promise<void> {
  const { reportFile, countsFile } = readSuiteOptions(process.env);
  // VS Code 1.105 cannot `require` an ES module.
  const { default: MochaRunner } = await import('mocha');
  MochaRunner.reporters.Base.consoleLog = (...values: unknown[]) =>
    appendFileSync(reportFile, `${format(...values)}\n`);
  const mocha = new MochaRunner({ timeout: 30_000, color: false, forbidOnly: true });
  for (const file of readdirSync(__dirname)) {
    if (file.endsWith('.test.cjs')) mocha.addFile(join(__dirname, file));
  }
  const skipped: string[] = [];
  const runner = await new Promise<Mocha.Runner>((done) => {
    const running: Mocha.Runner = mocha.run(() => done(running));
    running.on('pending', (test) => skipped.push(test.fullTitle()));
  });
  const { passes = 0, failures = 0 } = runner.stats ?? {};
  writeFileSync(countsFile, JSON.stringify({ passed: passes, failed: failures, skipped }));
  if (failures > 0 || passes === 0) throw new Error(`${failures} tests failed, ${passes} passed.`);
}
