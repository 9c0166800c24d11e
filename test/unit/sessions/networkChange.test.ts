import assert from 'node:assert/strict';

import type { SsoOidcError } from '../../../src/wire/errors.ts';
import { Machine, wireError } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

const MINUTE_MS = 60_000;

describe('a machine that changes to another network', () => {
  let machine: Machine;
  let window: Window;

  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    await window.sessions.add(machine.grant());
  });
  afterEach(() => window.sessions.dispose());

  function failWith(error: SsoOidcError): void {
    machine.service.answer = () => {
      throw error;
    };
  }

  it('refreshes within a minute what failed on the old one for an hour', async () => {
    failWith(wireError('Timeout', { sent: 'no' }));
    await machine.clock.advance(2 * 60 * MINUTE_MS);
    machine.service.answer = undefined;
    machine.network = 'office and VPN';
    await machine.clock.advance(MINUTE_MS);
    assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-2']);
  });

  it('is not asked for more than once where that fails too, however many windows see it', async () => {
    const others = [await machine.open(), await machine.open()];
    failWith(wireError('Timeout', { sent: 'no' }));
    await machine.clock.advance(2 * 60 * MINUTE_MS);
    const before = machine.service.sent.length;
    machine.network = 'hotel';
    await machine.clock.advance(5 * MINUTE_MS);
    assert.equal(machine.service.sent.length, before + 1);
    for (const { sessions } of others) {
      sessions.dispose();
    }
  });

  it('still waits as long as the service has asked', async () => {
    failWith(wireError('TooManyRequestsException', { status: 429, retryAfterMs: 60 * MINUTE_MS }));
    await machine.clock.advance(50 * MINUTE_MS);
    assert.equal(machine.service.sent.length, 1);
    machine.network = 'home';
    await machine.clock.advance(5 * MINUTE_MS);
    assert.equal(machine.service.sent.length, 1);
  });
});
