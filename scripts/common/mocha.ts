import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandFile, root, runNode, runScript, type Finished } from './process.ts';
import type { Counts } from './stages.ts';

/**
 * Runs test files in a mocha of their own. `args` are mocha's, as given on the command line.
 * No test at all is a failure.
 */
export function runMocha(
  patterns: readonly string[],
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Counts> {
  const files = globSync([...patterns], { cwd: root });
  if (files.length === 0) throw new Error(`No test file matches ${patterns.join(' or ')}.`);
  return counted(() => runNode([commandFile('mocha'), ...args, ...files], 'show', env));
}

/** Runs a script of package.json that is mocha. */
export function runMochaScript(name: string): Promise<Counts> {
  return counted(() => runScript(name));
}

/** What the reporter has counted: .mocharc.json names the reporter and its file. */
async function counted(run: () => Promise<Finished>): Promise<Counts> {
  const countsFile = join(root, 'dist', 'test-output', 'mocha.counts.json');
  rmSync(countsFile, { force: true });
  const { exitCode } = await run();
  if (!existsSync(countsFile)) return { passed: 0, failed: 1, skipped: [] };
  const counts = JSON.parse(readFileSync(countsFile, 'utf8')) as Counts;
  // Mocha also fails for what is no failed test: none found, or one that was left on `only`.
  return exitCode === 0 ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}
