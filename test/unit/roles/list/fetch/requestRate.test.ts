import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { MAX_REQUESTS_PER_SECOND } from '../../../../../src/roles/list/fetch/requestRate.ts';
import { VirtualClock } from '../../../../support/virtualClock.ts';
import { requestRate } from '../support.ts';

const SIGNAL = new AbortController().signal;

/** Takes a turn, letting as much time pass as that takes. @returns the turn, and how long it took in milliseconds */
async function take(
  clock: VirtualClock,
  rate: ReturnType<typeof requestRate>,
): Promise<{ readonly turn: number; readonly waitedMs: number }> {
  const startedAt = clock.now();
  const taken = rate.turn(SIGNAL);
  for (let delays = clock.delays; delays.length > 0; delays = clock.delays) {
    await clock.advance(Math.min(...delays));
  }
  return { turn: await taken, waitedMs: clock.now() - startedAt };
}

describe('the rate of requests', () => {
  it('is never more than ten in any second, however they are answered', async () => {
    const outcome = fc.constantFrom('answered', 'throttled', 'failed', 'nothing' as const);
    const step = fc.record({ outcome, pauseMs: fc.nat(400) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = new VirtualClock();
        const rate = requestRate(clock);
        const sent: number[] = [];
        for (const { outcome, pauseMs } of steps) {
          const { turn } = await take(clock, rate);
          sent.push(clock.now());
          if (outcome === 'answered') rate.onAnswered();
          if (outcome === 'throttled') rate.onThrottled(turn, undefined);
          if (outcome === 'failed') rate.onFailed(turn);
          await clock.advance(pauseMs);
        }
        for (const [index, at] of sent.entries()) {
          const later = sent[index + MAX_REQUESTS_PER_SECOND];
          assert.ok(later === undefined || later - at >= 1000, `eleven within ${(later ?? 0) - at} ms`);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('stays within its bounds, halves with a refusal and grows with a response', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), (refusals) => {
        const rate = requestRate(new VirtualClock());
        for (const [index, isRefused] of refusals.entries()) {
          const before = rate.perSecond;
          if (isRefused) {
            rate.onThrottled(index + 1, undefined);
            assert.ok(rate.perSecond === Math.max(before / 2, 0.5) || rate.perSecond === before);
          } else {
            rate.onAnswered();
            assert.ok(rate.perSecond > before || before === 10);
          }
          assert.ok(rate.perSecond >= 0.5 && rate.perSecond <= 10);
        }
      }),
    );
  });

  it('lets ten go at once after a second without any, and has a tenth of a second between them after that', async () => {
    const clock = new VirtualClock();
    const rate = requestRate(clock);
    const waits = [];
    for (let count = 0; count < 13; count += 1) {
      waits.push((await take(clock, rate)).waitedMs);
    }
    assert.deepEqual(waits, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000, 100, 100]);
    await clock.advance(999);
    await take(clock, rate);
    assert.equal((await take(clock, rate)).waitedMs, 100);
    await clock.advance(1000);
    await take(clock, rate);
    assert.equal((await take(clock, rate)).waitedMs, 0);
  });

  it('halves once when all that was in progress is refused together', async () => {
    const clock = new VirtualClock();
    const rate = requestRate(clock);
    const turns = [];
    for (let count = 0; count < 8; count += 1) {
      turns.push((await take(clock, rate)).turn);
    }
    for (const turn of turns) {
      rate.onThrottled(turn, undefined);
    }
    assert.equal(rate.perSecond, 5);
    assert.equal(rate.failuresInARow, 1);
    rate.onThrottled((await take(clock, rate)).turn, undefined);
    assert.equal(rate.perSecond, 2.5);
    assert.equal(rate.failuresInARow, 2);
  });

  it('is back at its old value after 250 responses', async () => {
    const clock = new VirtualClock();
    const rate = requestRate(clock);
    rate.onThrottled((await take(clock, rate)).turn, undefined);
    for (let count = 0; count < 249; count += 1) rate.onAnswered();
    assert.ok(rate.perSecond < 10);
    rate.onAnswered();
    rate.onAnswered();
    assert.equal(rate.perSecond, 10);
  });

  it('has fewer than one request in a hundred refused where others leave it half', async () => {
    const clock = new VirtualClock();
    const rate = requestRate(clock);
    let sent = 0;
    let refused = 0;
    let tokens = 5;
    let at = clock.now();
    for (; sent < 3000; sent += 1) {
      const { turn } = await take(clock, rate);
      // What is left to us: five requests a second, and no more than five saved up.
      tokens = Math.min(tokens + ((clock.now() - at) / 1000) * 5, 5);
      at = clock.now();
      if (tokens >= 1) {
        tokens -= 1;
        rate.onAnswered();
      } else {
        refused += 1;
        rate.onThrottled(turn, undefined);
      }
    }
    assert.ok(refused > 0, 'the service never refused');
    assert.ok(refused / sent <= 0.01, `${refused} of ${sent} refused`);
  }).timeout(20_000);

  it('waits as long as the service asks, and five minutes at most', async () => {
    const clock = new VirtualClock();
    const rate = requestRate(clock);
    rate.onThrottled((await take(clock, rate)).turn, 7000);
    assert.equal((await take(clock, rate)).waitedMs, 7000);
    rate.onThrottled(2, 24 * 3_600_000);
    assert.equal((await take(clock, rate)).waitedMs, 5 * 60_000);
  });

  it('pauses longer with each failure in a row, up to half a minute, and starts again after a response', async () => {
    const clock = new VirtualClock();
    const rate = requestRate(clock);
    const waits = [];
    for (let count = 0; count < 9; count += 1) {
      const { turn, waitedMs } = await take(clock, rate);
      waits.push(waitedMs);
      rate.onFailed(turn);
    }
    assert.deepEqual(waits, [0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    rate.onFailed((await take(clock, rate)).turn);
    rate.onAnswered();
    await clock.advance(60_000);
    rate.onFailed((await take(clock, rate)).turn);
    assert.equal((await take(clock, rate)).waitedMs, 500);
  });

  it('goes on when the clock is set back an hour', async () => {
    const clock = new VirtualClock();
    const rate = requestRate(clock);
    rate.onThrottled((await take(clock, rate)).turn, undefined);
    clock.setBack(3_600_000);
    const { turn, waitedMs } = await take(clock, rate);
    assert.ok(waitedMs < 1000, `waited ${waitedMs} ms`);
    rate.onThrottled(turn, undefined);
    assert.equal(rate.failuresInARow, 2);
  });

  it('ends the wait with the signal', async () => {
    const clock = new VirtualClock();
    const rate = requestRate(clock);
    rate.onThrottled((await take(clock, rate)).turn, 60_000);
    const controller = new AbortController();
    const waiting = rate.turn(controller.signal);
    controller.abort(new Error('closed'));
    await assert.rejects(waiting, /closed/);
    assert.equal(clock.pendingTimers, 0);
  });
});
