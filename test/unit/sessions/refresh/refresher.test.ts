import assert from 'node:assert/strict';

import type { Session } from '../../../../src/sessions/session.ts';
import { RefreshHeldError } from '../../../../src/sessions/tokenService.ts';
import { Machine, wireError } from '../../support/sessions.ts';
import type { Window } from '../../support/sessions.ts';

const MINUTE_MS = 60_000;

function only(window: Window): Session {
  const [first, ...others] = window.sessions.sessions;
  assert.ok(first !== undefined && others.length === 0, 'there should be exactly one session');
  return first;
}

describe('a refresh', () => {
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

  it('happens once for all windows, between 15 and 10 minutes before the end (botocore#3213)', async () => {
    await machine.clock.advance(44 * MINUTE_MS);
    assert.deepEqual(machine.service.sent, []);
    await machine.clock.advance(7 * MINUTE_MS);
    assert.deepEqual(machine.service.sent, ['SECRET-refresh-1']);
    for (const window of [a, b]) {
      assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-2']);
      assert.deepEqual(
        window.changes.map(({ added, changed, removed }) => [added.length, changed.length, removed.length]),
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      );
      assert.equal(window.changes[1]?.changed[0]?.id, session.id);
    }
  });

  it('continues for a month of windows that open and close, never with a used token (aws-toolkit-vscode#3614)', async function () {
    this.timeout(60_000);
    const days = 30;
    for (let day = 0; day < days; day += 1) {
      await machine.clock.advance(24 * 60 * MINUTE_MS);
      a.sessions.dispose();
      a = await machine.open();
    }
    const { sent } = machine.service;
    assert.equal(new Set(sent).size, sent.length, 'a token was sent twice');
    assert.ok(sent.length >= days * 27, `only ${sent.length} refreshes`);
    assert.equal(only(a).state.kind, 'signedIn');
    assert.deepEqual(await machine.accessTokens(b), [`SECRET-access-${sent.length + 1}`]);
    assert.deepEqual([...a.ended, ...b.ended], []);
  });

  it('keeps the old refresh token when the response brings none', async () => {
    machine.service.answer = () => {
      const { refreshToken: _, ...rest } = machine.service.issue();
      return rest;
    };
    assert.deepEqual(await a.sessions.refreshNow(session.id), { kind: 'fresh' });
    assert.deepEqual(await a.sessions.refreshNow(session.id), { kind: 'fresh' });
    assert.deepEqual(machine.service.sent, ['SECRET-refresh-1', 'SECRET-refresh-1']);
  });

  it('notes the intent, without the token, before it sends', async () => {
    machine.service.answer = () => {
      const state = machine.file.sessions[0]?.state;
      assert.ok(state?.kind === 'signedIn' && state.intent !== undefined, 'the intent is not in the file');
      assert.doesNotMatch(machine.file.text ?? '', /SECRET/);
      return machine.service.issue();
    };
    assert.deepEqual(await a.sessions.refreshNow(session.id), { kind: 'fresh' });
  });

  for (const [name, error] of Object.entries({
    'a 500 (aws-toolkit-vscode#8190)': wireError('InternalServerException', { status: 500 }),
    'a 500 that calls itself an invalid grant': wireError('InvalidGrantException', { status: 500 }),
    'a 429 (aws-toolkit-vscode#8294)': wireError('TooManyRequestsException', { status: 429 }),
    'a lost network (aws-toolkit-vscode#4361)': wireError('NetworkDns', { sent: 'no' }),
    'a lost answer': wireError('NetworkReset'),
    'a gateway that answers HTML': wireError('NotJson', { status: 403 }),
    'a policy in front of the service (resource-control-policy-examples#18)': wireError('UnexpectedStatus', {
      status: 403,
    }),
    'an answer under the name of an exception, but not in its form': wireError('AccessDeniedException', {
      status: 400,
      isDefinitive: false,
    }),
    'a KMS key that locks the service out (iam-identity-center-team#500)': wireError(
      'AccessDeniedException',
      {
        status: 400,
        reason: 'KMS_AccessDeniedException',
      },
    ),
    'an error that nobody thought of': new TypeError('unexpected'),
  })) {
    it(`never signs out for ${name}`, async () => {
      machine.service.answer = () => {
        throw error;
      };
      await machine.clock.advance(3 * 60 * MINUTE_MS);
      assert.equal(only(a).state.kind, 'signedIn');
      assert.deepEqual(await machine.accessTokens(b), ['SECRET-access-1']);
      assert.ok(machine.service.sent.length < 9, `${machine.service.sent.length} attempts are a storm`);
      machine.service.answer = undefined;
      await machine.clock.advance(30 * MINUTE_MS);
      assert.deepEqual(await machine.accessTokens(b), ['SECRET-access-2']);
    });
  }

  it('notes a KMS key as the cause, not that access was denied', async () => {
    machine.service.answer = () => {
      throw wireError('AccessDeniedException', { status: 400, reason: 'KMS_AccessDeniedException' });
    };
    await a.sessions.refreshNow(session.id);
    const { state } = only(b);
    assert.ok(state.kind === 'signedIn');
    assert.equal(state.lastRefresh?.result, 'KMS_AccessDeniedException');
  });

  it('waits as long as the service asks', async () => {
    machine.service.answer = () => {
      throw wireError('TooManyRequestsException', { status: 429, retryAfterMs: 40 * MINUTE_MS });
    };
    await machine.clock.advance(50 * MINUTE_MS);
    assert.equal(machine.service.sent.length, 1);
    await a.sessions.wake();
    await machine.clock.advance(30 * MINUTE_MS);
    assert.equal(machine.service.sent.length, 1);
  });

  it('keeps the session while only the user can say whose the token of another tool is, and goes on then', async () => {
    machine.service.answer = () => {
      throw new RefreshHeldError('awsCliSignInUnclear', false);
    };
    assert.deepEqual(await a.sessions.refreshNow(session.id), {
      kind: 'failed',
      code: 'awsCliSignInUnclear',
    });
    const { state } = only(b);
    assert.ok(state.kind === 'signedIn');
    assert.equal(state.lastRefresh?.result, 'awsCliSignInUnclear');
    assert.equal(state.intent, undefined, 'the token was not sent');
    machine.service.answer = undefined;
    assert.equal((await b.sessions.refreshNow(session.id)).kind, 'fresh');
  });

  it('keeps in mind that the token was sent before that was noticed', async () => {
    machine.service.answer = () => {
      throw new RefreshHeldError('awsCliSignInUnclear', true);
    };
    await a.sessions.refreshNow(session.id);
    const { state } = only(b);
    assert.ok(state.kind === 'signedIn' && state.intent !== undefined);
  });

  it('ends the session when the service rejects its newest token, and tells it once', async () => {
    machine.service.answer = () => {
      throw wireError('InvalidGrantException', { status: 400 });
    };
    await machine.clock.advance(60 * MINUTE_MS);
    const { state } = only(b);
    assert.ok(state.kind === 'needsSignIn');
    assert.deepEqual([state.reason, state.requestId], ['rejected', 'request-of-the-error']);
    assert.equal(a.ended.length + b.ended.length, 1);
    assert.deepEqual(await b.sessions.getSessions({}), []);
    await machine.clock.advance(24 * 60 * MINUTE_MS);
    assert.equal(machine.service.sent.length, 1);
  });

  it('stops and explains, instead of looping, when a fresh sign-in is rejected (amazon-q-vscode#182)', async () => {
    machine.service.answer = () => {
      throw wireError('InvalidGrantException', { status: 400 });
    };
    await a.sessions.refreshNow(session.id);
    const { state } = only(a);
    assert.ok(state.kind === 'needsSignIn');
    assert.equal(state.reason, 'rejectedAtOnce');
  });

  it('never ends a session over a token that another window has renewed (botocore#3213, aws-cli#9632)', async () => {
    machine.locks.trouble = 'fails';
    machine.clock.sleep(59.5 * MINUTE_MS);
    machine.service.answer = async () => {
      machine.service.answer = undefined;
      assert.deepEqual(await b.sessions.refreshNow(session.id), { kind: 'fresh' });
      throw wireError('InvalidGrantException', { status: 400 });
    };
    await a.sessions.refreshNow(session.id);
    machine.locks.trouble = 'none';
    await machine.clock.advance(MINUTE_MS);
    assert.deepEqual(await machine.accessTokens(a), ['SECRET-access-2']);
    assert.deepEqual(await machine.accessTokens(b), ['SECRET-access-2']);
  });

  it('waits with what could be lost, while the disk or the keychain fails and there is time', async () => {
    machine.secrets.reading = 'fails';
    assert.deepEqual(await a.sessions.refreshNow(session.id), { kind: 'postponed' });
    machine.secrets.reading = 'none';
    machine.file.writing = 'fails';
    assert.deepEqual(await a.sessions.refreshNow(session.id), { kind: 'postponed' });
    assert.deepEqual(machine.service.sent, []);
    machine.clock.sleep(59.5 * MINUTE_MS);
    assert.deepEqual(await a.sessions.refreshNow(session.id), { kind: 'fresh' });
  });

  it('says that a response was lost, when a crash or the network lost it', async () => {
    machine.service.answer = () => {
      throw wireError('NetworkReset');
    };
    await a.sessions.refreshNow(session.id);
    machine.service.answer = () => {
      throw wireError('InvalidGrantException', { status: 400 });
    };
    // What the other window sent may still be on its way.
    assert.deepEqual(await b.sessions.refreshNow(session.id), { kind: 'busy' });
    assert.equal(machine.service.sent.length, 1);
    await machine.clock.advance(20_000);
    await b.sessions.refreshNow(session.id);
    const { state } = only(b);
    assert.ok(state.kind === 'needsSignIn');
    assert.equal(state.reason, 'answerLost');
  });

  it('takes over what a window saved and died before it could tell', async () => {
    machine.service.answer = () => {
      machine.file.writing = 'fails';
      return machine.service.issue();
    };
    await a.sessions.refreshNow(session.id);
    machine.file.writing = 'none';
    a.sessions.dispose();
    assert.deepEqual(await b.sessions.refreshNow(session.id), { kind: 'fresh' });
    assert.deepEqual(machine.service.sent, ['SECRET-refresh-1']);
    assert.deepEqual(await machine.accessTokens(b), ['SECRET-access-2']);
  });

  it('cannot bring back what was signed out meanwhile, in whichever window', async () => {
    machine.service.answer = async () => {
      await b.sessions.signOut(session.id);
      return machine.service.issue();
    };
    assert.deepEqual(await a.sessions.refreshNow(session.id), { kind: 'over' });
    await machine.clock.advance(MINUTE_MS);
    for (const window of [a, b]) {
      assert.deepEqual(window.sessions.sessions, []);
    }
    assert.deepEqual([...machine.secrets.values.keys()], []);
    assert.deepEqual(machine.service.signedOut.toSorted(), ['SECRET-access-1', 'SECRET-access-2']);
  });

  it('gives way to a sign-in that came meanwhile', async () => {
    machine.service.answer = async () => {
      const late = machine.service.issue();
      await b.sessions.add(machine.grant({ account: session.account }));
      return late;
    };
    await a.sessions.refreshNow(session.id);
    await machine.clock.advance(MINUTE_MS);
    assert.deepEqual(await machine.accessTokens(a), ['SECRET-access-3']);
    assert.deepEqual(await machine.accessTokens(b), ['SECRET-access-3']);
    assert.deepEqual(machine.service.signedOut, [], 'a sign-out could end the new sign-in too');
  });

  it('waits for no window that is suspended in the middle of one', async () => {
    machine.service.answer = () => new Promise<never>(() => undefined);
    void a.sessions.refreshNow(session.id);
    await machine.clock.advance(0);
    assert.deepEqual(await b.sessions.refreshNow(session.id), { kind: 'busy' });
    await machine.clock.advance(60 * MINUTE_MS);
    assert.deepEqual(machine.service.sent, ['SECRET-refresh-1']);
    assert.deepEqual(await machine.accessTokens(b), ['SECRET-access-1']);
  });

  it('happens at once when the clock was set back, since the age of the token is unknown (aws-cli#10330)', async () => {
    await machine.clock.advance(30 * MINUTE_MS);
    machine.clock.setBack(20 * MINUTE_MS);
    await machine.clock.advance(2 * MINUTE_MS);
    assert.deepEqual(machine.service.sent, ['SECRET-refresh-1']);
  });

  it('happens when the machine wakes, and its timers are late (aws-sso-cli#644)', async () => {
    machine.clock.sleep(8 * 60 * MINUTE_MS);
    await machine.clock.advance(MINUTE_MS);
    assert.deepEqual(machine.service.sent, ['SECRET-refresh-1']);
    assert.deepEqual(await machine.accessTokens(b), ['SECRET-access-2']);
  });
});
