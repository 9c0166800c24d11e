import assert from 'node:assert/strict';

import { VirtualClock } from '../../support/virtualClock.ts';
import { RequestRate } from './requestRate.ts';

function passing(rate: RequestRate, requests: number, user = 'jane'): number {
  return Array.from({ length: requests }, () => rate.take(user)).filter(Boolean).length;
}

describe('the rate of the embedded portal', () => {
  it('lets a burst pass, and after it so many a second', () => {
    const clock = new VirtualClock();
    const rate = new RequestRate({ perSecond: 20, burst: 30 }, clock);
    assert.equal(passing(rate, 100), 30);
    clock.setAhead(1000);
    assert.equal(passing(rate, 100), 20);
    clock.setAhead(60_000);
    assert.equal(passing(rate, 100), 30);
  });

  it('adds up what passes in small steps', () => {
    const clock = new VirtualClock();
    const rate = new RequestRate({ perSecond: 20, burst: 1 }, clock);
    assert.equal(passing(rate, 1), 1);
    const passed = Array.from({ length: 100 }, () => {
      clock.setAhead(10);
      return passing(rate, 1);
    });
    assert.equal(
      passed.reduce((sum, count) => sum + count, 0),
      20,
    );
  });

  it("is each user's own", () => {
    const rate = new RequestRate({ perSecond: 1, burst: 2 }, new VirtualClock());
    assert.deepEqual([passing(rate, 5, 'jane'), passing(rate, 5, 'john')], [2, 2]);
  });

  it('allows no extra request when the clock is set back', () => {
    const clock = new VirtualClock();
    const rate = new RequestRate({ perSecond: 1, burst: 1 }, clock);
    assert.equal(passing(rate, 2), 1);
    clock.setBack(60_000);
    assert.equal(passing(rate, 2), 0);
    clock.setAhead(1000);
    assert.equal(passing(rate, 2), 1);
  });
});
