import assert from 'node:assert/strict';

import { untilAborted } from '../../../../src/common/timeout.ts';
import type { LiveSession } from '../../../../src/sessions/session.ts';
import {
  signedInElsewhere,
  unlessSignedInElsewhere,
} from '../../../../src/sessions/signIn/signInElsewhere.ts';
import type { WantedSignIn } from '../../../../src/sessions/signIn/signInElsewhere.ts';
import { ACME, Machine } from '../../support/sessions.ts';
import type { Window } from '../../support/sessions.ts';

describe('a sign-in that two windows ask for at once', () => {
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

  const cancel = new Error('Canceled');
  const wanted = (more: Partial<WantedSignIn> = {}): WantedSignIn => ({
    connection: ACME,
    scopes: [],
    seen: a.sessions.sessions,
    ...more,
  });

  /** Waits in window `a` for somebody who never confirms the code there. */
  function waiting(
    more: Partial<WantedSignIn> = {},
    { signal } = new AbortController(),
  ): Promise<LiveSession> {
    return unlessSignedInElsewhere(a.sessions, wanted(more), signal, (wait) =>
      untilAborted(wait, new Promise<never>(() => undefined)),
    );
  }

  it('ends in both when it is confirmed in one, and both have the same session (aws-toolkit-visual-studio#190, vscode#152764)', async () => {
    const pending = waiting();
    await machine.clock.advance(1000);
    const { session } = await b.sessions.add(machine.grant());
    await machine.clock.advance(0);
    const live = await pending;
    assert.equal(live.session.id, session.id);
    assert.equal(live.tokens.accessToken, 'SECRET-access-1');
    assert.equal(machine.file.sessions.length, 1);
  });

  it('ends at once when another window has completed it while the user chose the account', async () => {
    const asked = wanted();
    await b.sessions.add(machine.grant());
    await machine.clock.advance(0);
    const live = await unlessSignedInElsewhere(a.sessions, asked, new AbortController().signal, () =>
      assert.fail('the user is asked for nothing'),
    );
    assert.equal(live.tokens.accessToken, 'SECRET-access-1');
  });

  it('ends when the session that it renews is renewed elsewhere', async () => {
    const { session } = await a.sessions.add(machine.grant());
    const pending = waiting({ account: session.account });
    await machine.clock.advance(1000);
    await b.sessions.refreshNow(session.id);
    await machine.clock.advance(1000);
    await b.sessions.add(machine.grant({ account: session.account }));
    await machine.clock.advance(0);
    assert.equal((await pending).tokens.accessToken, 'SECRET-access-3');
  });

  it('goes on when something else is signed in to: other scopes, another Identity Center, another account', async () => {
    const given = new AbortController();
    const { session } = await a.sessions.add(machine.grant());
    const pending = waiting({ account: session.account }, given);
    await b.sessions.add(machine.grant({ scopes: ['other'], account: session.account }));
    await b.sessions.add(machine.grant({ connection: { ...ACME, region: 'us-east-1' } }));
    await b.sessions.add(machine.grant({ account: 'another' }));
    await b.sessions.refreshNow(session.id);
    await machine.clock.advance(0);
    given.abort(cancel);
    await assert.rejects(pending, cancel);
  });

  it('never joins for a user who wants another account', async () => {
    await b.sessions.add(machine.grant());
    assert.equal(await signedInElsewhere(a.sessions, wanted({ seen: [], account: 'another' })), undefined);
    assert.notEqual(await signedInElsewhere(a.sessions, wanted({ seen: [] })), undefined);
  });

  it('is cancelled in one window and goes on in the other', async () => {
    const given = new AbortController();
    const pending = waiting({}, given);
    given.abort(cancel);
    await assert.rejects(pending, cancel);
    const { session } = await b.sessions.add(machine.grant());
    assert.equal(b.sessions.sessions[0]?.id, session.id);
  });
});
