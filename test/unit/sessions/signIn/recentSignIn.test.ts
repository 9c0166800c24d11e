import assert from 'node:assert/strict';

import { RecentSignIn } from '../../../../src/sessions/signIn/recentSignIn.ts';
import type { Session } from '../../../../src/sessions/session.ts';
import { Machine } from '../../support/sessions.ts';
import type { Window } from '../../support/sessions.ts';

describe('a request that waited in the queue of VS Code behind another', () => {
  let machine: Machine;
  let window: Window;
  let session: Session;
  let recent: RecentSignIn;
  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    ({ session } = await window.sessions.add(machine.grant()));
    recent = new RecentSignIn(window.sessions, machine.clock);
  });
  afterEach(() => window.sessions.dispose());

  it('gets the session of the other one, instead of a second account (vscode#152764, vscode#184218)', async () => {
    recent.note(session);
    assert.equal((await recent.find({ scopes: [] }))?.session.id, session.id);
    assert.equal((await recent.find({ scopes: [], account: session.account }))?.session.id, session.id);
  });

  it('never gets it for other scopes, another account, or after the sign-out', async () => {
    recent.note(session);
    assert.equal(await recent.find({ scopes: ['other'] }), undefined);
    assert.equal(await recent.find({ scopes: [], account: { id: 'other', label: 'other' } }), undefined);
    await window.sessions.signOut(session.id);
    assert.equal(await recent.find({ scopes: [] }), undefined);
  });

  it('is one of its own once a user may have asked for it', async () => {
    assert.equal(await recent.find({ scopes: [] }), undefined);
    recent.note(session);
    await machine.clock.advance(1001);
    assert.equal(await recent.find({ scopes: [] }), undefined);
  });
});
