import assert from 'node:assert/strict';

import type { Account, LiveSession, Session } from '../../../../src/sessions/session.ts';
import { SharedSignIns } from '../../../../src/sessions/signIn/sharedSignIns.ts';
import type { WantedSignIn } from '../../../../src/sessions/signIn/signInElsewhere.ts';
import type { IssuedTokens } from '../../../../src/flows/tokens.ts';
import { ACME, Machine, wireError } from '../../support/sessions.ts';
import type { Window } from '../../support/sessions.ts';

const HOUR_MS = 3_600_000;

/** As the product signs in: asks whose it is where it has to, shows a code, and keeps what comes. */
class SignIns {
  readonly #machine: Machine;
  readonly #window: Window;
  readonly #shared: SharedSignIns;
  /** What the user was asked to choose from. */
  readonly asked: string[] = [];
  codes = 0;
  /** The ids of the sessions that other tools got. */
  readonly shared: string[] = [];
  sharing: () => Promise<void> = async () => undefined;
  /** What happens until the user confirms the code, and what is granted then. */
  confirmed: Promise<void> = Promise.resolve();
  issue: () => IssuedTokens;

  constructor(machine: Machine, window: Window) {
    this.#machine = machine;
    this.#window = window;
    this.#shared = new SharedSignIns(window.sessions);
    this.issue = () => this.#machine.service.issue();
  }

  ask(wanted: Partial<WantedSignIn> = {}, signal = new AbortController().signal): Promise<LiveSession> {
    const { sessions } = this.#window;
    const request = { connection: ACME, scopes: [], seen: sessions.sessions, ...wanted };
    return this.#shared.signIn(request, signal, {
      chooseAccount: async (accounts: readonly Account[]) => {
        this.asked.push(...accounts.map(({ label }) => label));
        return accounts[0] ?? 'another';
      },
      show: (shown, complete) => {
        this.codes += 1;
        return complete(shown, async () => {
          await this.confirmed;
          return this.issue();
        });
      },
      granted: {
        keep: (granted) => sessions.add(granted),
        share: async ({ session }) => {
          this.shared.push(session.id);
          await this.sharing();
        },
        undo: (kept) => sessions.undo(kept),
        drop: async ({ connection, issued }) => sessions.endAtService(connection, issued.accessToken),
      },
    });
  }
}

function labelsIn({ file }: Machine): readonly string[] {
  return file.sessions.map(({ account }) => account.label);
}

function idTokenOf(subject: string): string {
  const claims = Buffer.from(JSON.stringify({ sub: subject })).toString('base64url');
  return `e30.${claims}.c2ln`;
}

describe('a sign-in that was asked for while the session was not returned', () => {
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
  });

  /** Signs in at a window that hands nothing out; `putRight` comes before the user confirms the code. */
  async function signInAt(window: Window, putRight: () => unknown): Promise<SignIns> {
    assert.deepEqual(await window.sessions.getSessions({}), []);
    const signIns = new SignIns(machine, window);
    const confirmed = Promise.withResolvers<void>();
    signIns.confirmed = confirmed.promise;
    const signedIn = signIns.ask();
    await machine.clock.advance(10);
    await putRight();
    confirmed.resolve();
    await signedIn;
    return signIns;
  }

  it('renews it where its token is over and the clock has yet to settle: no second account', async () => {
    const evening = await machine.open();
    const { refreshToken: _, client: __, ...fixed } = machine.service.issue();
    await evening.sessions.add(machine.grant({ issued: fixed }));
    evening.sessions.dispose();
    await machine.clock.advance(9 * HOUR_MS);
    const window = await machine.open();
    assert.equal(window.sessions.sessions[0]?.state.kind, 'signedIn');
    const { asked } = await signInAt(window, () => undefined);
    assert.deepEqual({ asked, labels: labelsIn(machine) }, { asked: [], labels: ['acme'] });
    window.sessions.dispose();
  });

  it('renews it where the keychain does not give its token: no second account', async () => {
    const { sessions } = await machine.open();
    await sessions.add(machine.grant());
    const other = await machine.open();
    machine.secrets.reading = 'fails';
    const { asked } = await signInAt(other, () => undefined);
    assert.deepEqual({ asked, labels: labelsIn(machine) }, { asked: [], labels: ['acme'] });
    sessions.dispose();
    other.sessions.dispose();
  });

  it('renews it where the keychain was locked when it was asked for, and is unlocked when it is kept', async () => {
    const first = await machine.open();
    await first.sessions.add(machine.grant());
    first.sessions.dispose();
    machine.secrets.reading = 'fails';
    const window = await machine.open();
    const { asked } = await signInAt(window, () => (machine.secrets.reading = 'none'));
    assert.deepEqual({ asked, labels: labelsIn(machine) }, { asked: [], labels: ['acme'] });
    window.sessions.dispose();
  });

  it('renews it where the clock was ahead when it was asked for, and is right when it is kept', async () => {
    const first = await machine.open();
    const { refreshToken: _, client: __, ...fixed } = machine.service.issue();
    await first.sessions.add(machine.grant({ issued: fixed }));
    first.sessions.dispose();
    await machine.clock.advance(60_000);
    machine.clock.setAhead(2 * HOUR_MS);
    const window = await machine.open();
    const { asked } = await signInAt(window, () => machine.clock.setBack(2 * HOUR_MS));
    assert.deepEqual({ asked, labels: labelsIn(machine) }, { asked: [], labels: ['acme'] });
    window.sessions.dispose();
  });

  it('takes what another window has brought meanwhile for what was asked for', async () => {
    const first = await machine.open();
    const { session } = await first.sessions.add(machine.grant());
    machine.secrets.reading = 'fails';
    const window = await machine.open();
    await signInAt(window, async () => {
      await first.sessions.add(machine.grant({ account: session.account }));
      machine.secrets.reading = 'none';
    });
    assert.deepEqual(labelsIn(machine), ['acme']);
    assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-2']);
    await window.sessions.idle();
    assert.deepEqual(machine.service.signedOut, ['SECRET-access-3']);
    first.sessions.dispose();
    window.sessions.dispose();
  });
});

