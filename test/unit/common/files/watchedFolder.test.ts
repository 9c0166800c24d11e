import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../../../src/common/clock.ts';
import { WatchedFolder } from '../../../../src/common/files/watchedFolder.ts';
import { systemRandom } from '../../../../src/common/random.ts';
import { eventually } from '../../../support/eventually.ts';

describe('a folder of files that windows share', () => {
  let path: string;
  beforeEach(async () => (path = await mkdtemp(join(tmpdir(), 'folder-'))));
  afterEach(() => rm(path, { recursive: true }));

  it('tells the other windows which file was written or removed, and is closed to other users', async () => {
    await mkdir(join(path, 'shared'));
    await chmod(join(path, 'shared'), 0o755);
    const [here, there] = [0, 1].map(
      () => new WatchedFolder(join(path, 'shared'), systemClock, systemRandom),
    );
    assert.ok(here !== undefined && there !== undefined);
    await there.watch();
    const changed: (string | undefined)[] = [];
    there.onDidChange((name) => changed.push(name));
    await here.replace('a.json', '{}');
    await eventually('the news', () => changed.includes('a.json') || undefined);
    assert.equal(await there.read('a.json'), '{}');
    assert.equal((await stat(join(path, 'shared'))).mode & 0o077, 0);
    await here.remove('a.json');
    await here.remove('a.json');
    assert.equal(await there.read('a.json'), undefined);
    there.dispose();
    here.dispose();
  });
});
