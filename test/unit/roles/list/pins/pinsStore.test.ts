import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BoundedQueue } from '../../../../../src/common/boundedQueue.ts';
import { systemClock } from '../../../../../src/common/clock.ts';
import { WatchedFolder } from '../../../../../src/common/files/watchedFolder.ts';
import type { Locks } from '../../../../../src/common/locks/locks.ts';
import { systemRandom } from '../../../../../src/common/random.ts';
import { PinsStore } from '../../../../../src/roles/list/pins/pinsStore.ts';
import type { RoleKey } from '../../../../../src/roles/role.ts';
import { eventually } from '../../../../support/eventually.ts';
import { openHostLocks } from '../../../support/hostLocks.ts';

const role = (roleName: string): RoleKey => ({ connection: 'acme', accountId: '111122223333', roleName });
const names = ({ pins: { pins } }: PinsStore): readonly string[] =>
  pins
    .filter(({ isPinned }) => isPinned)
    .map(({ roleName }) => roleName)
    .toSorted();

/** Locks that never exclude, as on a home folder that is mounted twice. */
const NO_LOCKS: Locks = {
  acquire: async () => ({ dispose: () => {} }),
  discard: async () => {},
  dispose: () => {},
};

describe('the pins on the disk', function () {
  this.timeout(60_000);

  let path: string;
  let closing: (() => Promise<void> | void)[];
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'pins-'));
    closing = [() => rm(path, { recursive: true })];
  });
  afterEach(async () => {
    for (const close of closing.toReversed()) await close();
  });

  async function window(locks?: Locks): Promise<PinsStore> {
    const folder = new WatchedFolder(join(path, 'roles'), systemClock, systemRandom);
    await folder.watch();
    return open(folder, locks);
  }

  async function open(folder: WatchedFolder, locks?: Locks): Promise<PinsStore> {
    const used = locks ?? (await openHostLocks(join(path, 'locks')));
    const disk = new BoundedQueue(systemClock, 5000);
    const log = { info: () => {}, warn: () => {} };
    const store = new PinsStore({ folder, disk, locks: used, clock: systemClock, log });
    closing.push(
      () => folder.dispose(),
      () => used.dispose(),
      () => store.close(),
    );
    await store.load();
    return store;
  }

  it('are seen by other windows, for their owner only', async () => {
    const [a, b] = [await window(), await window()];
    await a.setPinned(role('Admin'), true);
    await eventually('the other window has it', () => names(b).includes('Admin') || undefined);
    const { mode } = await stat(join(path, 'roles', 'pins.json'));
    assert.equal(mode & 0o077, 0);
    await b.setPinned(role('Admin'), false);
    await eventually('it is gone', () => names(a).length === 0 || undefined);
    assert.deepEqual(names(await window()), []);
  });

  for (const [how, locks] of [
    ['with locks', undefined],
    ['where locks exclude nobody', NO_LOCKS],
  ] as const) {
    it(`of many windows at once are all kept, ${how}`, async () => {
      const windows = await Promise.all(Array.from({ length: 4 }, () => window(locks)));
      const expected = windows.flatMap((_, index) => [`Role-${index}-a`, `Role-${index}-b`]);
      await Promise.all(
        windows.flatMap((store, index) => [
          store.setPinned(role(`Role-${index}-a`), true),
          store.setUsed(role(`Used-${index}`)),
          store.setPinned(role(`Role-${index}-b`), true),
        ]),
      );
      for (const store of windows) {
        await eventually('all of them', () => names(store).length === expected.length || undefined);
      }
      const later = await eventually('all of them on the disk', async () => {
        const store = await window(locks);
        return names(store).length === expected.length ? store : undefined;
      });
      assert.deepEqual(names(later), expected);
      assert.equal(later.pins.recents.length, 4);
    });
  }

  it('start empty where the file is damaged, and are brought back by a window that knows them', async () => {
    const first = await window();
    await first.setPinned(role('Admin'), true);
    await first.close();
    await writeFile(join(path, 'roles', 'pins.json'), '{"format":1,');
    const second = await window();
    assert.deepEqual(names(second), []);
    await second.setPinned(role('Billing'), true);
    await writeFile(join(path, 'roles', 'pins.json'), '{"format":1,');
    await eventually('they are back', async () => {
      const text = await readFile(join(path, 'roles', 'pins.json'), 'utf8');
      return text.includes('Billing') || undefined;
    });
  });

  it('are written by no window that is closed', async () => {
    const store = await window();
    await store.setPinned(role('Admin'), true);
    const file = join(path, 'roles', 'pins.json');
    await writeFile(file, '{"format":1,');
    const loading = store.load();
    await store.close();
    await writeFile(file, 'written by another window');
    await loading;
    assert.equal(await readFile(file, 'utf8'), 'written by another window');
  });

  it('hold in the window where they cannot be written', async () => {
    await writeFile(join(path, 'file'), 'no folder');
    const store = await open(new WatchedFolder(join(path, 'file', 'roles'), systemClock, systemRandom));
    await assert.rejects(store.setPinned(role('Billing'), true));
    assert.deepEqual(names(store), ['Billing']);
    await store.setUsed(role('Billing'));
    assert.equal(store.pins.recents.length, 1);
  });

  it('leave the file of a newer version alone', async () => {
    const first = await window();
    await first.setPinned(role('Admin'), true);
    const file = join(path, 'roles', 'pins.json');
    await first.close();
    const newer = JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), format: 2 });
    await writeFile(file, newer);
    const store = await window();
    assert.deepEqual(names(store), ['Admin']);
    await store.setPinned(role('Billing'), true);
    assert.deepEqual(names(store), ['Admin', 'Billing']);
    assert.equal(await readFile(file, 'utf8'), newer);
  });
});
