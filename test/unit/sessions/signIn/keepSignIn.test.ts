import assert from 'node:assert/strict';

import type { LiveSession } from '../../../../src/sessions/session.ts';
import { keepSignIn } from '../../../../src/sessions/signIn/keepSignIn.ts';
import type { GrantedSignIns } from '../../../../src/sessions/signIn/keepSignIn.ts';
import { Machine } from '../../support/sessions.ts';

describe('a sign-in that the service has granted', () => {
  let machine: Machine;
  let steps: string[];
  let granted: GrantedSignIns;

  beforeEach(async () => {
    machine = new Machine();
    steps = [];
    const { sessions } = await machine.open();
    granted = {
      keep: async (signIn) => {
        const live = await sessions.add(signIn);
        steps.push('kept');
        return live;
      },
      share: async ({ session }: LiveSession) => {
        assert.ok(sessions.sessions.some(({ id }) => id === session.id));
        steps.push('shared');
      },
      drop: async ({ issued }) => void steps.push(`dropped ${issued.accessToken}`),
    };
  });

  it('is kept, and only then shared', async () => {
    const { tokens } = await keepSignIn(granted, machine.grant(), new AbortController().signal);
    assert.equal(tokens.accessToken, 'SECRET-access-1');
    assert.deepEqual(steps, ['kept', 'shared']);
  });

  it('is neither after a cancel, but dropped: no token is left alive that nobody uses', async () => {
    const reason = new Error('cancelled');
    await assert.rejects(
      keepSignIn(granted, machine.grant(), AbortSignal.abort(reason)),
      (error) => error === reason,
    );
    assert.deepEqual(steps, ['dropped SECRET-access-1']);
    assert.deepEqual(machine.file.sessions, []);
  });

  it('is dropped where another window was first: both codes were confirmed, and one sign-in serves both', async () => {
    const { sessions } = await machine.open();
    const first = await sessions.add(machine.grant({ seen: [] }));
    const second = machine.grant({ seen: [] });
    const live = await keepSignIn(granted, second, new AbortController().signal);
    assert.equal(live.tokens.accessToken, first.tokens.accessToken);
    assert.deepEqual(steps, ['kept', `dropped ${second.issued.accessToken}`]);
  });

  it('is dropped, and not shared, where it may not be kept: it is not what was requested (vscode#226783)', async () => {
    const failure = new Error('not what was requested');
    const failing = { ...granted, keep: () => Promise.reject(failure) };
    await assert.rejects(
      keepSignIn(failing, machine.grant(), new AbortController().signal),
      (error) => error === failure,
    );
    assert.deepEqual(steps, ['dropped SECRET-access-1']);
  });
});
