import assert from 'node:assert/strict';

import type { Session } from '../../../src/sessions/session.ts';
import { parseIndex } from '../../../src/sessions/store/indexFormat.ts';
import { Machine, wireError } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** How far one machine's view of the file is behind. */
const LAG_MS = 3 * SECOND_MS;

function only(window: Window): Session {
  const [first, ...others] = window.sessions.sessions;
  assert.ok(first !== undefined && others.length === 0, 'there should be exactly one session');
  return first;
}

function scopesOf({ sessions }: Window): readonly (readonly string[])[] {
  return sessions.sessions.map(({ scopes }) => scopes);
}

describe('two machines on one home folder, with one vault', () => {
  let here: Machine;
  let there: Machine;
  let a: Window;
  let b: Window;
  let session: Session;

  beforeEach(async () => {
    here = new Machine();
    there = new Machine(here, LAG_MS);
    a = await here.open();
    b = await there.open(here.secrets);
    ({ session } = await a.sessions.add(here.grant()));
    // B writes too, so that each knows of the other.
    await here.clock.advance(5 * SECOND_MS);
    await b.sessions.wake();
    const { session: second } = await b.sessions.add(here.grant({ scopes: ['other'] }));
    await here.clock.advance(15 * SECOND_MS);
    await a.sessions.wake();
    await b.sessions.signOut(second.id);
    await here.clock.advance(15 * SECOND_MS);
    await a.sessions.wake();
  });

  afterEach(() => {
    a.sessions.dispose();
    b.sessions.dispose();
  });

  const isSpentOnce = (): void =>
    assert.equal(new Set(here.service.sent).size, here.service.sent.length, 'a token was sent twice');

  it('never send one refresh token twice, when both try at the same moment', async () => {
    const both = [a.sessions.refreshNow(session.id), b.sessions.refreshNow(session.id)];
    await here.clock.advance(30 * SECOND_MS);
    await Promise.all(both);
    assert.equal(here.service.sent.length, 1);
    for (const window of [a, b]) {
      await window.sessions.wake();
      assert.deepEqual(await here.accessTokens(window), ['SECRET-access-3']);
    }
  });

  it('have in the copy of the index which of them has refreshed last, though it was the same before', async () => {
    for (const window of [a, b, a, b, a]) {
      await window.sessions.wake();
      const refresh = window.sessions.refreshNow(session.id);
      await here.clock.advance(30 * SECOND_MS);
      assert.deepEqual(await refresh, { kind: 'fresh' });
      const [kept] = parseIndex(here.file.copy ?? '').sessions;
      assert.deepEqual(kept?.keptBy?.machine, window === a ? here.name : there.name);
      assert.equal(kept?.generation, only(window).generation);
    }
  });

  /** The window of A sleeps for so long in the middle of its sign-out. */
  async function signOutAndSleep(sleepMs: number, meanwhile: () => Promise<void>): Promise<void> {
    here.file.reading = 'hangs';
    const signedOut = a.sessions.signOut(session.id);
    await here.clock.advance(0);
    here.clock.sleep(sleepMs);
    await meanwhile();
    here.file.reading = 'none';
    here.file.text = there.file.text;
    here.file.release();
    await here.clock.advance(0);
    await signedOut;
    await here.clock.advance(2 * MINUTE_MS);
    await Promise.all([a.sessions.wake(), b.sessions.wake()]);
  }

  describe('while the window of a sign-out stands still,', () => {
    it('keep a sign-in that came after it', async () => {
      await signOutAndSleep(50 * MINUTE_MS, async () => {
        await b.sessions.add(here.grant({ account: session.account }));
      });
      for (const window of [a, b]) {
        assert.deepEqual(await here.accessTokens(window), ['SECRET-access-3']);
      }
    });

    it('are signed out all the same where nobody has signed in since', async () => {
      await signOutAndSleep(50 * MINUTE_MS, async () => undefined);
      assert.deepEqual([...a.sessions.sessions, ...b.sessions.sessions], []);
    });
  });

  it('never send on trust what the other may be sending: the note of it settles first', async () => {
    const refresh = a.sessions.refreshNow(session.id);
    await here.clock.advance(9 * SECOND_MS);
    assert.deepEqual(here.service.sent, []);
    await here.clock.advance(2 * SECOND_MS);
    assert.deepEqual(await refresh, { kind: 'fresh' });
    assert.deepEqual(here.service.sent, ['SECRET-refresh-1']);
  });

  it('leave the work to the one that did it last, and step in when it is gone', async () => {
    await here.clock.advance(3 * HOUR_MS);
    const byA = here.service.sent.length;
    assert.ok(byA >= 3, `only ${byA} refreshes`);
    assert.equal(only(a).keptBy?.machine, here.name);
    a.sessions.dispose();
    await here.clock.advance(2 * HOUR_MS);
    assert.ok(here.service.sent.length >= byA + 2, 'the other one should go on');
    isSpentOnce();
    assert.deepEqual(only(b).keptBy?.machine, there.name);
    assert.deepEqual([...a.ended, ...b.ended, ...b.changes.flatMap(({ removed }) => removed.slice(1))], []);
  });

  it('never treat what is in progress elsewhere as dead, whatever process ids there are here', async () => {
    here.service.answer = () => new Promise<never>(() => undefined);
    void a.sessions.refreshNow(session.id);
    await here.clock.advance(15 * SECOND_MS);
    assert.equal(here.service.sent.length, 1);
    for (let minute = 0; minute < 55; minute += 5) {
      assert.deepEqual(await b.sessions.refreshNow(session.id), { kind: 'busy' });
      await here.clock.advance(5 * MINUTE_MS);
    }
    assert.equal(here.service.sent.length, 1);
  });

  it('never end a session that the other has renewed: what it got is taken over', async () => {
    const text = here.secrets.values.get(`session/${session.id}`) ?? '';
    here.service.answer = () => {
      here.service.answer = undefined;
      const { requestId: _, ...won } = here.service.issue();
      const tokens = { ...won, signedInAt: session.signedInAt, generation: session.generation + 1 };
      here.clock.schedule(
        () =>
          here.secrets.values.set(
            `session/${session.id}`,
            JSON.stringify({ ...JSON.parse(text), ...tokens }),
          ),
        30 * SECOND_MS,
      );
      throw wireError('InvalidGrantException', { status: 400 });
    };
    const refresh = b.sessions.refreshNow(session.id);
    await here.clock.advance(12 * SECOND_MS);
    assert.deepEqual(await refresh, { kind: 'busy' });
    assert.deepEqual(await here.accessTokens(b), ['SECRET-access-1']);
    await here.clock.advance(50 * MINUTE_MS);
    assert.deepEqual([...a.ended, ...b.ended], []);
    assert.equal(only(b).state.kind, 'signedIn');
    isSpentOnce();
  });

  it('end it with the service’s word when nobody brings a new token, and ask only once', async () => {
    here.service.answer = () => {
      throw wireError('InvalidGrantException', { status: 400 });
    };
    const refresh = b.sessions.refreshNow(session.id);
    await here.clock.advance(12 * SECOND_MS);
    await refresh;
    await here.clock.advance(40 * MINUTE_MS);
    assert.equal(only(b).state.kind, 'signedIn');
    await here.clock.advance(30 * MINUTE_MS);
    const { state } = only(a);
    assert.ok(state.kind === 'needsSignIn');
    assert.deepEqual([state.reason, state.requestId], ['rejectedAtOnce', 'request-of-the-error']);
    assert.equal(here.service.sent.length, 1);
    assert.equal(a.ended.length + b.ended.length, 1);
  });

  it('never lose a sign-out to a write of the other, which had not seen it', async () => {
    await a.sessions.signOut(session.id);
    await here.clock.advance(SECOND_MS);
    await b.sessions.add(here.grant({ scopes: ['other'] }));
    await here.clock.advance(30 * SECOND_MS);
    for (const window of [a, b]) {
      await window.sessions.wake();
      assert.deepEqual(scopesOf(window), [['other']]);
    }
  });

  it('never lose a sign-in to a write of the other, which had not seen it', async () => {
    await a.sessions.add(here.grant({ scopes: ['one'] }));
    await here.clock.advance(SECOND_MS);
    await b.sessions.add(here.grant({ scopes: ['two'] }));
    await here.clock.advance(30 * SECOND_MS);
    for (const window of [a, b]) {
      await window.sessions.wake();
      assert.deepEqual(
        scopesOf(window)
          .map(([scope = 'first']) => scope)
          .toSorted(),
        ['first', 'one', 'two'],
      );
    }
    assert.equal(parseIndex(here.file.text ?? '').sessions.length, 3);
  });

  it('make one account of a sign-in on each, though nobody has asked for the tokens of the first since', async () => {
    await a.sessions.signOut(session.id);
    await here.clock.advance(30 * SECOND_MS);
    await b.sessions.wake();
    const seen = b.sessions.sessions;
    assert.deepEqual(seen, []);
    const first = await a.sessions.add(here.grant());
    await here.clock.advance(5 * SECOND_MS);
    const live = await b.sessions.add(here.grant({ seen }));
    assert.equal(live.session.id, first.session.id);
    assert.equal(live.tokens.accessToken, first.tokens.accessToken);
  });

  it('do not wait once the window closes', async () => {
    const refresh = a.sessions.refreshNow(session.id);
    await here.clock.advance(SECOND_MS);
    a.sessions.dispose();
    assert.deepEqual(await refresh, { kind: 'busy' });
    assert.deepEqual(here.service.sent, []);
  });
});

