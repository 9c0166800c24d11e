import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Locks } from '../../../../src/common/locks/locks.ts';
import { openHostLocks } from '../../support/hostLocks.ts';
import type { LockKind } from '../../support/hostLocks.ts';

const HOLDER = new URL('../../support/lockHolder.ts', import.meta.url);
const isWindows = process.platform === 'win32';

const KINDS: readonly LockKind[] = ['system locks and lock files', 'lock files alone'];

for (const kind of KINDS) {
  describe(kind, function () {
    this.timeout(20_000);

    let folder: string;
    let locks: Locks;
    const holders = new Set<ChildProcess>();

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'locks-'));
      locks = await openHostLocks(folder, { kind });
    });

    afterEach(async () => {
      locks.dispose();
      for (const holder of holders) {
        holder.kill('SIGKILL');
      }
      holders.clear();
      await rm(folder, { recursive: true, force: true });
    });

    /** Another process that holds the lock. */
    const startHolder = async (): Promise<ChildProcess> => {
      const holder = fork(HOLDER, [kind, folder, 'name'], {
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      holders.add(holder);
      await once(holder, 'message');
      return holder;
    };

    it('gives a lock to one at a time, and at once to the next', async () => {
      const first = await locks.acquire('name', 0);
      assert.ok(first !== undefined);
      assert.equal(await locks.acquire('name', 0), undefined);
      const second = locks.acquire('name', 5000);
      first.dispose();
      assert.ok((await second) !== undefined);
    });

    it('keeps names apart', async () => {
      assert.ok((await locks.acquire('one', 0)) !== undefined);
      assert.ok((await locks.acquire('two', 0)) !== undefined);
    });

    it('waits no longer than asked', async () => {
      await locks.acquire('name', 0);
      const before = Date.now();
      assert.equal(await locks.acquire('name', 200), undefined);
      const waited = Date.now() - before;
      assert.ok(waited >= 190 && waited < 2000, `waited ${waited} ms`);
    });

    it('frees the lock of a process that is killed, at once', async () => {
      const holder = await startHolder();
      assert.equal(await locks.acquire('name', 0), undefined);
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      assert.ok((await locks.acquire('name', 2000)) !== undefined);
    });

    if (!isWindows) {
      it('never takes the lock of a process that is suspended', async () => {
        const holder = await startHolder();
        holder.kill('SIGSTOP');
        assert.equal(await locks.acquire('name', 500), undefined);
        holder.kill('SIGCONT');
        assert.equal(await locks.acquire('name', 0), undefined);
      });
    }

    it('lets many take turns, and no two at a time', async () => {
      let inside = 0;
      let turns = 0;
      const take = async (): Promise<void> => {
        const lock = await locks.acquire('name', 10_000);
        assert.ok(lock !== undefined, 'a turn never came');
        inside += 1;
        assert.equal(inside, 1);
        await new Promise(setImmediate);
        inside -= 1;
        turns += 1;
        lock.dispose();
      };
      await Promise.all(Array.from({ length: 12 }, take));
      assert.equal(turns, 12);
    });

    it('leaves nothing behind of a lock that is discarded', async () => {
      const lock = await locks.acquire('name', 0);
      lock?.dispose();
      await locks.discard('name');
      await locks.discard('never used');
      assert.deepEqual(await readdir(folder), []);
    });

    if (!isWindows) {
      it('keeps other users of the machine out, also where an earlier version did not', async () => {
        await chmod(folder, 0o755);
        await writeFile(join(folder, 'name.lock'), '', { mode: 0o644 });
        await locks.acquire('name', 0);
        assert.equal((await stat(folder)).mode & 0o777, 0o700);
        for (const file of ['name.claim', ...(kind === 'lock files alone' ? [] : ['name.lock'])]) {
          assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600, file);
        }
      });
    }

    it('goes on where the folder was deleted meanwhile', async () => {
      (await locks.acquire('name', 0))?.dispose();
      await rm(folder, { recursive: true });
      assert.ok((await locks.acquire('name', 0)) !== undefined);
    });

    it('says so when there is no place for locks', async () => {
      const file = join(folder, 'file');
      await writeFile(file, '');
      const nowhere = await openHostLocks(join(file, 'locks'), { kind });
      await assert.rejects(nowhere.acquire('name', 0));
      await nowhere.discard('name');
    });
  });
}
