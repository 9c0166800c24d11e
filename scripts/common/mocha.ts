import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandFile, root, runNode } from './process.ts';
import type { Counts } from './stages.ts';

/**
 * Runs test files in a mocha of their own. `args` are mocha's, as given on the command line.
 * No test at all is a failure.
 */
export async function runMocha(
  patterns: readonly string[],
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Counts> {
  const files = globSync([...patterns], { cwd: root });
  if (files.length === 0) throw new Error(`No test file matches ${patterns.join(' or ')}.`);
  const countsFile = join(root, 'dist', 'test-output', 'mocha.counts.json');
  mkdirSync(dirname(countsFile), { recursive: true });
  rmSync(countsFile, { force: true });
  const { exitCode } = await runNode(
    [
      commandFile('mocha'),
      `--reporter=${join(root, 'scripts', 'common', 'counting-reporter.ts')}`,
      `--reporter-option=countsFile=${countsFile}`,
      '--forbid-only',
      '--fail-zero',
      ...args,
      ...files,
    ],
    'show',
    env,
  );
  if (!existsSync(countsFile)) return { passed: 0, failed: 1, skipped: [] };
  const counts = JSON.parse(readFileSync(countsFile, 'utf8')) as Counts;
  // Mocha also fails for what is no failed test: none found, or one that was left on `only`.
  return exitCode === 0 ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}
