import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import type { Metafile } from 'esbuild';

import { buildExtension } from '../../../esbuild.ts';
import { nonEmpty } from '../support/nonEmpty.ts';
import { startBundle } from './startup.ts';
import type { Startup } from './startupProcess.ts';

const KB = 1024;
/** Of its own: other tests bundle into `dist/extension` at the same time. */
const BUNDLE = 'dist/test-output/startup';

async function totalSize(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(BUNDLE, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe('the start of the bundled extension, for a user who never signed in,', function () {
  this.timeout(60_000);
  let startup: Startup;
  let metafile: Metafile;
  before(async () => {
    metafile = await buildExtension(BUNDLE);
    startup = await startBundle(BUNDLE);
  });

  it('reads no secret and writes none, so that no keyring asks to be unlocked (vscode#187284)', () => {
    const { secretReads, secretWrites } = startup;
    assert.deepEqual({ secretReads, secretWrites }, { secretReads: 0, secretWrites: 0 });
  });

  it('starts no process and no thread', function () {
    if (process.platform !== 'linux') this.skip(); // Elsewhere a program of the system tells which machine this is.
    assert.equal(startup.helpers, 0);
  });

  it('loads at most 2 modules and 3,750 bytes before VS Code counts it as active', async () => {
    const { atActivation } = startup;
    assert.ok(atActivation.includes('extension.cjs'), atActivation.join(', '));
    assert.ok(atActivation.length <= 2, atActivation.join(', '));
    const size = await totalSize(atActivation);
    assert.ok(size <= 3750, `${size} bytes in ${atActivation.join(', ')}`);
  });

  it('loads at most 14 modules and 164 KB until everything has started', async () => {
    const { started } = startup;
    assert.ok(
      started.some((file) => file.startsWith('services-')),
      started.join(', '),
    );
    assert.ok(started.length <= 14, started.join(', '));
    const size = await totalSize(started);
    assert.ok(size <= 164 * KB, `${size} bytes in ${started.join(', ')}`);
  });

  it('loads nothing of the portal', () => {
    const inputs = Object.entries(metafile.outputs).map(([output, { inputs }]) => ({
      file: basename(output),
      isPortals: Object.keys(inputs).some((input) => input.includes('src/portal/')),
    }));
    const portals = nonEmpty(
      'chunk with the portal',
      inputs.filter(({ isPortals }) => isPortals),
    );
    assert.deepEqual(
      portals.map(({ file }) => file).filter((file) => startup.started.includes(file)),
      [],
    );
  });

  it('never stays failed: a start that failed is made again, with nothing of the first in its way', async () => {
    const { started, ends } = await startBundle(BUNDLE, 2);
    assert.ok(started.length > 0);
    assert.equal(ends, true);
  });

  it('ends at once when the window closes and nothing is in progress', () => {
    assert.equal(startup.ends, true);
  });
});
