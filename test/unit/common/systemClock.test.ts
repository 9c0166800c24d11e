import assert from 'node:assert/strict';

import { systemClock } from '../../../src/common/clock.ts';

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

  it('fires at once what is over', async () => {
    assert.deepEqual(await firedUntil(50, -1, -Infinity), [-1, -Infinity, 50]);
  });
});
