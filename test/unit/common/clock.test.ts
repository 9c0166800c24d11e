import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';

import { deadline, delay, systemClock } from '../../../src/common/clock.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

/** The delays, in the order in which their timers fired, until the one of `lastMs` has. */
function firedUntil(lastMs: number, ...delaysMs: readonly number[]): Promise<readonly number[]> {
  return new Promise((resolve) => {
    const fired: number[] = [];
    const timers = [...delaysMs, lastMs].map((delayMs) =>
      systemClock.schedule(() => {
        fired.push(delayMs);
        if (delayMs === lastMs) {
          for (const timer of timers) {
            timer.dispose();
          }
          resolve(fired);
        }
      }, delayMs),
    );
    // The clock's own timers keep no process alive.
    const alive = setTimeout(() => undefined, 10_000);
    timers.push({ dispose: () => clearTimeout(alive) });
  });
}

describe('the real clock', () => {
  it('does not fire at once what is further away than Node can wait for', async () => {
    const month = 30 * 24 * 3_600_000;
    assert.deepEqual(await firedUntil(50, month, 2 ** 31, Infinity), [50]);
  });

  it('fires at once when the time has passed', async () => {
    assert.deepEqual(await firedUntil(50, -1, -Infinity), [-1, -Infinity, 50]);
  });

  it('calls nobody back once disposed', async () => {
    const timer = systemClock.schedule(() => assert.fail('it was disposed'), 10);
    timer.dispose();
    timer.dispose();
    assert.deepEqual(await firedUntil(50), [50]);
  });
});

describe('a delay', () => {
  let clock: VirtualClock;
  let controller: AbortController;

  beforeEach(() => {
    clock = new VirtualClock();
    controller = new AbortController();
  });

  it('ends when its time is over, and not before', async () => {
    let isOver = false;
    const waiting = delay(clock, 1000, controller.signal).then(() => (isOver = true));
    await clock.advance(999);
    assert.equal(isOver, false);
    await clock.advance(1);
    assert.equal(isOver, true);
    await waiting;
  });

  it("ends with the signal's reason as soon as that aborts, and keeps no timer", async () => {
    const reason = new Error('cancelled');
    const waiting = delay(clock, 1000, controller.signal);
    controller.abort(reason);
    await assert.rejects(waiting, (error) => error === reason);
    assert.equal(clock.pendingTimers, 0);
  });

  it('does not begin when the signal has aborted already', async () => {
    const reason = new Error('cancelled');
    controller.abort(reason);
    await assert.rejects(delay(clock, 1000, controller.signal), (error) => error === reason);
    assert.equal(clock.pendingTimers, 0);
  });

  it('leaves nothing on a signal that outlives it', async () => {
    const { signal } = controller;
    const waiting = delay(clock, 1000, signal);
    assert.equal(getEventListeners(signal, 'abort').length, 1);
    await clock.advance(1000);
    await waiting;
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});

describe('a deadline', () => {
  const tooLate = new Error('too late');
  const cancelled = new Error('cancelled');
  let clock: VirtualClock;
  let parent: AbortController;

  beforeEach(() => {
    clock = new VirtualClock();
    parent = new AbortController();
  });

  it('aborts with its reason when its time is over, and not before', async () => {
    const { signal } = deadline(clock, 1000, () => tooLate, parent.signal);
    await clock.advance(999);
    assert.equal(signal.aborted, false);
    await clock.advance(1);
    assert.equal(signal.reason, tooLate);
    assert.equal(parent.signal.aborted, false);
  });

  for (const when of ['before', 'after'] as const) {
    it(`aborts with the reason of a parent that aborts ${when} it was set, and keeps it`, async () => {
      if (when === 'before') {
        parent.abort(cancelled);
      }
      const { signal } = deadline(clock, 1000, () => tooLate, parent.signal);
      parent.abort(cancelled);
      assert.equal(signal.reason, cancelled);
      await clock.advance(1000);
      assert.equal(signal.reason, cancelled);
    });
  }

  it('never aborts by itself once disposed, and keeps no timer', async () => {
    const limit = deadline(clock, 1000, () => tooLate);
    limit.dispose();
    assert.equal(clock.pendingTimers, 0);
    await clock.advance(2000);
    assert.equal(limit.signal.aborted, false);
  });
});