describe('two who ask for a sign-in in one window', () => {
  let machine: Machine;
  let window: Window;
  let signIns: SignIns;
  let confirm: () => void;
  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    signIns = new SignIns(machine, window);
    const confirmed = Promise.withResolvers<void>();
    signIns.confirmed = confirmed.promise;
    confirm = confirmed.resolve;
  });
  afterEach(() => window.sessions.dispose());

  /** @returns the labels of the accounts that they got */
  async function confirmBoth(...asked: readonly Promise<LiveSession>[]): Promise<readonly string[]> {
    await machine.clock.advance(10);
    confirm();
    return (await Promise.all(asked)).map(({ session }) => session.account.label);
  }

  /** A session that needs its user. */
  async function endedSession(): Promise<Session> {
    machine.service.lifetimeMs = 1000;
    const { refreshToken: _, client: __, ...fixed } = machine.service.issue();
    machine.service.lifetimeMs = HOUR_MS;
    const { session } = await window.sessions.add(machine.grant({ issued: fixed }));
    await machine.clock.advance(10 * 60_000);
    assert.equal(window.sessions.sessions[0]?.state.kind, 'needsSignIn');
    return session;
  }

  it('see one code where one signs in again in the list and the other is an extension that names the account', async () => {
    const { account, id } = await endedSession();
    const got = await confirmBoth(signIns.ask({ account, renews: id }), signIns.ask({ account }));
    assert.deepEqual({ got, codes: signIns.codes }, { got: ['acme', 'acme'], codes: 1 });
  });

  it('see one code where one signs in again and the other names no account', async () => {
    const { account, id } = await endedSession();
    const got = await confirmBoth(signIns.ask(), signIns.ask({ account, renews: id }));
    assert.deepEqual({ got, codes: signIns.codes }, { got: ['acme', 'acme'], codes: 1 });
  });

  it('see one code where one names a remembered account that is signed out and the other none', async () => {
    const { session } = await window.sessions.add(machine.grant());
    await window.sessions.signOut(session.id);
    const got = await confirmBoth(signIns.ask({ account: session.account }), signIns.ask());
    assert.deepEqual({ got, codes: signIns.codes }, { got: ['acme', 'acme'], codes: 1 });
    assert.deepEqual(labelsIn(machine), ['acme']);
  });

  it('see two where they name different accounts', async () => {
    const one = await window.sessions.add(machine.grant());
    const two = await window.sessions.add(machine.grant({ account: 'another' }));
    const [{ account }, { account: other }] = [one.session, two.session];
    const got = await confirmBoth(signIns.ask({ account }), signIns.ask({ account: other }));
    assert.deepEqual({ got, codes: signIns.codes }, { got: ['acme', 'acme (2)'], codes: 2 });
  });

  it('see a second code where an ID token names somebody else than one of them asked for', async () => {
    const { account } = await endedSession();
    const users = ['ada', 'bob'];
    signIns.issue = () => ({ ...machine.service.issue(), idToken: idTokenOf(users.shift() ?? '') });
    const any = signIns.ask();
    await machine.clock.advance(10);
    const named = signIns.ask({ account });
    const labels = await confirmBoth(any, named);
    assert.deepEqual({ labels, codes: signIns.codes }, { labels: ['acme (2)', 'acme'], codes: 2 });
    assert.equal((await named).session.account.id, account.id);
  });
});

