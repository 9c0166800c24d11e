import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import type { Clock } from '../../../src/common/clock.ts';
import { systemClock } from '../../../src/common/clock.ts';
import type { LogEvent } from '../../../src/common/log.ts';
import type { HostLocks } from '../../../src/common/locks/hostLocks.ts';
import { FaultyLocks } from '../support/faultyLocks.ts';
import type { LockFault } from '../support/faultyLocks.ts';
import { openHostLocks } from '../support/hostLocks.ts';

/** What the log says of each, and how soon a lock is to be had all the same. */
const CASES: readonly {
  readonly fault: LockFault;
  readonly title: string;
  readonly reason: string;
  readonly code: string;
}[] = [
  { fault: 'EACCES', title: 'always "busy", as on CIFS 3.1.1', reason: 'alwaysBusy', code: 'SQLITE_BUSY' },
  { fault: 'ENOLCK', title: 'refused with ENOLCK', reason: 'alwaysBusy', code: 'SQLITE_BUSY' },
  { fault: 'EIO', title: 'refused with EIO', reason: 'failing', code: 'SQLITE_10' },
  { fault: 'ENOTCONN', title: 'refused with ENOTCONN', reason: 'failing', code: 'SQLITE_10' },
  {
    fault: 'block',
    title: 'never answered, as on NFS v3 without its lock service',
    reason: 'blocking',
    code: 'ETIMEDOUT',
  },
];

describe("where the system's locks do not work", function () {
  this.timeout(30_000);

  let folder: string;
  let faulty: FaultyLocks;
  let events: LogEvent[];
  const opened: HostLocks[] = [];

  before(async function () {
    folder = await mkdtemp(join(tmpdir(), 'faulty-locks-'));
    const built = await FaultyLocks.build(folder);
    if (built === undefined) {
      this.skip(); // Only a C compiler on Linux makes the stand-in for such a file system.
    }
    faulty = built;
  });

  after(() => rm(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    events = [];
    await rm(join(folder, 'locks'), { recursive: true, force: true });
  });

  afterEach(() => {
    for (const locks of opened.splice(0)) {
      locks.dispose();
    }
  });

  /** A window that shares the folder. Each has a helper process of its own, so the system tells them apart. */
  const open = async (env: NodeJS.ProcessEnv, clock: Clock = systemClock): Promise<HostLocks> => {
    const locks = await openHostLocks(join(folder, 'locks'), { env, events, clock });
    opened.push(locks);
    return locks;
  };

  for (const { fault, title, reason, code } of CASES) {
    it(`${title}: lock files are used instead, within seconds, and the log says so once`, async () => {
      await faulty.set(fault);
      const before = Date.now();
      const locks = await open(faulty.env);
      const lock = await locks.acquire('name', 0);
      assert.ok(lock !== undefined, 'nobody holds it');
      assert.ok(Date.now() - before < 15_000, `${Date.now() - before} ms`);
      assert.deepEqual(locks.systemLocks, { kind: 'unusable', reason, code });
      assert.ok((await locks.acquire('another', 0)) !== undefined);
      assert.deepEqual(
        events.map(({ operation, code: logged }) => ({ operation, code: logged })),
        [{ operation: 'system locks', code }],
      );
    });
  }

  it('whoever finds them working and whoever does not keep each other out', async () => {
    await faulty.set('EACCES');
    const working = await open(process.env);
    const broken = await open(faulty.env);
    const first = await working.acquire('name', 0);
    assert.ok(first !== undefined);
    assert.equal(await broken.acquire('name', 0), undefined);
    first.dispose();
    const second = await broken.acquire('name', 5000);
    assert.ok(second !== undefined);
    assert.equal(await working.acquire('name', 200), undefined);
    second.dispose();
    assert.ok((await working.acquire('name', 5000)) !== undefined);
  });

  it('two mounts, each of which grants every lock, keep each other out by lock files', async () => {
    await faulty.set('grant');
    const [one, other] = [await open(faulty.env), await open(faulty.env)];
    const lock = await one.acquire('name', 0);
    assert.equal(await other.acquire('name', 200), undefined);
    assert.equal(other.systemLocks.kind, 'working');
    lock?.dispose();
    assert.ok((await other.acquire('name', 5000)) !== undefined);
  });

  it('a lock that another window holds is not an error of the disk', async () => {
    await faulty.set('none');
    const [one, other] = [await open(faulty.env), await open(faulty.env)];
    await one.acquire('name', 0);
    assert.equal(await other.acquire('name', 200), undefined);
    assert.equal(other.systemLocks.kind, 'working');
    assert.deepEqual(events, []);
    const files = await readdir(join(folder, 'locks'));
    assert.ok(
      files.every((file) => file.startsWith('name.')),
      files.join(', '),
    );
  });

  it('a call that blocks stops nothing else in the extension host', async () => {
    await faulty.set('block');
    const locks = await open(faulty.env);
    const delays = monitorEventLoopDelay({ resolution: 10 });
    delays.enable();
    assert.ok((await locks.acquire('name', 0)) !== undefined);
    delays.disable();
    const longestMs = delays.max / 1e6;
    assert.ok(longestMs < 2000, `nothing else ran for ${longestMs} ms`);
  });

  it('they are tried again later, and used once they work', async () => {
    let skippedMs = 0;
    const clock: Clock = {
      now: () => Date.now() + skippedMs,
      schedule: (callback, delayMs) => systemClock.schedule(callback, delayMs),
    };
    await faulty.set('EACCES');
    const locks = await open(faulty.env, clock);
    (await locks.acquire('name', 0))?.dispose();
    await faulty.set('none');
    (await locks.acquire('name', 0))?.dispose();
    assert.equal(locks.systemLocks.kind, 'unusable');
    skippedMs = 5 * 60_000;
    assert.ok((await locks.acquire('name', 0)) !== undefined);
    assert.equal(locks.systemLocks.kind, 'working');
    assert.equal(events.at(-1)?.outcome, 'work again');
  });
});
