import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { HostLocks } from '../../src/common/locks/hostLocks.ts';
import { systemClock } from '../../src/common/clock.ts';
import { systemRandom } from '../../src/common/random.ts';
import { DiskIndexFile } from '../../src/sessions/store/indexFile.ts';
import { startIdentityCenter } from '../identity-center/server.ts';
import { Fleet } from '../processes/fleet.ts';
import { eventually } from '../support/eventually.ts';
import { openHostLocks } from '../unit/support/hostLocks.ts';
import { FILE_SYSTEMS, Mounts, whyNot } from './mounts.ts';

const HOLDER = new URL('../unit/support/lockHolder.ts', import.meta.url);
const TOKEN_SECONDS = 8;
const FLEET_SECONDS = 40;

for (const fileSystem of FILE_SYSTEMS) {
  describe(`a home on ${fileSystem.name}, mounted twice`, function () {
    this.timeout(180_000);

    let mounts: Mounts;
    let here: HostLocks;
    let there: string;
    const holders = new Set<ChildProcess>();

    before(async function () {
      const reason = await whyNot(fileSystem);
      if (reason !== undefined) {
        console.log(`    skipped: ${reason}`);
        this.skip();
      }
    });

    beforeEach(async () => {
      mounts = await Mounts.prepare(fileSystem);
      here = await openHostLocks(join((await mounts.mount('here')).path, 'locks'));
      there = join((await mounts.mount('there')).path, 'locks');
    });

    afterEach(async () => {
      here.dispose();
      for (const holder of holders) {
        holder.kill('SIGKILL');
      }
      holders.clear();
      await mounts.close();
    });

    const home = (name: string): string => mounts.path(name);

    /** A process that holds the lock through the other mount. @param machine another one than this, if any */
    const holdThere = async (machine = ''): Promise<ChildProcess> => {
      const kind = 'system locks and lock files';
      const holder = fork(HOLDER, [kind, there, 'name', machine], { execArgv: [] });
      holders.add(holder);
      assert.deepEqual(await once(holder, 'message'), ['held', undefined]);
      return holder;
    };

    it('gives a lock to one at a time, whichever mount it comes by', async () => {
      const holder = await holdThere();
      assert.equal(await here.acquire('name', 500), undefined);
      holder.send('release');
      await once(holder, 'message');
      assert.ok((await here.acquire('name', 5000)) !== undefined);
    });

    it('frees the lock of a process of this machine that is killed, at once', async () => {
      const holder = await holdThere();
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      assert.ok((await here.acquire('name', 5000)) !== undefined);
    });

    it('leaves the lock to a process of another machine while it lives, and frees it within a minute after', async () => {
      const holder = await holdThere('another machine');
      assert.equal(await here.acquire('name', 45_000), undefined);
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      assert.ok((await here.acquire('name', 60_000)) !== undefined);
    });

    it('when it does not answer, stops neither the extension host nor a lock forever', async () => {
      (await here.acquire('name', 0))?.dispose();
      const { server, path } = await mounts.mount('stuck');
      const stuck = await openHostLocks(join(path, 'locks'));
      (await stuck.acquire('name', 0))?.dispose();
      server.kill('SIGSTOP');
      const delays = monitorEventLoopDelay({ resolution: 10 });
      delays.enable();
      const before = Date.now();
      try {
        await assert.rejects(stuck.acquire('name', 0), { code: 'Timeout' });
        await assert.rejects(stuck.acquire('name', 0), { code: 'Timeout' });
      } finally {
        delays.disable();
        server.kill('SIGCONT');
      }
      assert.ok(Date.now() - before < 30_000);
      assert.ok(delays.max / 1e6 < 2000, `nothing else ran for ${delays.max / 1e6} ms`);
      assert.ok((await withRetries(() => stuck.acquire('name', 5000))) !== undefined);
      stuck.dispose();
    });

    it('whose server dies, gives no lock to anybody until it is back', async () => {
      (await here.acquire('name', 0))?.dispose();
      mounts.break('here');
      await assert.rejects(here.acquire('name', 0), { code: 'ENOTCONN' });
      await mounts.unmount('here');
      await mounts.mount('here');
      assert.ok((await here.acquire('name', 5000)) !== undefined);
    });

    it('tells nobody of a change that comes by the other mount: whoever reads sees it', async () => {
      const [ours, theirs] = [indexIn(home('here')), indexIn(home('there'))];
      await ours.watch();
      let told = 0;
      ours.onDidChange(() => (told += 1));
      await theirs.replace('theirs');
      await eventually('the other mount’s text is there', async () =>
        (await ours.read()) === 'theirs' ? true : undefined,
      );
      assert.equal(told, 0);
      const own = new Promise<void>((resolve) => ours.onDidChange(() => resolve()));
      await ours.replace('ours');
      await own;
      ours.dispose();
      theirs.dispose();
    });

    it('lets eight windows, split over the mounts, refresh without one token sent twice', async () => {
      const center = await startIdentityCenter({ accessTokenTtlSeconds: TOKEN_SECONDS });
      const fleet = await Fleet.open(center, 8, [home('here'), home('there')]);
      try {
        const added = center.requests.next(({ grantType }) => grantType === 'refresh_token');
        await fleet.signIn();
        await added;
        await fleet.work(FLEET_SECONDS, 0);
      } finally {
        await fleet.close();
        await center.close();
      }
      const { refreshes, rejections, ended, removed } = fleet.figures;
      console.log(fleet.figures);
      assert.ok(refreshes >= FLEET_SECONDS / TOKEN_SECONDS - 1, `${refreshes} refreshes`);
      assert.deepEqual({ rejections, ended, removed }, { rejections: 0, ended: [], removed: 0 });
    });
  });
}

function indexIn(folder: string): DiskIndexFile {
  return new DiskIndexFile(join(folder, 'sessions.json'), systemClock, systemRandom);
}

/** What comes of `work`, which may fail for a while after a disk has come back. */
async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 20) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
