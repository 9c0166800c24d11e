import assert from 'node:assert/strict';

import type { IssuedTokens } from '../../../../src/flows/tokens.ts';
import { Machine } from '../../support/sessions.ts';

const HOUR_MS = 3_600_000;

describe('a sign-in to an account whose session is not handed out', () => {
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
  });

  /** As of a client that was registered without scopes. */
  function fixedTokens(): IssuedTokens {
    const { refreshToken: _, client: __, ...issued } = machine.service.issue();
    return issued;
  }

  function labels(): readonly string[] {
    return machine.file.sessions.map(({ account }) => account.label);
  }

  it('renews it where its token is over and the clock has yet to settle: no second account', async () => {
    const evening = await machine.open();
    await evening.sessions.add(machine.grant({ issued: fixedTokens() }));
    evening.sessions.dispose();
    await machine.clock.advance(9 * HOUR_MS);
    const { sessions } = await machine.open();
    assert.equal(sessions.sessions[0]?.state.kind, 'signedIn');
    assert.deepEqual(await sessions.getSessions({}), []);
    await sessions.add(machine.grant({ seen: sessions.sessions }));
    assert.deepEqual(labels(), ['acme']);
    sessions.dispose();
  });

  it('renews it where the keychain does not give its token: no second account', async () => {
    const { sessions } = await machine.open();
    await sessions.add(machine.grant());
    const other = await machine.open();
    machine.secrets.reading = 'fails';
    assert.deepEqual(await other.sessions.getSessions({}), []);
    await other.sessions.add(machine.grant({ seen: other.sessions.sessions }));
    assert.deepEqual(labels(), ['acme']);
    sessions.dispose();
    other.sessions.dispose();
  });

  it('is for a further account where it is handed out', async () => {
    const { sessions } = await machine.open();
    await sessions.add(machine.grant());
    await sessions.add(machine.grant({ seen: sessions.sessions }));
    assert.deepEqual(labels(), ['acme', 'acme (2)']);
    sessions.dispose();
  });
});
