import type { RELEASES } from '../../test/vscode/host/vscode.ts';
import { runMochaScript } from './mocha.ts';
import { packageExtension } from './package.ts';
import { exitOnSignals, runScript } from './process.ts';
import { runStages, type Counts, type Stage } from './stages.ts';
import { vscodeStages } from './vscode.ts';

/** The checks that need no VS Code. */
export const QUICK_STAGES: readonly Stage[] = [
  { title: 'Lint, format and types', run: lint },
  { title: 'Unit tests', run: () => runMochaScript('test:unit') },
  { title: 'Simulated fleets', run: () => runMochaScript('test:simulation') },
  { title: 'Real processes', run: () => runMochaScript('test:processes') },
];

async function lint(): Promise<Counts> {
  const { exitCode } = await runScript('lint');
  return exitCode === 0 ? { passed: 1, failed: 0, skipped: [] } : { passed: 0, failed: 1, skipped: [] };
}

/** Runs `first`, packs the extension, and runs it in these versions of VS Code. */
export async function runTests(
  first: readonly Stage[],
  releases: readonly (keyof typeof RELEASES)[],
): Promise<void> {
  exitOnSignals();
  const packing: Stage = {
    title: 'Package',
    required: true,
    run: async () => {
      console.log(await packageExtension());
      return { passed: 1, failed: 0, skipped: [] };
    },
  };
  await runStages([...first, packing, ...releases.flatMap((release) => vscodeStages(release))]);
}
