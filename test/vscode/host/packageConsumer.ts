import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runProgram } from './npmInstall.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');

/** Packs the consumer extension. Returns the path of the package. */
export function packageConsumer(): Promise<string> {
  return packageFolder(join(root, 'test', 'vscode', 'consumer'), join(root, 'dist', 'test-consumer.vsix'));
}

/** Packs the extension in `folder` into `file`, and returns that. */
export async function packageFolder(folder: string, file: string): Promise<string> {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const flags = ['--no-dependencies', '--allow-missing-repository', '--skip-license'];
  await runProgram(process.execPath, [vsce, 'package', ...flags, '--out', file], { cwd: folder });
  return file;
}
