import assert from 'node:assert/strict';

import { SignInError } from '../../../src/flows/signInError.ts';
import type { Session } from '../../../src/sessions/session.ts';
import { Machine, wireError } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('a clock that is ahead for a minute', () => {
  let machine: Machine;
  let a: Window;
  let b: Window;

  beforeEach(async () => {
    machine = new Machine();
    a = await machine.open();
    b = await machine.open();
  });
  afterEach(() => {
    a.sessions.dispose();
    b.sessions.dispose();
  });

  function only(): Session {
    const [session, ...others] = b.sessions.sessions;
    assert.ok(session !== undefined && others.length === 0, 'there should be exactly one session');
    return session;
  }

  function assertKept(): void {
    assert.equal(only().state.kind, 'signedIn');
    assert.equal(a.ended.length + b.ended.length, 0);
  }

  /** Ahead by so much for a minute, in which users use the windows. */
  async function aheadForAMinute(ms: number): Promise<void> {
    machine.clock.setAhead(ms);
    await a.sessions.wake();
    await machine.clock.advance(MINUTE_MS / 2);
    await b.sessions.wake();
    await machine.clock.advance(MINUTE_MS / 2);
    machine.clock.setBack(ms);
    await a.sessions.wake();
    await machine.clock.advance(MINUTE_MS);
  }

  describe('and a session that cannot be refreshed', () => {
    beforeEach(async () => {
      const { refreshToken: _, ...issued } = machine.service.issue();
      const expiresAt = issued.issuedAt + 8 * HOUR_MS;
      await a.sessions.add(machine.grant({ issued: { ...issued, expiresAt } }));
      await machine.clock.advance(HOUR_MS);
    });

    it('neither ends it nor warns of its end', async () => {
      await aheadForAMinute(9 * HOUR_MS);
      assertKept();
      assert.equal(a.warned.length + b.warned.length, 0);
      assert.deepEqual(await machine.accessTokens(a), ['SECRET-access-1']);
    });

    it('does not end it in a window that opens meanwhile', async () => {
      machine.clock.setAhead(9 * HOUR_MS);
      const late = await machine.open();
      await machine.clock.advance(MINUTE_MS);
      machine.clock.setBack(9 * HOUR_MS);
      await machine.clock.advance(MINUTE_MS);
      late.sessions.dispose();
      assertKept();
    });

    it('returns no token meanwhile that may have expired', async () => {
      machine.clock.setAhead(9 * HOUR_MS);
      assert.deepEqual(await machine.accessTokens(a), []);
    });

    it('that stays ahead ends it within minutes', async () => {
      machine.clock.setAhead(9 * HOUR_MS);
      await machine.clock.advance(5 * MINUTE_MS);
      const { state } = only();
      assert.ok(state.kind === 'needsSignIn');
      assert.equal(state.reason, 'expired');
      assert.equal(a.ended.length + b.ended.length, 1);
    });

    it('is distinguished from a sleep by its end only: what had expired at wake is not returned, and ends', async () => {
      machine.clock.sleep(9 * HOUR_MS);
      await a.sessions.wake();
      assert.deepEqual(await machine.accessTokens(a), []);
      await machine.clock.advance(5 * MINUTE_MS);
      assert.equal(only().state.kind, 'needsSignIn');
    });

    it('leaves the end where it was, to the minute', async () => {
      await aheadForAMinute(9 * HOUR_MS);
      await machine.clock.advance(7 * HOUR_MS - 3 * MINUTE_MS);
      assertKept();
      assert.equal(a.warned.length + b.warned.length, 1);
      await machine.clock.advance(2 * MINUTE_MS);
      assert.equal(only().state.kind, 'needsSignIn');
    });
  });

  it('does not end a session by exchange whose other account is signed out just then', async () => {
    const connection = {
      name: 'ci',
      applicationArn: 'arn:aws:sso::123456789012:application/ssoins-1/apl-1',
      region: 'eu-central-1',
      flow: 'jwtBearer',
      assertionFrom: { providerId: 'microsoft', scopes: ['openid'] },
    } as const;
    const { refreshToken: _, client: __, ...issued } = machine.service.issue();
    await a.sessions.add(machine.grant({ connection, issued }));
    await machine.clock.advance(MINUTE_MS);
    for (const error of [
      new SignInError('noAssertion'),
      wireError('AccessDeniedException', { status: 400 }),
    ]) {
      machine.service.answer = () => {
        throw error;
      };
      await aheadForAMinute(9 * HOUR_MS);
      assertKept();
    }
  });

  it('delays no retry that was planned by it', async () => {
    await a.sessions.add(machine.grant());
    await machine.clock.advance(10 * MINUTE_MS);
    machine.service.answer = () => {
      throw wireError('NetworkDns', { sent: 'no' });
    };
    await aheadForAMinute(100 * MINUTE_MS);
    machine.service.answer = undefined;
    await machine.clock.advance(45 * MINUTE_MS);
    assertKept();
    const tokens = await machine.accessTokens(a);
    assert.notDeepEqual(tokens, ['SECRET-access-1'], 'nothing was refreshed in time');
  });
});
