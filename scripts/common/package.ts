import { join } from 'node:path';
import { buildExtension } from '../../esbuild.ts';
import { commandFile, root, runNode } from './process.ts';

/** The packed extension. */
export const PACKAGE_FILE = join(root, 'dist', 'aws-sso-auth.vsix');

/**
 * Builds the extension and packs it into `PACKAGE_FILE`.
 * @returns what is in it, as vsce tells
 * @throws Error with the words of vsce
 */
export async function packageExtension(): Promise<string> {
  await buildExtension();
  const args = [commandFile('@vscode/vsce', 'vsce'), 'package', '--no-dependencies', '--out', PACKAGE_FILE];
  const { exitCode, output } = await runNode(args, 'capture');
  if (exitCode !== 0) throw new Error(`The extension could not be packed:\n${output}`);
  return output;
}
