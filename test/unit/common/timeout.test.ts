import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { untilAborted, withTimeout } from '../../../src/common/timeout.ts';
import { VirtualClock } from '../support/virtualClock.ts';

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
      const unhandled: unknown[] = [];
      const listeners = process.listeners('unhandledRejection');
      process
        .removeAllListeners('unhandledRejection')
        .on('unhandledRejection', (error) => unhandled.push(error));
      try {
        reject(new Error('too late'));
        await nextTurn();
        await nextTurn();
      } finally {
        process.removeAllListeners('unhandledRejection');
        listeners.forEach((listener) => process.on('unhandledRejection', listener));
      }
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
