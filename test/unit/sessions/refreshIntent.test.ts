import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import type { RefreshIntent, Session } from '../../../src/sessions/session.ts';
import { Machine, wireError } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

const MINUTE_MS = 60_000;

describe('the note that a refresh saves before it is sent', () => {
  let machine: Machine;
  let a: Window;
  let b: Window;
  let session: Session;

  beforeEach(async () => {
    machine = new Machine();
    a = await machine.open();
    b = await machine.open();
    ({ session } = await a.sessions.add(machine.grant()));
    await machine.clock.advance(0);
  });

  afterEach(() => {
    a.sessions.dispose();
    b.sessions.dispose();
  });

  it('names the token by its SHA-256, another one each time', async () => {
    const intents: (RefreshIntent | undefined)[] = [];
    machine.service.answer = () => {
      const state = machine.file.sessions[0]?.state;
      intents.push(state?.kind === 'signedIn' ? state.intent : undefined);
      return machine.service.issue();
    };
    await a.sessions.refreshNow(session.id);
    await a.sessions.refreshNow(session.id);
    assert.deepEqual(
      intents.map((intent) => intent?.tokenHash),
      ['SECRET-refresh-1', 'SECRET-refresh-2'].map((token) =>
        createHash('sha256').update(token).digest('base64url'),
      ),
    );
  });

  for (const [what, token, reason] of [
    ['of this token', 'SECRET-refresh-2', 'answerLost'],
    ['of an earlier token', 'SECRET-refresh-1', 'rejected'],
  ] as const) {
    it(`tells why a token is rejected: ${reason} where it is ${what}`, async () => {
      await a.sessions.refreshNow(session.id);
      const [current] = machine.file.sessions;
      const tokenHash = createHash('sha256').update(token).digest('base64url');
      const intent = { pid: 1, tokenHash, at: 0 };
      const index = JSON.parse(machine.file.text ?? '') as object;
      const sessions = [{ ...current, state: { ...current?.state, intent } }];
      machine.file.text = JSON.stringify({ ...index, sessions });
      machine.service.answer = () => {
        throw wireError('InvalidGrantException', { status: 400 });
      };
      b.sessions.dispose();
      b = await machine.open();
      await b.sessions.refreshNow(session.id);
      const state = b.sessions.sessions[0]?.state;
      assert.equal(state?.kind === 'needsSignIn' ? state.reason : state?.kind, reason);
    });
  }

  it('is missed where the disk failed: a token in memory alone is not sent, as another window may have used it', async () => {
    machine.file.writing = 'fails';
    await a.sessions.add(machine.grant({ scopes: ['other'] }));
    machine.clock.sleep(59.5 * MINUTE_MS);
    assert.deepEqual(await b.sessions.refreshNow(session.id), { kind: 'fresh' });
    // It dies, and what it knows dies with it: the disk did not take it, and the keychain keeps it to itself.
    b.sessions.dispose();
    machine.file.writing = 'none';
    machine.secrets.reading = 'fails';
    assert.deepEqual(await a.sessions.refreshNow(session.id), { kind: 'postponed' });
    machine.secrets.reading = 'none';
    assert.deepEqual(await a.sessions.refreshNow(session.id), { kind: 'fresh' });
    const [live] = await a.sessions.getSessions({ scopes: session.scopes });
    assert.equal(live?.tokens.accessToken, 'SECRET-access-3');
    assert.equal(machine.service.sent.filter((token) => token === 'SECRET-refresh-1').length, 1);
  });
});
