import assert from 'node:assert/strict';

import { errorCode } from '../../../src/common/log.ts';
import { BoundedLocks } from '../../../src/common/locks/boundedLocks.ts';
import type { Session } from '../../../src/sessions/session.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { Machine, MemoryLocks } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';
import { unhandledDuring } from '../support/unhandled.ts';

const MINUTE_MS = 60_000;
/** What a disk that is merely slow may take. */
const GRACE_MS = 3000;

describe('a disk that hangs', () => {
  let machine: Machine;
  let a: Window;
  let session: Session;

  beforeEach(async () => {
    machine = new Machine();
    a = await machine.open();
    ({ session } = await a.sessions.add(machine.grant()));
    await machine.clock.advance(0);
  });

  afterEach(() => a.sessions.dispose());

  /** Opens a window without waiting for its first look at the disk. */
  async function openWindow(): Promise<Window> {
    const opened = machine.open();
    const timer = machine.clock.advance(10_000);
    const window = await opened;
    await timer;
    return window;
  }

  it('at start: the window starts, and knows the sessions as soon as the disk answers (vscode#188850)', async () => {
    machine.file.reading = 'hangs';
    const b = await openWindow();
    assert.deepEqual(await machine.accessTokens(b), []);
    machine.file.reading = 'none';
    machine.file.release();
    await machine.clock.advance(0);
    assert.deepEqual(await machine.accessTokens(b), ['SECRET-access-1']);
    b.sessions.dispose();
  });

  it('at start: the sessions appear by themselves, though nobody asks and nothing tells', async () => {
    machine.file.reading = 'hangs';
    const b = await openWindow();
    assert.deepEqual(b.sessions.sessions, []);
    machine.file.reading = 'none';
    machine.file.release();
    await machine.clock.advance(MINUTE_MS);
    assert.deepEqual(
      b.sessions.sessions.map(({ id }) => id),
      [session.id],
    );
    b.sessions.dispose();
  });

  it('never delays a silent call by more than 3 seconds, before or after the first read (vscode#188850)', async () => {
    machine.file.reading = 'hangs';
    const opened = machine.open();
    let answers = 0;
    const ask = (window: Window): void => void window.sessions.getSessions({}).then(() => (answers += 1));
    ask(a);
    await machine.clock.advance(3000);
    assert.equal(answers, 1);
    await machine.clock.advance(7000);
    const b = await opened;
    ask(a);
    ask(b);
    await machine.clock.advance(3000);
    assert.equal(answers, 3);
    b.sessions.dispose();
  });

  it('never has more than one read hanging, however often somebody asks', async () => {
    machine.file.reading = 'hangs';
    for (let times = 0; times < 10; times += 1) {
      await machine.accessTokens(a);
      await machine.clock.advance(MINUTE_MS);
    }
    assert.equal(machine.file.hanging, 1);
  });

  it('never loses a sign-in, a sign-out or the agreement of the windows while it does not write', async () => {
    const b = await machine.open();
    machine.file.writing = 'hangs';
    const added = a.sessions.add(machine.grant({ scopes: ['other'] }));
    await machine.clock.advance(20_000);
    const { session: other } = await added;
    const removed = a.sessions.signOut(session.id);
    await machine.clock.advance(20_000);
    assert.equal((await removed)?.id, session.id);
    assert.deepEqual(
      a.sessions.sessions.map(({ id }) => id),
      [other.id],
    );
    machine.file.writing = 'none';
    machine.file.release();
    await machine.clock.advance(2 * MINUTE_MS);
    assert.deepEqual(
      b.sessions.sessions.map(({ id }) => id),
      [other.id],
    );
    assert.deepEqual(
      machine.file.sessions.map(({ id }) => id),
      [other.id],
    );
    b.sessions.dispose();
  });

  it('never writes an old list over a newer one when it answers at last', async () => {
    const b = await machine.open();
    machine.file.writing = 'hangs';
    const added = a.sessions.add(machine.grant({ scopes: ['a'] }));
    await machine.clock.advance(6000);
    await added;
    machine.file.writing = 'none';
    // The old write still hangs, so nobody else may write.
    const later = b.sessions.add(machine.grant({ scopes: ['b'] }));
    await machine.clock.advance(10_000);
    await later;
    machine.file.release();
    await machine.clock.advance(2 * MINUTE_MS);
    const scopes = machine.file.sessions.map((saved) => saved.scopes[0] ?? '').toSorted();
    assert.deepEqual(scopes, ['', 'a', 'b']);
    b.sessions.dispose();
  });

  for (const lock of ['hangs', 'is held by another window'] as const) {
    it(`never leaves a rejection unhandled when the time is up while a lock ${lock}`, async () => {
      const unhandled = await unhandledDuring(async () => {
        machine.clock.sleep(59.5 * MINUTE_MS);
        machine.file.reading = 'hangs';
        if (lock === 'hangs') {
          machine.locks.trouble = 'hangs';
        } else {
          await machine.locks.acquire(`refresh-${session.id}`, 0);
        }
        const asked = machine.accessTokens(a);
        await machine.clock.advance(10_000);
        await asked;
        await machine.clock.advance(MINUTE_MS);
      });
      assert.deepEqual(unhandled, []);
    });
  }

  it('never refreshes without a lock while nobody knows who holds it', async () => {
    const held = new BoundedLocks(machine.locks, machine.clock, GRACE_MS);
    const b = await machine.open(machine.secrets, held);
    machine.clock.sleep(59.5 * MINUTE_MS);
    machine.locks.trouble = 'hangs';
    const refreshed = b.sessions.refreshNow(session.id);
    await machine.clock.advance(5000);
    assert.deepEqual(await refreshed, { kind: 'busy' });
    assert.deepEqual(machine.service.sent, []);
    b.sessions.dispose();
  });
});

describe('locks on a disk that hangs', () => {
  let clock: VirtualClock;
  let inner: MemoryLocks;
  let locks: BoundedLocks;

  beforeEach(() => {
    clock = new VirtualClock();
    inner = new MemoryLocks(clock);
    locks = new BoundedLocks(inner, clock, GRACE_MS);
  });

  it('are waited for no longer than a few seconds more than was asked for', async () => {
    inner.trouble = 'hangs';
    for (const waitMs of [0, 6000]) {
      const failures: unknown[] = [];
      const fresh = new BoundedLocks(inner, clock, GRACE_MS);
      void fresh.acquire('lock', waitMs).catch((error: unknown) => failures.push(error));
      await clock.advance(waitMs + 2999);
      assert.deepEqual(failures, []);
      await clock.advance(1);
      assert.deepEqual(failures.map(errorCode), ['Timeout']);
    }
  });

  it('are released at once when they come too late, and others are tried again only then', async () => {
    inner.trouble = 'hangs';
    const late = locks.acquire('late', 0);
    await Promise.all([assert.rejects(late, { code: 'Timeout' }), clock.advance(3000)]);
    await assert.rejects(locks.acquire('other', 0), { code: 'Timeout' });
    inner.trouble = 'none';
    inner.release();
    await clock.advance(0);
    assert.equal(inner.isHeld('late'), false);
    const lock = await locks.acquire('other', 0);
    assert.ok(inner.isHeld('other'));
    lock?.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('that another holder has are no error, and no answer either', async () => {
    const lock = await locks.acquire('lock', 0);
    assert.equal(await locks.acquire('lock', 0), undefined);
    lock?.dispose();
  });
});
