import { join } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { buildExtension } from '../../esbuild.ts';
import { root } from './process.ts';

/** The packed extension. */
export const PACKAGE_FILE = join(root, 'dist', 'aws-sso-auth.vsix');

/** Builds the extension and packs it. Returns the path of the package. */
export async function packageExtension(): Promise<string> {
  await buildExtension();
  await createVSIX({ cwd: root, packagePath: PACKAGE_FILE, dependencies: false });
  return PACKAGE_FILE;
}
