import assert from 'node:assert/strict';

import { ClockWatch } from '../../../../src/sessions/refresh/clockWatch.ts';

const MINUTE_MS = 60_000;
const NOON = Date.UTC(2026, 0, 1, 12);

describe('the clock', () => {
  let watch: ClockWatch;

  /** Looks every minute for so many minutes, as a window does. @returns the time of the last look */
  function run(from: number, minutes: number): number {
    for (let minute = 0; minute <= minutes; minute += 1) {
      watch.note(from + minute * MINUTE_MS);
      watch.expect(from + (minute + 1) * MINUTE_MS);
    }
    return from + minutes * MINUTE_MS;
  }

  const believes = (since: number, now: number): boolean => watch.believableFrom(since, now) <= now;

  beforeEach(() => {
    watch = new ClockWatch();
  });

  it('is not believed before it was looked at, nor in a window that has just opened', () => {
    assert.equal(believes(NOON, NOON), false);
    run(NOON, 2);
    assert.equal(believes(NOON - 60 * MINUTE_MS, NOON + 2 * MINUTE_MS), false);
    run(NOON + 2 * MINUTE_MS, 1);
    assert.equal(believes(NOON - 60 * MINUTE_MS, NOON + 3 * MINUTE_MS), true);
  });

  it('is believed at once about what began while it was watched', () => {
    run(NOON, 1);
    assert.equal(believes(NOON + 10_000, NOON + MINUTE_MS), true);
  });

  for (const [what, jumpMs] of [
    ['ahead', 5 * 60 * MINUTE_MS],
    ['back', -5 * 60 * MINUTE_MS],
  ] as const) {
    it(`is not believed for three minutes after it jumped ${what}`, () => {
      const before = run(NOON, 60);
      const after = before + jumpMs;
      if (jumpMs > 0) {
        assert.equal(believes(NOON, after), false, 'before anyone has looked');
      }
      assert.equal(watch.note(after), jumpMs < 0);
      watch.expect(after + MINUTE_MS);
      assert.equal(believes(NOON - 24 * 60 * MINUTE_MS, after), false);
      run(after + MINUTE_MS, 1);
      assert.equal(believes(NOON - 24 * 60 * MINUTE_MS, after + 2 * MINUTE_MS), false);
      run(after + 2 * MINUTE_MS, 1);
      assert.equal(believes(NOON - 24 * 60 * MINUTE_MS, after + 3 * MINUTE_MS), true);
    });
  }

  it('is believed though it is adjusted by seconds, or a timer comes late', () => {
    run(NOON, 60);
    watch.note(NOON + 61 * MINUTE_MS + 29_000);
    assert.equal(believes(NOON, NOON + 61 * MINUTE_MS + 29_000), true);
    assert.equal(watch.note(NOON + 61 * MINUTE_MS), false);
    assert.equal(believes(NOON, NOON + 61 * MINUTE_MS), true);
  });
});
