import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readRegularFile } from '../../../../src/common/files/regularFile.ts';
import { hasNamedPipes, makeNamedPipe } from '../../support/namedPipe.ts';

describe('reading a file that somebody else may have put there', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regular-file-'));
    path = join(folder, 'file');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives its text, also behind a link', async () => {
    await writeFile(path, 'text – ü');
    await symlink(path, join(folder, 'link'));
    assert.equal(await readRegularFile(path), 'text – ü');
    assert.equal(await readRegularFile(join(folder, 'link')), 'text – ü');
  });

  it('says so when there is none, or a folder', async () => {
    await assert.rejects(readRegularFile(path), { code: 'ENOENT' });
    await assert.rejects(readRegularFile(folder), { code: /^(ENOTREG|EISDIR|EPERM)$/ });
  });

  it('never waits for a named pipe, however many it meets (leapp#240)', async function () {
    if (!hasNamedPipes) {
      this.skip();
    }
    makeNamedPipe(path);
    // More than a process has threads for its files.
    const reads = await Promise.allSettled(Array.from({ length: 16 }, () => readRegularFile(path)));
    const codes = reads.map((read) =>
      read.status === 'rejected' ? (read.reason as { code?: string }).code : 'read',
    );
    assert.deepEqual(new Set(codes), new Set(['ENOTREG']));
  });

  it('reads no device, and nothing of a size that no such file has', async function () {
    await writeFile(path, '');
    await truncate(path, 17 * 1024 * 1024);
    await assert.rejects(readRegularFile(path), { code: 'EFBIG' });
    if (hasNamedPipes) {
      await assert.rejects(readRegularFile('/dev/zero'), { code: 'ENOTREG' });
    }
  });
});
