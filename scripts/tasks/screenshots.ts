// Runs the tests in the newest VS Code, and takes over the pictures they made for the README and the walkthrough.
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../common/process.ts';
import { runTests } from '../common/testRun.ts';
import { outputFolder } from '../common/vscode.ts';
import { RELEASES } from '../../test/vscode/host/vscode.ts';

await runTests([], ['newest']);
const pictures = join(outputFolder(RELEASES.newest.version), 'screenshots', 'pictures');
for (const name of readdirSync(pictures)) {
  cpSync(join(pictures, name), join(root, 'media', 'walkthrough', name));
  console.log(`media/walkthrough/${name}`);
}
