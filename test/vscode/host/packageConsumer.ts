import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runProgram } from './npmInstall.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');

/** Packs the consumer extension. Returns the path of the package. */
export async function packageConsumer(): Promise<string> {
  const file = join(root, 'dist', 'test-consumer.vsix');
  mkdirSync(join(root, 'dist'), { recursive: true });
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--skip-license'];
  await runProgram(process.execPath, [vsce, 'package', ...flags, '--out', file], {
    cwd: join(root, 'test', 'vscode', 'consumer'),
  });
  return file;
}
