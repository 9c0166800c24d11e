import assert from 'node:assert/strict';

import { SecretVault } from '../../../src/sessions/vault/secretVault.ts';
import type { Session } from '../../../src/sessions/session.ts';
import { Machine, wireError } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

const MINUTE_MS = 60_000;

function invalidGrant(): never {
  throw wireError('InvalidGrantException', { status: 400 });
}

describe('a refresh that the service rejects', () => {
  let machine: Machine;
  let window: Window;
  let session: Session;

  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    ({ session } = await window.sessions.add(machine.grant()));
    await machine.clock.advance(0);
  });

  afterEach(() => window.sessions.dispose());

  /** What a window leaves that refreshed at the same time and died before it could say so: a later token in the vault. */
  async function saveLaterTokens(): Promise<void> {
    const { requestId: _, ...tokens } = machine.service.issue();
    const { id, signedInAt, generation } = session;
    await new SecretVault(machine.secrets).writeTokens(id, {
      ...tokens,
      signedInAt,
      generation: generation + 1,
    });
  }

  for (const lock of ['none', 'fails'] as const) {
    it(`continues with a later token that the vault has by then, where the lock ${lock === 'none' ? 'excludes nobody' : lock} (aws-cli#9632)`, async () => {
      machine.locks.trouble = lock;
      machine.clock.sleep(59.5 * MINUTE_MS);
      machine.service.answer = async () => {
        await saveLaterTokens();
        return invalidGrant();
      };
      assert.deepEqual(await window.sessions.refreshNow(session.id), { kind: 'fresh' });
      assert.deepEqual(window.ended, []);
      assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-2']);
      machine.service.answer = undefined;
      machine.locks.trouble = 'none';
      assert.deepEqual(await window.sessions.refreshNow(session.id), { kind: 'fresh' });
      assert.deepEqual(machine.service.sent, ['SECRET-refresh-1', 'SECRET-refresh-2']);
    });
  }

  it('ends no session while nothing is locked and the vault cannot say which token is the newest', async () => {
    machine.locks.trouble = 'fails';
    machine.clock.sleep(59.5 * MINUTE_MS);
    machine.service.answer = () => {
      machine.secrets.reading = 'fails';
      return invalidGrant();
    };
    const outcome = await window.sessions.refreshNow(session.id);
    assert.deepEqual(outcome, { kind: 'failed', code: 'InvalidGrantException' });
    assert.equal(window.sessions.sessions[0]?.state.kind, 'signedIn');
    machine.secrets.reading = 'none';
    machine.locks.trouble = 'none';
    machine.service.answer = undefined;
    assert.deepEqual(await window.sessions.refreshNow(session.id), { kind: 'fresh' });
    assert.deepEqual(window.ended, []);
  });
});
