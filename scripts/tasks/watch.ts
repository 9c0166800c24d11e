// Bundles the extension and checks the types, again whenever a file changes, until Ctrl-C.
import { watchExtension } from '../../esbuild.ts';
import { commandFile, exitOnSignals, runNode } from '../common/process.ts';

exitOnSignals();
await watchExtension(() => console.log(`Built at ${new Date().toLocaleTimeString()}.`));
const { exitCode } = await runNode(
  [commandFile('typescript', 'tsc'), '--project', '.', '--watch', '--preserveWatchOutput'],
  'show',
);
process.exit(exitCode);
