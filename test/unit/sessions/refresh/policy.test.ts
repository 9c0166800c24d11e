import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import {
  DEFAULT_REFRESH_POLICY as POLICY,
  isNearlyOver,
  nextStep,
  refreshDueAt,
  retryAfterFailure,
} from '../../../../src/sessions/refresh/policy.ts';
import type { RefreshRetry, SessionState } from '../../../../src/sessions/session.ts';

const MINUTE_MS = 60_000;
const HOUR = { issuedAt: 0, expiresAt: 60 * MINUTE_MS };
const SIGNED_IN: SessionState = { kind: 'signedIn', ...HOUR, refreshable: true };

/** After the first failure `sinceMs` milliseconds ago, as seen from time 0. */
function retryAfter(
  sinceMs: number,
  failure: {
    readonly failures?: number;
    readonly isOwnNetwork?: boolean;
    readonly retryAfterMs?: number;
  } = {},
  jitter = 0.5,
): RefreshRetry {
  const { failures = 1, isOwnNetwork = false, retryAfterMs = 0 } = failure;
  return retryAfterFailure({ failures, since: -sinceMs, isOwnNetwork, retryAfterMs }, HOUR, 0, jitter);
}

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

  it('trusts no token from the future: the clock has been corrected since (aws-cli#10330)', () => {
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
    assert.deepEqual(nextStep(state, 0, POLICY, 0, 'user'), { kind: 'wait', until: Infinity });
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

  it('tries again rarely on its own', () => {
    const pauses = [1, 2, 9].map((failures) => retryAfter(0, { failures }).backgroundAt / MINUTE_MS);
    assert.deepEqual(pauses, [12, 40, 40]);
  });

  it('tries again soon for a user, and sooner where only the network was at fault', () => {
    const since = [0, 4, 40, 300, 7200].map((seconds) => seconds * 1000);
    const atService = since.map((sinceMs) => retryAfter(sinceMs).personAt / 1000);
    const onTheWay = since.map((sinceMs) => retryAfter(sinceMs, { isOwnNetwork: true }).personAt / 1000);
    assert.deepEqual(atService, [10, 10, 60, 450, 1200]);
    assert.deepEqual(onTheWay, [10, 10, 60, 60, 60]);
  });

  it('spreads every pause from half to one and a half times its length', () => {
    const [first, last] = [0, 1].map((jitter) => retryAfter(0, {}, jitter).backgroundAt);
    assert.deepEqual([first, last], [6 * MINUTE_MS, 18 * MINUTE_MS]);
  });

  it('waits as long as the server asks, but never longer than an hour for it', () => {
    assert.equal(retryAfter(0, { retryAfterMs: 20 * MINUTE_MS }).personAt, 20 * MINUTE_MS);
    assert.equal(retryAfter(0, { retryAfterMs: 1e12 }).personAt, 60 * MINUTE_MS);
  });

  it('tries no sooner for a user while the token is still good', () => {
    const retry = {
      failures: 1,
      since: 46 * MINUTE_MS,
      backgroundAt: 58 * MINUTE_MS,
      personAt: 47 * MINUTE_MS,
    };
    const step = (minutes: number): unknown =>
      nextStep({ ...SIGNED_IN, retry }, minutes * MINUTE_MS, POLICY, 0, 'user');
    assert.deepEqual(step(48), { kind: 'wait', until: 58 * MINUTE_MS });
    assert.deepEqual(step(59.5), { kind: 'refresh' });
  });

  it('forgets a pause that lies further ahead than any: the clock has been set back', () => {
    const state = {
      ...SIGNED_IN,
      retry: { failures: 1, since: 0, backgroundAt: 500 * MINUTE_MS, personAt: 500 * MINUTE_MS },
    };
    assert.deepEqual(nextStep(state, 55 * MINUTE_MS, POLICY, 0, 'background'), { kind: 'refresh' });
  });
});
