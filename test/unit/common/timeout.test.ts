import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { untilAborted, withDeadline, withTimeout } from '../../../src/common/timeout.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { unhandledDuring } from '../support/unhandled.ts';

describe('waiting for work that cannot be cancelled', () => {
  it('settles as the work does', async () => {
    const { signal } = new AbortController();
    assert.equal(await untilAborted(signal, Promise.resolve('done')), 'done');
    await assert.rejects(untilAborted(signal, Promise.reject(new Error('failed'))), { message: 'failed' });
  });

  for (const when of ['before', 'while'] as const) {
    it(`leaves no rejection unhandled of work that fails after an abort ${when} it was waited for`, async () => {
      const controller = new AbortController();
      const { promise, reject } = Promise.withResolvers<void>();
      if (when === 'before') {
        controller.abort(new Error('aborted'));
      }
      const waiting = untilAborted(controller.signal, promise);
      controller.abort(new Error('aborted'));
      await assert.rejects(waiting, { message: 'aborted' });
      const unhandled = await unhandledDuring(async () => {
        reject(new Error('too late'));
        await nextTurn();
        await nextTurn();
      });
      assert.deepEqual(unhandled, []);
    });
  }

  it('ends after the time it is given, and keeps no timer', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    const late = withTimeout(
      clock,
      1000,
      () => new Error('too slow'),
      once(new EventTarget(), 'never', { signal }),
    );
    await Promise.all([assert.rejects(late, { message: 'too slow' }), clock.advance(1000)]);
    assert.equal(clock.pendingTimers, 0);
  });
});

describe('waiting for work that can be cancelled', () => {
  it('settles as the work does, keeps no timer and cancels nothing', async () => {
    const clock = new VirtualClock();
    const signals: AbortSignal[] = [];
    const run = (work: () => Promise<string>): Promise<string> =>
      withDeadline(
        clock,
        1000,
        () => new Error('too slow'),
        (signal) => {
          signals.push(signal);
          return work();
        },
      );
    assert.equal(await run(async () => 'done'), 'done');
    await assert.rejects(
      run(() => Promise.reject(new Error('failed'))),
      { message: 'failed' },
    );
    assert.equal(clock.pendingTimers, 0);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [false, false],
    );
  });

  it('tells the work when its time is over, and holds up nobody if that does not heed it', async () => {
    const clock = new VirtualClock();
    const tooSlow = new Error('too slow');
    let signal: AbortSignal | undefined;
    const late = withDeadline(
      clock,
      1000,
      () => tooSlow,
      (given) => {
        signal = given;
        return new Promise<never>(() => undefined);
      },
    );
    await Promise.all([assert.rejects(late, (error) => error === tooSlow), clock.advance(1000)]);
    assert.equal(signal?.reason, tooSlow);
    assert.equal(clock.pendingTimers, 0);
  });
});
