// The suite of the extension host in a desktop VS Code, where its download can be reached.
import { join } from 'node:path';
import { buildExtension } from '../../esbuild.ts';
import { runDesktopSuite } from '../../test/vscode/extensionHostSuite.ts';
import { RELEASES } from '../../test/vscode/host/vscode.ts';
import { root } from '../common/process.ts';
import { runStages } from '../common/stages.ts';

const { version } = RELEASES.newest;
await runStages([
  {
    title: `In the extension host of the desktop's VS Code ${version}`,
    run: async () => {
      await buildExtension();
      return runDesktopSuite(version, join(root, 'dist', 'test-output', `desktop-${version}`));
    },
  },
]);
