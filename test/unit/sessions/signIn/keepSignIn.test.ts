import assert from 'node:assert/strict';

import type { LiveSession } from '../../../../src/sessions/session.ts';
import { keepSignIn } from '../../../../src/sessions/signIn/keepSignIn.ts';
import type { GrantedSignIns, KeepSignals } from '../../../../src/sessions/signIn/keepSignIn.ts';
import { Machine } from '../../support/sessions.ts';

/** Nothing comes before it is kept. */
const { signal } = new AbortController();
const STILL: KeepSignals = { waiting: signal, cancelled: signal };

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
      undo: (kept) => sessions.undo(kept),
      drop: async ({ issued }) => void steps.push(`dropped ${issued.accessToken}`),
    };
  });

  it('is kept, and only then shared', async () => {
    const { tokens } = await keepSignIn(granted, machine.grant(), STILL);
    assert.equal(tokens.accessToken, 'SECRET-access-1');
    assert.deepEqual(steps, ['kept', 'shared']);
  });

  it('is neither after a cancel, but dropped: no token is left alive that nobody uses', async () => {
    const reason = new Error('cancelled');
    const aborted = AbortSignal.abort(reason);
    await assert.rejects(
      keepSignIn(granted, machine.grant(), { waiting: aborted, cancelled: aborted }),
      (error) => error === reason,
    );
    assert.deepEqual(steps, ['dropped SECRET-access-1']);
    assert.deepEqual(machine.file.sessions, []);
  });

  it('stays where the wait for the user ends because it is there itself', async () => {
    const found = new AbortController();
    const { keep } = granted;
    const noticed: GrantedSignIns = {
      ...granted,
      keep: async (signIn) => {
        const live = await keep(signIn);
        found.abort(new Error('signed in elsewhere'));
        return live;
      },
    };
    await keepSignIn(noticed, machine.grant(), { waiting: found.signal, cancelled: signal });
    assert.deepEqual(steps, ['kept', 'shared']);
    assert.equal(machine.file.sessions.length, 1);
  });

  it('is dropped where another window was first: both codes were confirmed, and one sign-in serves both', async () => {
    const { sessions } = await machine.open();
    const first = await sessions.add(machine.grant({ seen: [] }));
    const second = machine.grant({ seen: [] });
    const live = await keepSignIn(granted, second, STILL);
    assert.equal(live.tokens.accessToken, first.tokens.accessToken);
    assert.deepEqual(steps, ['kept', `dropped ${second.issued.accessToken}`]);
  });

  it('is dropped, and not shared, where it may not be kept: it is not what was requested (vscode#226783)', async () => {
    const failure = new Error('not what was requested');
    const failing = { ...granted, keep: () => Promise.reject(failure) };
    await assert.rejects(keepSignIn(failing, machine.grant(), STILL), (error) => error === failure);
    assert.deepEqual(steps, ['dropped SECRET-access-1']);
  });
});
