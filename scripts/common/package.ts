import { join } from 'node:path';
import { root, runNode } from './process.ts';

/** The packed extension: the script `package` in package.json names it. */
export const PACKAGE_FILE = join(root, 'dist', 'aws-sso-auth.vsix');

/**
 * Builds the extension and packs it into `PACKAGE_FILE`.
 * @returns what is in it, as vsce tells
 * @throws Error with the words of vsce
 */
export async function packageExtension(): Promise<string> {
  const { exitCode, output } = await runNode(['--run', 'package'], 'capture');
  if (exitCode !== 0) throw new Error(`The extension could not be packed:\n${output}`);
  return output;
}