describe('a machine that only reads a shared home folder', () => {
  it('says that it is there, so that the other sends nothing on trust', async () => {
    const here = new Machine();
    const there = new Machine(here, LAG_MS);
    const a = await here.open();
    const { session } = await a.sessions.add(here.grant());
    await here.clock.advance(5 * SECOND_MS);
    const b = await there.open(here.secrets);
    await here.clock.advance(5 * SECOND_MS);
    await a.sessions.wake();
    const refresh = a.sessions.refreshNow(session.id);
    await here.clock.advance(5 * SECOND_MS);
    assert.deepEqual(here.service.sent, []);
    await here.clock.advance(6 * SECOND_MS);
    assert.deepEqual(await refresh, { kind: 'fresh' });
    a.sessions.dispose();
    b.sessions.dispose();
  });
});

describe('two machines on one home folder, with a keychain each', () => {
  let here: Machine;
  let there: Machine;
  let a: Window;
  let b: Window;

  beforeEach(async () => {
    here = new Machine();
    there = new Machine(here, LAG_MS);
    a = await here.open();
    b = await there.open();
    await a.sessions.add(here.grant());
    await here.clock.advance(5 * SECOND_MS);
    await b.sessions.wake();
  });

  afterEach(() => {
    a.sessions.dispose();
    b.sessions.dispose();
  });

  it('never show or end the session of the other, whose tokens are in the other’s keychain', async () => {
    await here.clock.advance(5 * HOUR_MS);
    await b.sessions.wake();
    assert.deepEqual([b.sessions.sessions, b.changes, b.ended], [[], [], []]);
    assert.equal(only(a).state.kind, 'signedIn');
  });

  it('are signed in each by itself, under the same name', async () => {
    await b.sessions.add(here.grant());
    await here.clock.advance(5 * HOUR_MS);
    for (const window of [a, b]) {
      assert.equal(only(window).account.label, 'acme');
      assert.equal((await here.accessTokens(window)).length, 1);
    }
    assert.notEqual(only(a).id, only(b).id);
    assert.notDeepEqual(await here.accessTokens(a), await here.accessTokens(b));
    assert.deepEqual([...a.ended, ...b.ended], []);
  });

  it('keep what they know of each other’s sessions when one signs out', async () => {
    await b.sessions.add(here.grant());
    await here.clock.advance(30 * SECOND_MS);
    await b.sessions.signOut(only(b).id);
    await here.clock.advance(30 * SECOND_MS);
    await a.sessions.wake();
    assert.equal(only(a).state.kind, 'signedIn');
    assert.equal(parseIndex(here.file.text ?? '').sessions.length, 1);
  });
});

describe('one machine alone', () => {
  it('waits for nobody, also after it was started again', async () => {
    const machine = new Machine();
    const window = await machine.open();
    const { session } = await window.sessions.add(machine.grant());
    assert.deepEqual(await window.sessions.refreshNow(session.id), { kind: 'fresh' });
    window.sessions.dispose();
    machine.file.text = machine.file.text?.replaceAll('"boot":"boot"', '"boot":"an earlier one"');
    const next = await machine.open();
    assert.deepEqual(await next.sessions.refreshNow(session.id), { kind: 'fresh' });
    assert.equal(machine.service.sent.length, 2);
    next.sessions.dispose();
  });
});