describe('signing in again with scopes that were corrected to those of another session of the account', () => {
  it('leaves one session, and neither its tokens nor its lock behind', async () => {
    const machine = new Machine();
    const window = await machine.open();
    const { sessions } = window;
    const { session } = await sessions.add(machine.grant({ scopes: ['a'] }));
    const { account, id } = session;
    const other = await sessions.add(machine.grant({ scopes: ['b'], account }));
    const signIns = new SignIns(machine, window);
    const live = await signIns.ask({ scopes: ['b'], account, renews: id });
    assert.equal(live.session.id, other.session.id);
    assert.deepEqual(
      machine.file.sessions.map(({ scopes }) => scopes),
      [['b']],
    );
    await sessions.idle();
    assert.deepEqual([...machine.secrets.values.keys()], [`session/${live.session.id}`]);
    // Whether that would end the new sign-in as well, nobody knows.
    assert.deepEqual(machine.service.signedOut, []);
    sessions.dispose();
  });

  it('leaves both where another window has signed in to the old one meanwhile', async () => {
    const machine = new Machine();
    const [window, other] = [await machine.open(), await machine.open()];
    const { session } = await window.sessions.add(machine.grant({ scopes: ['a'] }));
    const { account, id } = session;
    await window.sessions.add(machine.grant({ scopes: ['b'], account }));
    const signIns = new SignIns(machine, window);
    const confirmed = Promise.withResolvers<void>();
    signIns.confirmed = confirmed.promise;
    const asked = signIns.ask({ scopes: ['b'], account, renews: id });
    await machine.clock.advance(1000);
    await other.sessions.add(machine.grant({ scopes: ['a'], account }));
    await machine.clock.advance(1000);
    confirmed.resolve();
    await asked;
    const scopes = machine.file.sessions.map((each) => each.scopes);
    assert.deepEqual(scopes, [['a'], ['b']]);
    window.sessions.dispose();
    other.sessions.dispose();
  });
});

describe('undoing a sign-in', () => {
  it('leaves alone what somebody has signed in to since', async () => {
    const machine = new Machine();
    const { sessions } = await machine.open();
    const first = await sessions.add(machine.grant());
    const { account } = first.session;
    const second = await sessions.add(machine.grant({ account }));
    const third = await sessions.add(machine.grant({ account }));
    for (const kept of [first, second]) {
      await sessions.undo(kept);
      const [live] = await sessions.getSessions({});
      assert.equal(live?.tokens.accessToken, third.tokens.accessToken);
    }
    sessions.dispose();
  });
});

describe('a sign-in that is cancelled while it is being kept', () => {
  let machine: Machine;
  let window: Window;
  let signIns: SignIns;
  let cancel: AbortController;
  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    signIns = new SignIns(machine, window);
    cancel = new AbortController();
  });
  afterEach(() => window.sessions.dispose());

  /** The user cancels while the keychain takes its time, and is told so at once. */
  async function cancelMeanwhile(wanted: Partial<WantedSignIn> = {}): Promise<void> {
    const steps = signIns.ask(wanted, cancel.signal);
    steps.catch(() => undefined);
    machine.secrets.writing = 'hangs';
    await machine.clock.advance(1000);
    cancel.abort(new Error('cancelled'));
    await assert.rejects(steps, /cancelled/);
    machine.secrets.writing = 'none';
    await machine.clock.advance(60_000);
    await window.sessions.idle();
  }

  it('leaves no session and no secret, and is ended at the service', async () => {
    await cancelMeanwhile();
    const other = await machine.open();
    for (const { sessions } of [window, other]) {
      assert.deepEqual(sessions.sessions, []);
    }
    assert.deepEqual([...machine.secrets.values.keys()], []);
    assert.deepEqual([signIns.shared, machine.service.signedOut], [[], ['SECRET-access-1']]);
    other.sessions.dispose();
  });

  it('leaves the session as it was that it would have renewed, which continues with its own tokens', async () => {
    const { session } = await window.sessions.add(machine.grant());
    const other = await machine.open();
    await cancelMeanwhile({ account: session.account });
    for (const each of [window, other]) {
      assert.deepEqual(await machine.accessTokens(each), ['SECRET-access-1']);
    }
    assert.deepEqual(machine.service.signedOut, ['SECRET-access-2']);
    assert.deepEqual(await other.sessions.refreshNow(session.id), { kind: 'fresh' });
    assert.deepEqual(machine.service.sent, ['SECRET-refresh-1']);
    assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-3']);
    other.sessions.dispose();
  });

  it('leaves a session that needs its user as it was', async () => {
    machine.service.answer = () => {
      throw wireError('InvalidGrantException', { status: 400, isDefinitive: true });
    };
    const { session } = await window.sessions.add(machine.grant());
    await window.sessions.refreshNow(session.id);
    const [before] = machine.file.sessions;
    assert.equal(before?.state.kind, 'needsSignIn');
    await cancelMeanwhile({ account: session.account, renews: session.id });
    assert.deepEqual(machine.file.sessions[0]?.state, before.state);
    assert.deepEqual(await machine.accessTokens(window), []);
    assert.deepEqual(machine.service.signedOut, ['SECRET-access-2']);
  });

  it('does so while it is shared with other tools, too', async () => {
    signIns.sharing = async () => cancel.abort(new Error('cancelled'));
    await assert.rejects(signIns.ask({}, cancel.signal), /cancelled/);
    await machine.clock.advance(10);
    await window.sessions.idle();
    assert.deepEqual([window.sessions.sessions, machine.service.signedOut], [[], ['SECRET-access-1']]);
  });

  it('stays where only one of two who wait for it has cancelled', async () => {
    const other = signIns.ask();
    await cancelMeanwhile();
    assert.equal((await other).tokens.accessToken, 'SECRET-access-1');
    assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-1']);
    assert.deepEqual(machine.service.signedOut, []);
  });
});
