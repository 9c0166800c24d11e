// Runs the tests in the newest VS Code, and takes over the pictures they made for the README and the walkthrough.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from '../common/process.ts';
import { runTests } from '../common/testRun.ts';
import { outputFolder } from '../common/vscode.ts';
import { RELEASES } from '../../test/vscode/host/vscode.ts';

await runTests([], ['newest']);
const pictures = join(outputFolder(RELEASES.newest.version), 'screenshots', 'pictures');
for (const name of readdirSync(pictures)) {
  // A palette is enough for an editor's colors, and half the size in the package.
  await sharp(join(pictures, name))
    .png({ palette: true, effort: 10, compressionLevel: 9 })
    .toFile(join(root, 'media', 'walkthrough', name));
  console.log(`media/walkthrough/${name}`);
}
