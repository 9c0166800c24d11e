import assert from 'node:assert/strict';

import type { Session } from '../../../src/sessions/session.ts';
import { Machine } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

describe('a session whose secret is gone from the keychain while the index stays', () => {
  let machine: Machine;
  let session: Session;
  let a: Window;
  let b: Window;
  beforeEach(async () => {
    machine = new Machine();
    const before = await machine.open();
    ({ session } = await before.sessions.add(machine.grant()));
    before.sessions.dispose();
    machine.secrets.values.clear();
    a = await machine.open();
    b = await machine.open();
  });
  afterEach(() => {
    a.sessions.dispose();
    b.sessions.dispose();
  });

  const told = (): readonly string[] => [...a.missed, ...b.missed].map(({ id }) => id);

  it('is reported within half a minute of the first request, once for all windows, and stays (vscode#193301, vscode#120458)', async () => {
    await a.sessions.getSessions({});
    await b.sessions.getSessions({});
    assert.deepEqual(told(), []);
    await machine.clock.advance(30_000);
    assert.deepEqual(told(), [session.id]);
    assert.deepEqual(
      a.sessions.sessions.map(({ id, state }) => [id, state.kind]),
      [[session.id, 'signedIn']],
    );
    await a.sessions.getSessions({});
    await machine.clock.advance(5 * 60_000);
    assert.deepEqual(told(), [session.id]);
  });

  it('is never notified of a keychain that was empty for a moment, or does not respond', async () => {
    const { session: other } = await a.sessions.add(machine.grant({ scopes: ['other'] }));
    const stored = new Map(machine.secrets.values);
    machine.secrets.values.clear();
    a.sessions.dispose();
    a = await machine.open();
    await a.sessions.getSessions({ scopes: ['other'] });
    await machine.clock.advance(15_000);
    for (const [key, value] of stored) {
      machine.secrets.values.set(key, value);
    }
    await machine.clock.advance(60_000);
    machine.secrets.reading = 'fails';
    await b.sessions.getSessions({});
    await machine.clock.advance(60_000);
    assert.ok(!told().includes(other.id));
  });

  it('is no longer reported as missing when the keychain has it again', async () => {
    await a.sessions.getSessions({});
    await machine.clock.advance(30_000);
    const isMissing = (): boolean | undefined => {
      const state = a.sessions.sessions[0]?.state;
      return state?.kind === 'signedIn' ? state.tokensMissing : undefined;
    };
    assert.equal(isMissing(), true);
    const { signedInAt, generation } = session;
    const { requestId: _, ...tokens } = machine.service.issue();
    const record = JSON.stringify({ ...tokens, signedInAt, generation });
    machine.secrets.values.set(`session/${session.id}`, record);
    assert.equal((await b.sessions.getSessions({})).length, 1);
    await machine.clock.advance(0);
    assert.equal(isMissing(), undefined);
  });

  for (const [when, waitMs] of [
    ['at once', 0],
    ['after it was told', 60_000],
  ] as const) {
    it(`is renewed in place by a sign-in ${when}, chosen or not: one user, one account (vscode#120558)`, async () => {
      await a.sessions.getSessions({});
      await machine.clock.advance(waitMs);
      const unusable = new Set([session.id]);
      const live = await b.sessions.add(machine.grant({ unusable }));
      assert.equal(live.session.id, session.id);
      assert.deepEqual(live.session.account, session.account);
      await machine.clock.advance(0);
      assert.equal((await a.sessions.getSessions({})).length, 1);
      assert.equal(a.sessions.sessions.length, 1);
    });
  }
});
