import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLE } from '../../esbuild.ts';
import { PACKAGE_FILE, packageExtension } from '../../scripts/common/package.ts';
import { root } from '../../scripts/common/process.ts';
import { startBundle } from '../unit/package/startup.ts';
import { provideVsCode, RELEASES } from '../vscode/host/vscode.ts';
import { pairedRow, plainRow } from './row.ts';
import type { Benchmark, Row } from './row.ts';

const KB = 1024;
const BUILT_IN = ['github-authentication', 'microsoft-authentication'];

/** How large the extension is: what is loaded at activation, and what is packed. */
export const sizes: Benchmark = {
  name: 'sizes',
  runs: 1,
  measure: async () => {
    await packageExtension();
    const { atActivation, started } = await startBundle(BUNDLE);
    const [ours, all] = await Promise.all([sizeOf(atActivation), sizeOf(started)]);
    const vscode = await provideVsCode(RELEASES.newest);
    const later = started.length - atActivation.length;
    const caption = {
      name: 'code loaded at activation',
      unit: 'bytes',
      goal: '≤ 4,500',
      note:
        `${atActivation.length} modules of ours and no dependency; ` +
        `after VS Code considers it active, another ${later} with ${all - ours} bytes`,
    };
    const codeRows = BUILT_IN.map(async (peerName): Promise<Row> => {
      const folder = join(vscode.folder, 'lib', 'vscode', 'extensions', peerName);
      const { size } = await stat(join(folder, 'dist', 'extension.js'));
      return pairedRow({ ...caption, peerName }, [{ ours, peer: size }]);
    });
    const packed = { name: 'package (.vsix)', unit: 'bytes', goal: `≤ ${600 * KB}` };
    return [...(await Promise.all(codeRows)), plainRow(packed, [(await stat(PACKAGE_FILE)).size])];
  },
};

async function sizeOf(files: readonly string[]): Promise<number> {
  const stats = await Promise.all(files.map((file) => stat(join(root, 'dist', 'extension', file))));
  return stats.reduce((sum, { size }) => sum + size, 0);
}
