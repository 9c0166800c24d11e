import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import {
  DEFAULT_REFRESH_POLICY as POLICY,
  isNearlyOver,
  nextStep,
  refreshDueAt,
  retryAfterFailure,
} from '../../../src/sessions/refreshPolicy.ts';
import type { SessionState } from '../../../src/sessions/session.ts';

const MINUTE_MS = 60_000;
const HOUR = { issuedAt: 0, expiresAt: 60 * MINUTE_MS };
const SIGNED_IN: SessionState = { kind: 'signedIn', ...HOUR, refreshable: true };

describe('the refresh policy', () => {
  it('spreads the refresh of a one-hour token from 15 to 10 minutes before its end', () => {
    assert.equal(refreshDueAt(HOUR, POLICY, 0), 45 * MINUTE_MS);
    assert.equal(refreshDueAt(HOUR, POLICY, 1), 50 * MINUTE_MS);
  });

  it('scales both ends to a shorter token, and keeps them for a longer one', () => {
    const short = { issuedAt: 0, expiresAt: 3000 };
    assert.deepEqual([refreshDueAt(short, POLICY, 0), refreshDueAt(short, POLICY, 1)], [2250, 2500]);
    const long = { issuedAt: 0, expiresAt: 480 * MINUTE_MS };
    assert.equal(refreshDueAt(long, POLICY, 0), 465 * MINUTE_MS);
  });

  it('is due after issue and before expiry, whatever the lifetime', () => {
    const lifetimes = fc.integer({ min: 1, max: 2 ** 40 });
    fc.assert(
      fc.property(lifetimes, fc.double({ min: 0, max: 1, noNaN: true }), (lifetime, jitter) => {
        const due = refreshDueAt({ issuedAt: 0, expiresAt: lifetime }, POLICY, jitter);
        assert.ok(due > 0 && due < lifetime, `due at ${due} of ${lifetime}`);
      }),
    );
  });

  it('calls a token nearly over in its last minute, or the last sixth of a short one', () => {
    assert.equal(isNearlyOver(HOUR, POLICY, 58.9 * MINUTE_MS), false);
    assert.equal(isNearlyOver(HOUR, POLICY, 59.1 * MINUTE_MS), true);
    assert.equal(isNearlyOver({ issuedAt: 0, expiresAt: 60_000 }, POLICY, 49_000), false);
    assert.equal(isNearlyOver({ issuedAt: 0, expiresAt: 60_000 }, POLICY, 51_000), true);
  });

  it('trusts no token from the future: the clock has been set right since (aws-cli#10330)', () => {
    const now = -10 * MINUTE_MS;
    assert.deepEqual(nextStep(SIGNED_IN, now, POLICY, 0, 'background'), { kind: 'refresh' });
    assert.equal(isNearlyOver(HOUR, POLICY, now), true);
    assert.deepEqual(nextStep(SIGNED_IN, -1000, POLICY, 0, 'background'), {
      kind: 'wait',
      until: 45 * MINUTE_MS,
    });
  });

  it('has nothing to do for a session that needs sign-in', () => {
    const state: SessionState = { kind: 'needsSignIn', reason: 'rejected', since: 0 };
    assert.deepEqual(nextStep(state, 0, POLICY, 0, 'person'), { kind: 'wait', until: Infinity });
  });

  it('warns before what cannot be refreshed ends, then lets it end', () => {
    const state: SessionState = { ...SIGNED_IN, refreshable: false };
    const at = (minutes: number, warned: boolean): unknown =>
      nextStep({ ...state, ...(warned && { warned }) }, minutes * MINUTE_MS, POLICY, 0, 'background');
    assert.deepEqual(at(0, false), { kind: 'wait', until: 45 * MINUTE_MS });
    assert.deepEqual(at(45, false), { kind: 'warn' });
    assert.deepEqual(at(45, true), { kind: 'wait', until: 60 * MINUTE_MS });
    assert.deepEqual(at(60, true), { kind: 'expire' });
  });

  it('tries again rarely on its own, and soon for a person', () => {
    const pauses = [1, 2, 3, 9].map((failures) => retryAfterFailure(failures, HOUR, 0, 0, 0.5));
    assert.deepEqual(
      pauses.map(({ backgroundAt }) => backgroundAt / MINUTE_MS),
      [5, 30, 40, 40],
    );
    assert.deepEqual(
      pauses.map(({ personAt }) => personAt / 1000),
      [10, 20, 40, 300],
    );
  });

  it('spreads every pause from half to one and a half times its length', () => {
    const [first, last] = [0, 1].map((jitter) => retryAfterFailure(1, HOUR, 0, 0, jitter).backgroundAt);
    assert.deepEqual([first, last], [2.5 * MINUTE_MS, 7.5 * MINUTE_MS]);
  });

  it('waits as long as the server asks, but never longer than an hour for it', () => {
    assert.equal(retryAfterFailure(1, HOUR, 0, 20 * MINUTE_MS, 0).personAt, 20 * MINUTE_MS);
    assert.equal(retryAfterFailure(1, HOUR, 0, 1e12, 0).personAt, 60 * MINUTE_MS);
  });

  it('forgets a pause that lies further ahead than any: the clock has been set back', () => {
    const state = {
      ...SIGNED_IN,
      retry: { failures: 1, backgroundAt: 500 * MINUTE_MS, personAt: 500 * MINUTE_MS },
    };
    assert.deepEqual(nextStep(state, 55 * MINUTE_MS, POLICY, 0, 'background'), { kind: 'refresh' });
  });
});
