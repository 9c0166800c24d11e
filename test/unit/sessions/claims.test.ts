import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { LogEvent } from '../../../src/common/log.ts';
import { systemRandom } from '../../../src/common/random.ts';
import type { Holder } from '../../../src/common/locks/holder.ts';
import type { Claim } from '../../../src/common/locks/claim.ts';
import { Claims } from '../../../src/common/locks/claims.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const HERE: Holder = { machine: 'a', boot: '1', processNamespace: 'root', pid: 100 };
const ELSEWHERE: Readonly<Record<string, Holder>> = {
  'on another machine': { ...HERE, machine: 'b', boot: '2', pid: 7 },
  'in another container': { ...HERE, processNamespace: 'container', pid: 7 },
  'of an earlier start of this machine': { ...HERE, boot: '0', pid: 7 },
  'on another machine, with the number of a process here': { ...HERE, machine: 'b', boot: '2' },
};
const SECOND_MS = 1000;

describe('lock files', () => {
  let folder: string;
  let clock: VirtualClock;
  let alive: Set<number>;
  let events: LogEvent[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'claims-'));
    clock = new VirtualClock();
    alive = new Set([HERE.pid]);
    events = [];
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  const note = (event: LogEvent): void => void events.push(event);
  const log = { info: note, warn: note };
  const isAlive = (pid: number): boolean => alive.has(pid);

  /** The locks as `holder` sees them. Each has a clock of its own, for no two machines agree. */
  const claimsOf = (holder: Holder, itsClock = clock): Claims => {
    return new Claims(folder, { clock: itsClock, random: systemRandom, log, holder, isAlive });
  };

  /** Looks once a second, for so many seconds, until the lock is had. @returns after how many, if at all */
  const lookFor = async (
    claims: Claims,
    seconds: number,
    afterEach: () => Promise<void> = async () => undefined,
  ): Promise<number | undefined> => {
    for (let second = 0; second <= seconds; second += 1) {
      if ((await claims.take('name', false)) !== undefined) {
        return second;
      }
      await clock.advance(SECOND_MS);
      await afterEach();
    }
    return undefined;
  };

  const content = (): Promise<string> => readFile(join(folder, 'name.claim'), 'utf8');

  /** Lets the other machine's time pass, to its next sign of life. */
  const beat = async (itsClock: VirtualClock): Promise<void> => {
    const before = await content();
    await itsClock.advance(5 * SECOND_MS);
    while ((await content()) === before) {
      await sleep(1);
    }
  };

  it('are for their owner only, of one length, and contain only the holder and a counter', async () => {
    await claimsOf(HERE).take('name', false);
    assert.equal((await stat(join(folder, 'name.claim'))).mode & 0o777, 0o600);
    const text = await content();
    assert.equal(text.length, 512);
    const { id, ...record } = JSON.parse(text) as { readonly id: string };
    assert.match(id, /^[\da-f-]{36}$/);
    assert.deepEqual(record, { holder: HERE, beat: 0 });
  });

  for (const [where, holder] of Object.entries(ELSEWHERE)) {
    describe(`of a process ${where}`, () => {
      it('stay its own for as long as it lives, though no such process is here', async () => {
        const itsClock = new VirtualClock(0);
        assert.ok((await claimsOf(holder, itsClock).take('name', false)) !== undefined);
        let seconds = 0;
        const taken = await lookFor(claimsOf(HERE), 120, async () => {
          seconds += 1;
          if (seconds % 5 === 0) {
            await beat(itsClock);
          }
        });
        assert.equal(taken, undefined);
        assert.deepEqual(events, []);
      });

      it('are removed half a minute after its last sign of life, whatever its clock said', async () => {
        const future = new VirtualClock(Date.UTC(2099, 0));
        await claimsOf(holder, future).take('name', false);
        assert.equal(await lookFor(claimsOf(HERE), 60), 30);
      });
    });
  }

  const machineB = { ...HERE, machine: 'b', boot: '2', pid: 7 };

  it('of a process elsewhere are not removed because this machine slept', async () => {
    await claimsOf(machineB, new VirtualClock()).take('name', false);
    const claims = claimsOf(HERE);
    assert.equal(await claims.take('name', false), undefined);
    clock.sleep(3_600_000);
    assert.equal(await claims.take('name', false), undefined);
    await clock.advance(SECOND_MS);
    assert.equal(await claims.take('name', false), undefined);
  });

  it('of a process elsewhere that was suspended are lost to it: it notices, and does not touch the next one', async () => {
    const itsClock = new VirtualClock();
    const claims = claimsOf(machineB, itsClock);
    const lost = await claims.take('name', false);
    assert.equal(await lookFor(claimsOf(HERE), 60), 30);
    const taken = await content();
    itsClock.sleep(60 * SECOND_MS);
    await itsClock.advance(5 * SECOND_MS);
    while (events.length === 0) {
      await sleep(1);
    }
    assert.match(events[0]?.outcome ?? '', /taken over/);
    await claims.release('name', lost as Claim);
    assert.equal(await content(), taken);
  });

  it('of a dead process here are removed at once', async () => {
    await claimsOf({ ...HERE, pid: 99 }).take('name', false);
    assert.equal(await lookFor(claimsOf(HERE), 0), 0);
    assert.deepEqual(await readdir(folder), ['name.claim'], 'and nothing is left of that');
  });

  it('of a suspended process here are never removed', async () => {
    alive.add(99);
    await claimsOf({ ...HERE, pid: 99 }, new VirtualClock()).take('name', false);
    assert.equal(await lookFor(claimsOf(HERE), 600), undefined);
  });

  it('of a dead process whose number another one has by now are removed by whoever has the system lock', async () => {
    alive.add(99);
    await claimsOf({ ...HERE, pid: 99 }, new VirtualClock()).take('name', false);
    const claims = claimsOf(HERE);
    assert.equal(await lookFor(claims, 60), undefined);
    assert.ok((await claims.take('name', true)) !== undefined);
  });

  it('that nobody wrote his name into are removed after two seconds', async () => {
    await writeFile(join(folder, 'name.claim'), '');
    assert.equal(await lookFor(claimsOf(HERE), 10), 2);
  });

  it('of a process that died while it removed another are no obstacle', async () => {
    await claimsOf({ ...HERE, pid: 98 }).take('name', false);
    await claimsOf({ ...HERE, pid: 99 }).take('name.claim.remove', false);
    // As it would lie there.
    const guard = await readFile(join(folder, 'name.claim.remove.claim'), 'utf8');
    await writeFile(join(folder, 'name.claim.remove'), guard);
    await rm(join(folder, 'name.claim.remove.claim'));
    assert.equal(await lookFor(claimsOf(HERE), 5), 1);
  });

  it('of dead processes are taken by one of many that find them', async () => {
    for (let round = 0; round < 20; round += 1) {
      await claimsOf({ ...HERE, pid: 99 }).take('name', false);
      const windows = Array.from({ length: 8 }, (_, index) => {
        alive.add(200 + index);
        return claimsOf({ ...HERE, pid: 200 + index });
      });
      const taken = await Promise.all(
        windows.map(async (claims) => ({ claims, claim: await claims.take('name', false) })),
      );
      const holders = taken.filter(({ claim }) => claim !== undefined);
      assert.ok(holders.length <= 1, `${holders.length} hold it`);
      await rm(join(folder, 'name.claim'), { force: true });
    }
  });
});
