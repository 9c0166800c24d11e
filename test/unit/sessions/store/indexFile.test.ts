import assert from 'node:assert/strict';
import { mkdtemp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../../../src/common/clock.ts';
import { systemRandom } from '../../../../src/common/random.ts';
import { DiskIndexFile } from '../../../../src/sessions/store/indexFile.ts';
import { HastyClock } from '../../../support/hastyClock.ts';

describe('the index file', () => {
  let folder: string;
  let path: string;
  let file: DiskIndexFile;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'index-file-'));
    path = join(folder, 'below', 'sessions.json');
    file = new DiskIndexFile(path, systemClock, systemRandom);
  });

  afterEach(async () => {
    file.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('is undefined until it is written, for its owner only, in a folder made for it', async () => {
    assert.equal(await file.read(), undefined);
    await file.replace('one');
    await file.replace('two');
    await file.replaceCopy('copy of one');
    assert.equal(await file.read(), 'two');
    assert.equal(await file.readCopy(), 'copy of one');
    assert.deepEqual(await readdir(join(folder, 'below')), ['sessions.json', 'sessions.json.copy']);
    if (process.platform !== 'win32') {
      assert.equal((await stat(path)).mode & 0o777, 0o600);
    }
  });

  it('never shows a reader a part of it, however many write', async () => {
    const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
    await file.replace(texts[0] ?? '');
    const writing = Promise.all(texts.map((text) => file.replace(text)));
    for (let reads = 0; reads < 50; reads += 1) {
      const text = (await file.read()) ?? '';
      assert.ok(texts.includes(text), `read ${text.length} characters of another text`);
    }
    await writing;
  });

  it('waits until a virus scanner closes it (aws-toolkit-vscode PR#5361)', async () => {
    const clock = new HastyClock();
    const busy = new DiskIndexFile(path, clock, systemRandom, async (from, to) => {
      if (clock.waits.length < 2) {
        throw Object.assign(new Error('held open'), { code: 'EPERM' });
      }
      await rename(from, to);
    });
    await busy.replace('text');
    assert.equal(await readFile(path, 'utf8'), 'text');
    assert.deepEqual(clock.waits, [40, 80]);
  });

  it('leaves nothing behind when it cannot be replaced', async () => {
    await mkdir(path, { recursive: true });
    await assert.rejects(file.replace('text'));
    assert.deepEqual(await readdir(join(folder, 'below')), ['sessions.json']);
  });

  it('keeps what it sets aside, and does not mind when there is nothing', async () => {
    await file.setAside();
    await file.replace('damaged');
    await file.setAside();
    assert.equal(await file.read(), undefined);
    const files = await readdir(join(folder, 'below'));
    const aside = files.find((name) => /^sessions\.json\.unreadable-\d+$/.test(name));
    assert.ok(aside !== undefined, `only ${files.join(', ')}`);
    assert.equal(await readFile(join(folder, 'below', aside), 'utf8'), 'damaged');
    await file.setAside();
    assert.equal(await readFile(join(folder, 'below', aside), 'utf8'), 'damaged', 'another window was first');
  });

  it('keeps only what it has set aside last', async () => {
    for (const now of [1, 2, 3]) {
      const at = new DiskIndexFile(path, { ...systemClock, now: () => now }, systemRandom);
      await at.replace(`damaged ${now}`);
      await at.setAside();
      at.dispose();
    }
    const files = await readdir(join(folder, 'below'));
    assert.deepEqual(
      files.filter((name) => name.includes('unreadable')),
      ['sessions.json.unreadable-3'],
    );
  });

  it('tells of changes by other windows', async () => {
    await file.watch();
    const changed = new Promise<void>((resolve) => void file.onDidChange(resolve));
    const other = new DiskIndexFile(path, systemClock, systemRandom);
    await other.replace('from the other window');
    await changed;
    assert.equal(await file.read(), 'from the other window');
  });

  it('tells of nothing but itself', async () => {
    await file.watch();
    let changes = 0;
    file.onDidChange(() => (changes += 1));
    await writeFile(join(folder, 'below', 'something else'), '');
    const changed = new Promise<void>((resolve) => void file.onDidChange(resolve));
    await file.replace('text');
    await changed;
    assert.ok(changes >= 1 && changes <= 2, `${changes} changes`);
  });
});
