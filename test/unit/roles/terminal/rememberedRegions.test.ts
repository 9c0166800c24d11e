import assert from 'node:assert/strict';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BoundedQueue } from '../../../../src/common/boundedQueue.ts';
import { systemClock } from '../../../../src/common/clock.ts';
import { systemRandom } from '../../../../src/common/random.ts';
import { RememberedRegions } from '../../../../src/roles/terminal/rememberedRegions.ts';

const ADMIN = { connection: 'acme', accountId: '111122223333', roleName: 'Admin' };
const AUDITOR = { ...ADMIN, roleName: 'Auditor' };
const { signal } = new AbortController();

describe('the regions that role terminals had last', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regions-'));
    path = join(folder, 'regions.json');
  });

  afterEach(() => rm(folder, { recursive: true }));

  function regions(disk = new BoundedQueue(systemClock, 5000)): RememberedRegions {
    return new RememberedRegions(path, disk, { clock: systemClock, random: systemRandom, rename });
  }

  it('are remembered for each role, the last one', async () => {
    await regions().remember(ADMIN, 'eu-west-1', signal);
    await regions().remember(AUDITOR, 'us-east-1', signal);
    await regions().remember(ADMIN, 'eu-central-1', signal);
    assert.equal(await regions().find(ADMIN), 'eu-central-1');
    assert.equal(await regions().find(AUDITOR), 'us-east-1');
    assert.equal(await regions().find({ ...ADMIN, connection: 'globex' }), undefined);
  });

  it('are not lost to one that cannot be understood', async () => {
    await regions().remember(ADMIN, 'eu-west-1', signal);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('}', ',"odd":{"region":"mars"}}'));
    assert.equal(await regions().find(ADMIN), 'eu-west-1');
    await regions().remember(AUDITOR, 'us-east-1', signal);
    assert.equal(await regions().find(ADMIN), 'eu-west-1');
  });

  it('are not written over where they cannot be read just now', async () => {
    await regions().remember(ADMIN, 'eu-west-1', signal);
    const disk = new BoundedQueue(systemClock, 5000);
    const run = disk.run.bind(disk);
    let fails = true;
    disk.run = async (work) => {
      if (fails) {
        fails = false;
        throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
      }
      return run(work);
    };
    await assert.rejects(regions(disk).remember(AUDITOR, 'us-east-1', signal), { code: 'EMFILE' });
    assert.equal(await regions().find(ADMIN), 'eu-west-1');
  });

  it('are unknown, and asked for again, where the file is damaged', async () => {
    await writeFile(path, '{');
    assert.equal(await regions().find(ADMIN), undefined);
    await regions().remember(ADMIN, 'eu-west-1', signal);
    assert.equal(await regions().find(ADMIN), 'eu-west-1');
  });
});
