import assert from 'node:assert/strict';

import {
  DEFAULT_REFRESH_POLICY as POLICY,
  nextStep,
  retryAfterFailure,
} from '../../../src/sessions/refresh/policy.ts';
import type { SessionState } from '../../../src/sessions/session.ts';
import { Machine, wireError } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

function signedIn(lifetimeMs: number): SessionState {
  return { kind: 'signedIn', issuedAt: 0, expiresAt: lifetimeMs, refreshable: true };
}

describe('a delay that depends on a lifetime', () => {
  it('is that of a minute where nothing could keep a token fresh that lives so short', () => {
    for (const lifetimeMs of [-1000, 0, 1, 1000, 2999]) {
      for (const urgency of ['background', 'user'] as const) {
        const step = nextStep(signedIn(lifetimeMs), 2000, POLICY, 0.5, urgency);
        assert.deepEqual(step, { kind: 'wait', until: MINUTE_MS }, `${lifetimeMs} ms, ${urgency}`);
      }
    }
    assert.deepEqual(nextStep(signedIn(3000), 2300, POLICY, 0, 'background'), { kind: 'refresh' });
  });

  it('after a failure is at least a second, for any lifetime', () => {
    for (const lifetimeMs of [-1000, 0, 1, 1000, 3000, 10_000, 3_600_000]) {
      for (const isOwnNetwork of [false, true]) {
        const failure = { failures: 1, since: 0, isOwnNetwork, retryAfterMs: 0 };
        const lifetime = { issuedAt: 0, expiresAt: lifetimeMs };
        const { backgroundAt, personAt } = retryAfterFailure(failure, lifetime, 0, 0);
        assert.ok(backgroundAt >= SECOND_MS && personAt >= SECOND_MS, `${backgroundAt}, ${personAt}`);
      }
    }
  });

  describe('for two windows in which an extension asks every second', () => {
    let machine: Machine;
    let windows: readonly Window[];
    let replacements = 0;

    beforeEach(async () => {
      machine = new Machine();
      machine.service.lifetimeMs = SECOND_MS;
      replacements = 0;
      machine.file.onDidChange(() => (replacements += 1));
      windows = [await machine.open(), await machine.open()];
      await windows[0]?.sessions.add(machine.grant());
    });
    afterEach(() => windows.forEach(({ sessions }) => sessions.dispose()));

    async function useForTenMinutes(): Promise<void> {
      for (let seconds = 0; seconds < 600; seconds += 1) {
        await machine.clock.advance(SECOND_MS);
        for (const { sessions } of windows) {
          await sessions.getSessions({});
        }
      }
    }

    it('means ten requests in ten minutes at a service that says expiresIn: 1, not 908', async function () {
      this.timeout(30_000);
      await useForTenMinutes();
      const { sent } = machine.service;
      assert.ok(sent.length >= 5 && sent.length <= 11, `${sent.length} requests`);
      assert.ok(replacements <= 3 * sent.length + 2, `${replacements} replacements of the file`);
    });

    it('causes no flood of requests either while each of its refreshes fails', async function () {
      this.timeout(30_000);
      machine.service.answer = () => {
        throw wireError('UnexpectedStatus', { status: 403 });
      };
      await useForTenMinutes();
      const { sent } = machine.service;
      assert.ok(sent.length >= 2 && sent.length <= 60, `${sent.length} requests`);
    });
  });
});
