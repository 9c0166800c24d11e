import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inEnglish } from '../../../src/common/words.ts';
import type { HelperOutcome } from '../../../src/common/locks/helperProcess.ts';
import type { HostLocks } from '../../../src/common/locks/hostLocks.ts';
import { checkLocks } from '../../../src/diagnostics/checkLocks.ts';
import { FaultyLocks } from '../support/faultyLocks.ts';
import { openHostLocks } from '../support/hostLocks.ts';

/** Locks tried by nobody. */
const examined = (bySystem: HelperOutcome, byFile: HelperOutcome): Pick<HostLocks, 'examine'> => ({
  examine: async () => ({ systemLocks: { kind: 'working' }, bySystem, byFile }),
});

describe('the diagnostics try the locks with a second process, and', function () {
  this.timeout(30_000);
  let folder: string;
  let locks: HostLocks | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'check-locks-'));
  });
  afterEach(async () => {
    locks?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('say which kinds of lock are used, and leave nothing behind', async () => {
    const path = join(folder, 'locks');
    locks = await openHostLocks(path);
    assert.match(
      inEnglish(await checkLocks(locks, path)),
      /file locks and lock files work in .* and keep a second/,
    );
    assert.deepEqual(await readdir(path), []);
  });

  it('say that lock files are used alone, and why', async function () {
    const faulty = await FaultyLocks.build(folder);
    if (faulty === undefined) {
      this.skip(); // Only a C compiler on Linux makes the stand-in for such a file system.
    }
    await faulty.set('EACCES');
    locks = await openHostLocks(join(folder, 'locks'), { env: faulty.env });
    const found = inEnglish(await checkLocks(locks, folder));
    assert.match(
      found,
      /reported as taken even when nobody holds them \(SQLITE_BUSY\)\. Lock files are used instead/,
    );
  });

  const granted: HelperOutcome = { kind: 'granted', lock: { dispose: () => undefined } };
  it('fail where a second process could take a lock that is held', async () => {
    await assert.rejects(
      checkLocks(examined(granted, granted), '/home'),
      /A second process was able to take a lock/,
    );
    const failed: HelperOutcome = { kind: 'failed', code: 'EIO' };
    await assert.rejects(
      checkLocks(examined(failed, granted), '/home'),
      /A second process was able to take a lock/,
    );
  });

  it('report no problem where one kind of lock keeps it out', async () => {
    assert.match(
      inEnglish(await checkLocks(examined(granted, { kind: 'busy' }), '/home')),
      /keep a second process out/,
    );
  });

  it('say when there was no second process to be had', async () => {
    const failed: HelperOutcome = { kind: 'failed', code: 'exit 1' };
    assert.match(
      inEnglish(await checkLocks(examined(failed, failed), '/home')),
      /couldn't be tested.*exit 1/,
    );
  });
});
