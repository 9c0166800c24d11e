// End-to-end tests in the newest VS Code, or with --minimum in the oldest: all, or those of the files named, such as
// test/vscode/e2e/scopes.test.ts.
import { packageExtension } from '../common/package.ts';
import { exitOnSignals } from '../common/process.ts';
import { runStages } from '../common/stages.ts';
import { endToEnd } from '../common/vscode.ts';

exitOnSignals();
console.log(await packageExtension());
const args = process.argv.slice(2);
const release = args.includes('--minimum') ? 'minimum' : 'newest';
const files = args.filter((arg) => arg !== '--minimum');
await runStages([endToEnd(release, files.length === 0 ? undefined : files)]);
