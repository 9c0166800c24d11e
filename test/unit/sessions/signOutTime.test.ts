import assert from 'node:assert/strict';

import { parseIndex } from '../../../src/sessions/store/indexFormat.ts';
import { Machine } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

describe('the time of a sign-out', () => {
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

  it('is when the user asked for it, though earlier changes still wait for the disk', async () => {
    const { session } = await a.sessions.add(machine.grant());
    await machine.clock.advance(1000);
    const lock = await machine.locks.acquire('index', 0);
    const earlier = a.sessions.add(machine.grant({ scopes: ['other'] }));
    await machine.clock.advance(0);
    const askedAt = machine.clock.now();
    const signedOut = a.sessions.signOut(session.id);
    await machine.clock.advance(3000);
    lock?.dispose();
    await machine.clock.advance(0);
    await Promise.all([earlier, signedOut]);
    assert.deepEqual(parseIndex(machine.file.text ?? '').signedOut, [{ id: session.id, at: askedAt }]);
  });

  it('does not end a sign-in that came after it in another window, while the first one waited', async () => {
    const { session } = await a.sessions.add(machine.grant());
    await machine.clock.advance(1000);
    // Nothing of this window reaches the disk for a while.
    machine.file.writing = 'fails';
    const signedOut = a.sessions.signOut(session.id);
    await signedOut;
    machine.file.writing = 'none';
    await machine.clock.advance(1000);
    await b.sessions.add(machine.grant({ account: session.account }));
    await machine.clock.advance(2 * 60_000);
    for (const window of [a, b]) {
      assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-2']);
    }
  });
});
