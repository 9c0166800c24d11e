import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../../../src/common/clock.ts';
import { systemRandom } from '../../../../src/common/random.ts';
import { DiskIndexFile } from '../../../../src/sessions/store/indexFile.ts';
import { makePrivateFolder } from '../../../../src/common/files/privateFolder.ts';
import { sealedFolder } from '../../../../src/sessions/vault/sealedFolder.ts';

async function mode(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe('the folder of our files', function () {
  let parent: string;
  let folder: string;
  let umask: number;
  before(function () {
    if (process.platform === 'win32') {
      // There are no such modes.
      this.skip();
    }
  });
  beforeEach(async () => {
    umask = process.umask(0);
    parent = await mkdtemp(join(tmpdir(), 'private-folder-'));
    folder = join(parent, 'globalStorage', 'ours');
  });
  afterEach(async () => {
    process.umask(umask);
    await rm(parent, { recursive: true, force: true });
  });

  it('is closed to other users, so that none of them can hold a lock in it', async () => {
    await makePrivateFolder(folder);
    assert.equal(await mode(folder), 0o700);
    assert.equal(await mode(join(parent, 'globalStorage')), 0o700);
  });

  it('is closed to others where it was open to them', async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
    await makePrivateFolder(folder);
    assert.equal(await mode(folder), 0o700);
  });

  it('has the index, its copy and the sealed records for their owner only, whatever the umask', async () => {
    const index = new DiskIndexFile(join(folder, 'sessions.json'), systemClock, systemRandom);
    await index.replace('one');
    await index.replaceCopy('one');
    await sealedFolder(join(folder, 'vault'), systemClock, systemRandom).write('session-1', 'sealed');
    assert.equal(await mode(folder), 0o700);
    assert.equal(await mode(join(folder, 'vault')), 0o700);
    assert.deepEqual((await readdir(folder)).toSorted(), ['sessions.json', 'sessions.json.copy', 'vault']);
    for (const file of ['sessions.json', 'sessions.json.copy', 'vault/session-1']) {
      assert.equal(await mode(join(folder, file)), 0o600, file);
    }
    index.dispose();
  });

  it('is made for its owner only by whoever comes first, be it to watch it', async () => {
    const index = new DiskIndexFile(join(folder, 'sessions.json'), systemClock, systemRandom);
    await index.watch();
    assert.equal(await mode(folder), 0o700);
    index.dispose();
  });
});
