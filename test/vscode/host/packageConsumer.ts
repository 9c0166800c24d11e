import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createVSIX } from '@vscode/vsce';

const root = resolve(import.meta.dirname, '..', '..', '..');

/** Packs the consumer extension. Returns the path of the package. */
export async function packageConsumer(): Promise<string> {
  const packagePath = join(root, 'dist', 'test-consumer.vsix');
  mkdirSync(join(root, 'dist'), { recursive: true });
  await createVSIX({
    cwd: join(root, 'test', 'vscode', 'consumer'),
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  return packagePath;
}
