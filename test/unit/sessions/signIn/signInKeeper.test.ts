import assert from 'node:assert/strict';

import { Machine } from '../../support/sessions.ts';
import type { Window } from '../../support/sessions.ts';

describe('keeping a sign-in', () => {
  let machine: Machine;
  let window: Window;
  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
  });
  afterEach(() => window.sessions.dispose());

  const labels = (): readonly string[] => machine.file.sessions.map(({ account }) => account.label);

  it('makes a further account where the session there is returned', async () => {
    const { sessions } = window;
    await sessions.add(machine.grant());
    await sessions.add(machine.grant({ seen: sessions.sessions }));
    assert.deepEqual(labels(), ['acme', 'acme (2)']);
  });

  it('is undone by a sign-out that comes while the keychain takes its time', async () => {
    const { sessions } = window;
    const { session } = await sessions.add(machine.grant());
    const other = await machine.open();
    await machine.clock.advance(1000);
    machine.secrets.reading = 'hangs';
    machine.secrets.writing = 'hangs';
    const keeping = other.sessions.add(machine.grant({ account: session.account }));
    const out = other.sessions.signOut(session.id);
    await machine.clock.advance(20_000);
    machine.secrets.reading = 'none';
    machine.secrets.writing = 'none';
    await machine.clock.advance(60_000);
    await Promise.all([keeping, out]);
    await other.sessions.idle();
    const left = [...machine.secrets.values.keys()];
    assert.deepEqual({ labels: labels(), left }, { labels: [], left: [] });
    other.sessions.dispose();
  });

  it('brings what was asked for, not the sign-in that was there before', async () => {
    const { sessions } = window;
    const { session } = await sessions.add(machine.grant());
    await machine.clock.advance(1000);
    const again = await sessions.add(machine.grant({ account: session.account, seen: sessions.sessions }));
    assert.equal(again.tokens.accessToken, 'SECRET-access-2');
  });

  it('brings the corrected scopes, though another window has signed in meanwhile with the old ones', async () => {
    const { sessions } = window;
    const { session } = await sessions.add(machine.grant({ scopes: ['old'] }));
    const { account, id } = session;
    const seen = sessions.sessions;
    await machine.clock.advance(1000);
    await sessions.add(machine.grant({ scopes: ['old'], account }));
    const again = await sessions.add(machine.grant({ scopes: ['new'], account, renews: id, seen }));
    assert.deepEqual([again.tokens.accessToken, again.session.scopes], ['SECRET-access-3', ['new']]);
  });

  it('brings the corrected connection, though another window has signed in meanwhile to the old one', async () => {
    const { sessions } = window;
    const { session } = await sessions.add(machine.grant());
    const { account, id, connection } = session;
    const seen = sessions.sessions;
    await machine.clock.advance(1000);
    await sessions.add(machine.grant({ account }));
    const corrected = { ...connection, region: 'us-east-1' };
    const again = await sessions.add(
      machine.grant({ connection: corrected, account, renews: id, isCorrected: true, seen }),
    );
    assert.deepEqual([again.tokens.accessToken, again.session.connection], ['SECRET-access-3', corrected]);
  });

  it('takes the later of two where the first is over by now', async () => {
    const { sessions } = window;
    const seen = sessions.sessions;
    machine.service.lifetimeMs = 1000;
    const { refreshToken: _, client: __, ...fixed } = machine.service.issue();
    await sessions.add(machine.grant({ issued: fixed, seen }));
    machine.service.lifetimeMs = 3_600_000;
    machine.clock.sleep(5000);
    const late = await sessions.add(machine.grant({ seen }));
    assert.equal(late.tokens.accessToken, 'SECRET-access-3');
  });
});
