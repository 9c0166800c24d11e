import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { RereadFile } from '../../../../src/common/files/rereadFile.ts';

describe('a file that is read again and again', () => {
  let folder: string;
  let path: string;
  let file: RereadFile;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reread-file-'));
    path = join(folder, 'file');
    file = new RereadFile(path);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives what is in it, whether it has become longer, shorter, or nothing at all', async () => {
    const long = 'ü'.repeat(400_000);
    for (const text of ['one', long, 'two', 'two', 'two and more', '', 'three', long, long]) {
      await writeFile(path, text);
      assert.equal(await file.read(), text);
    }
  });

  it('is undefined while it is not there', async () => {
    assert.equal(await file.read(), undefined);
    await writeFile(path, 'one');
    assert.equal(await file.read(), 'one');
    await rm(path);
    assert.equal(await file.read(), undefined);
    await writeFile(path, 'one');
    assert.equal(await file.read(), 'one');
  });

  it('is not taken for unchanged because its size and its times are', async () => {
    await writeFile(path, 'one');
    const { atime, mtime, ino } = await stat(path);
    assert.equal(await file.read(), 'one');
    await writeFile(path, 'two');
    await utimes(path, atime, mtime);
    const now = await stat(path);
    assert.deepEqual([now.size, now.mtimeMs, now.ino], [3, mtime.getTime(), ino]);
    assert.equal(await file.read(), 'two');
  });

  it('is read whole by each of several readers at once', async () => {
    const texts = ['a', 'b'].map((letter) => letter.repeat(300_000));
    for (const text of [...texts, ...texts]) {
      await writeFile(path, text);
      const read = await Promise.all([file.read(), file.read(), file.read()]);
      assert.ok(read.every((found) => found === text));
    }
  });

  it('refuses what is no regular file', async () => {
    await assert.rejects(new RereadFile(folder).read(), { code: /^(ENOTREG|EISDIR|EPERM)$/ });
  });
});
