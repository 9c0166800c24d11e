import assert from 'node:assert/strict';

import type { IssuedTokens } from '../../../src/flows/tokens.ts';
import { parseIndex } from '../../../src/sessions/store/indexFormat.ts';
import { ACME, Machine, wireError } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';
import { unhandledDuring } from '../support/unhandled.ts';

const MINUTE_MS = 60_000;

function idTokenOf(claims: object): string {
  return `header.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}

describe('the session manager', () => {
  let machine: Machine;
  let a: Window;
  let b: Window;

  beforeEach(async () => {
    machine = new Machine();
    a = await machine.open();
    b = await machine.open();
  });

  afterEach(() => {
    a.sessions.dispose();
    b.sessions.dispose();
  });

  it('shows a sign-in in every window at once (vscode#186543, vscode#192806)', async () => {
    const { session } = await a.sessions.add(machine.grant());
    await machine.clock.advance(0);
    for (const window of [a, b]) {
      assert.deepEqual(
        window.changes.map(({ added }) => added.map(({ id }) => id)),
        [[session.id]],
      );
      assert.equal((await window.sessions.getSessions({})).length, 1);
    }
  });

  it('completes a sign-in and a sign-out, and shows them to others, though a listener fails', async () => {
    const failure = new Error('a listener failed');
    const listener = a.sessions.onDidChange(() => {
      throw failure;
    });
    let later = 0;
    a.sessions.onDidChange(() => (later += 1));
    const unhandled = await unhandledDuring(async () => {
      const { session } = await a.sessions.add(machine.grant());
      assert.equal((await a.sessions.signOut(session.id))?.id, session.id);
      await machine.clock.advance(0);
    });
    listener.dispose();
    assert.deepEqual(unhandled, [failure, failure]);
    assert.equal(later, 2);
    assert.equal(b.changes.length, 2);
    assert.deepEqual(machine.service.signedOut, ['SECRET-access-1']);
  });

  it('returns only sessions with exactly the scopes asked for, in any order (vscode#174631)', async () => {
    await a.sessions.add(machine.grant({ scopes: ['one', 'two'] }));
    const found = async (scopes: readonly string[]): Promise<number> =>
      (await a.sessions.getSessions({ scopes })).length;
    assert.equal(await found(['two', 'one']), 1);
    assert.equal(await found(['one', 'two', 'VSCODE_REGION:eu-central-1']), 1);
    assert.equal(await found(['one', 'two', 'VSCODE_REGION:us-east-1']), 0);
    assert.equal(await found(['one']), 0);
    assert.equal(await found(['one', 'two', 'three']), 0);
    assert.equal(await found([]), 0);
  });

  it('returns only the sessions of the account asked for', async () => {
    const { session } = await a.sessions.add(machine.grant());
    const { account } = session;
    assert.equal((await a.sessions.getSessions({ account })).length, 1);
    assert.deepEqual(await a.sessions.getSessions({ account: { id: 'other', label: account.label } }), []);
  });

  it('waits 3 seconds at most for a refresh, then returns what is stored (vscode#188850)', async () => {
    await a.sessions.add(machine.grant());
    const { promise, resolve: finish } = Promise.withResolvers<void>();
    machine.service.answer = async () => {
      await promise;
      return machine.service.issue();
    };
    await machine.clock.advance(59.5 * MINUTE_MS);
    let answers: readonly string[] = [];
    const ask = async (): Promise<void> => {
      const live = await a.sessions.getSessions({});
      answers = live.map(({ tokens }) => tokens.accessToken);
    };
    void ask();
    await machine.clock.advance(2999);
    assert.deepEqual(answers, []);
    await machine.clock.advance(1);
    assert.deepEqual(answers, ['SECRET-access-1']);
    void ask();
    finish();
    await machine.clock.advance(0);
    assert.deepEqual(answers, ['SECRET-access-2']);
  });

  it('returns the stored token after it expired while AWS cannot be reached: no user looks signed out', async () => {
    await a.sessions.add(machine.grant());
    machine.service.answer = () => {
      throw wireError('NetworkDns', { sent: 'no' });
    };
    await machine.clock.advance(3 * 60 * MINUTE_MS);
    assert.deepEqual(await machine.accessTokens(a), ['SECRET-access-1']);
    machine.service.answer = undefined;
    await machine.clock.advance(60 * MINUTE_MS);
    assert.deepEqual(await machine.accessTokens(a), await machine.accessTokens(b));
    assert.notDeepEqual(await machine.accessTokens(a), ['SECRET-access-1']);
  });

  it('returns no token that is about to expire without an attempt to refresh it', async () => {
    await a.sessions.add(machine.grant());
    machine.service.answer = () => {
      throw wireError('NetworkDns', { sent: 'no' });
    };
    await machine.clock.advance(59.5 * MINUTE_MS);
    machine.service.answer = undefined;
    const [live] = await b.sessions.getSessions({});
    assert.equal(live?.tokens.accessToken, 'SECRET-access-2');
  });

  it('tries less and less often for an impatient extension while the service fails (aws-sso-cli#520)', async () => {
    await a.sessions.add(machine.grant());
    machine.service.answer = () => {
      throw wireError('InternalServerException', { status: 503 });
    };
    await machine.clock.advance(60 * MINUTE_MS);
    const before = machine.service.sent.length;
    for (let seconds = 0; seconds < 3600; seconds += 10) {
      await a.sessions.getSessions({});
      await b.sessions.getSessions({});
      await machine.clock.advance(10_000);
    }
    const attempts = machine.service.sent.length - before;
    assert.ok(attempts >= 3 && attempts <= 6, `${attempts} attempts in an hour`);
  });

  it('renews in place: a sign-in for the same account and scopes keeps id, account and label', async () => {
    const { session } = await a.sessions.add(machine.grant());
    await machine.clock.advance(MINUTE_MS);
    const again = await b.sessions.add(machine.grant({ account: session.account }));
    await machine.clock.advance(0);
    assert.equal(again.session.id, session.id);
    assert.deepEqual(again.session.account, session.account);
    assert.equal((await a.sessions.getSessions({}))[0]?.tokens.accessToken, 'SECRET-access-2');
    assert.equal(a.changes[1]?.changed[0]?.id, session.id);
    assert.equal(a.sessions.sessions.length, 1);
  });

  it('renews a session that needs sign-in in place, and reports it as added again (aws-toolkit-vscode#7484)', async () => {
    const { session } = await a.sessions.add(machine.grant());
    machine.service.answer = () => {
      throw wireError('InvalidGrantException', { status: 400 });
    };
    await a.sessions.refreshNow(session.id);
    await a.sessions.add(machine.grant({ account: session.account }));
    assert.deepEqual(
      a.changes.map(({ added, removed }) => [added[0]?.id, removed[0]?.id]),
      [
        [session.id, undefined],
        [undefined, session.id],
        [session.id, undefined],
      ],
    );
  });

  it('keeps a later sign-in later, whatever the clock says', async () => {
    const { session } = await a.sessions.add(machine.grant());
    machine.clock.setBack(60 * MINUTE_MS);
    const again = await a.sessions.add(machine.grant({ account: session.account }));
    assert.ok(again.session.signedInAt > session.signedInAt);
  });

  it('keeps several accounts and scope sets apart (vscode#126269)', async () => {
    const person = (sub: string, email: string): IssuedTokens => ({
      ...machine.service.issue(),
      idToken: idTokenOf({ sub, email }),
    });
    const alice = await a.sessions.add(machine.grant({ issued: person('1', 'alice@acme.example') }));
    const more = await a.sessions.add(
      machine.grant({ issued: person('1', 'alice@acme.example'), scopes: ['other'] }),
    );
    const bob = await b.sessions.add(machine.grant({ issued: person('2', 'bob@acme.example') }));
    assert.equal(alice.session.account.label, 'alice@acme.example (acme)');
    assert.deepEqual(more.session.account, alice.session.account);
    assert.notEqual(bob.session.account.id, alice.session.account.id);
    assert.equal(new Set([alice, more, bob].map(({ session }) => session.id)).size, 3);
  });

  it('never stores or returns a sign-in that is not what was requested (vscode#226783)', async () => {
    const { session } = await a.sessions.add(machine.grant());
    const { account } = session;
    const before = machine.file.text;
    const scopes = ['VSCODE_START_URL:https://beta.awsapps.com/start'];
    await assert.rejects(a.sessions.add(machine.grant({ scopes, account })), {
      name: 'SignInError',
      code: 'otherIdentityCenter',
    });
    const jane = await a.sessions.add(
      machine.grant({ issued: { ...machine.service.issue(), idToken: idTokenOf({ sub: 'jane' }) } }),
    );
    const john = { ...machine.service.issue(), idToken: idTokenOf({ sub: 'john' }) };
    await assert.rejects(a.sessions.add(machine.grant({ issued: john, account: jane.session.account })), {
      code: 'otherAccount',
    });
    await a.sessions.signOut(jane.session.id);
    await a.sessions.idle();
    assert.deepEqual(machine.service.signedOut, ['SECRET-access-3']);
    assert.deepEqual(a.sessions.sessions, parseIndex(before ?? '').sessions);
  });

  it('never refuses a sign-in for an account that is signed out and may be the same', async () => {
    const old = { id: 'https://ssoins-1.portal.eu-central-1.app.aws', label: 'acme' };
    assert.equal((await a.sessions.add(machine.grant({ account: old }))).session.account.label, 'acme');
    const jane = { id: 'https://old.awsapps.com/start#sub=jane', label: 'jane' };
    const as = (sub: string): IssuedTokens => ({ ...machine.service.issue(), idToken: idTokenOf({ sub }) });
    await a.sessions.add(machine.grant({ account: jane, issued: as('jane') }));
    await assert.rejects(a.sessions.add(machine.grant({ account: jane, issued: as('john') })), {
      code: 'otherAccount',
    });
  });

  it("finds a session again by a company's own domain, without a request", async () => {
    const scopes = ['sso:account:access', 'VSCODE_START_URL:https://sso.acme.example'];
    const aliases = ['https://sso.acme.example'];
    const { session } = await a.sessions.add(machine.grant({ scopes, aliases }));
    await machine.clock.advance(0);
    for (const { sessions } of [a, b]) {
      const found = await sessions.getSessions({ scopes: ['VSCODE_START_URL:https://SSO.acme.example/'] });
      assert.deepEqual(
        found.map((live) => live.session.id),
        [session.id],
      );
    }
    assert.deepEqual(
      await a.sessions.getSessions({ scopes: ['VSCODE_START_URL:https://sso.acme.exemple'] }),
      [],
    );
  });

  it('finds sessions by what is learnt about their portal later, after refreshes and sign-ins too', async () => {
    const scopes = ['VSCODE_START_URL:https://sso.acme.example'];
    const { session } = await a.sessions.add(machine.grant());
    await b.sessions.addAliases(ACME, ['https://sso.acme.example']);
    await machine.clock.advance(0);
    // A request by that domain that VS Code keeps in its menu is answered now.
    for (const { changes } of [a, b]) {
      assert.deepEqual(changes.at(-1)?.changed[0]?.aliases, ['https://sso.acme.example']);
    }
    await a.sessions.refreshNow(session.id);
    await a.sessions.add(machine.grant({ account: session.account }));
    assert.equal((await b.sessions.getSessions({ scopes }))[0]?.session.id, session.id);
    const more = await a.sessions.add(machine.grant({ scopes: ['more'] }));
    assert.deepEqual(more.session.aliases, ['https://sso.acme.example']);
    const beta = { ...ACME, region: 'us-east-1' };
    assert.equal((await a.sessions.add(machine.grant({ connection: beta }))).session.aliases, undefined);
  });

  it('makes one account of two requests in two windows whose codes are both confirmed (vscode#152764, vscode#184218)', async () => {
    const seen = a.sessions.sessions;
    const [one, two] = await Promise.all([
      a.sessions.add(machine.grant({ seen })),
      b.sessions.add(machine.grant({ seen })),
    ]);
    assert.equal(one.session.id, two.session.id);
    // The first of them: whoever has got it already goes on with what works.
    assert.equal(one.tokens.accessToken, two.tokens.accessToken);
    await machine.clock.advance(0);
    assert.deepEqual(
      machine.file.sessions.map(({ account }) => account.label),
      ['acme'],
    );
  });

  it('keeps the second sign-in of two askers where the tokens of the first cannot be had', async () => {
    const seen = a.sessions.sessions;
    const { session } = await a.sessions.add(machine.grant({ seen }));
    machine.secrets.values.clear();
    const two = await b.sessions.add(machine.grant({ seen }));
    assert.deepEqual([two.session.account.label, two.tokens.accessToken], ['acme', 'SECRET-access-2']);
    assert.equal(machine.file.sessions.length, 1);
    assert.equal(two.session.id, session.id);
  });

  it('dates a sign-out by when the user asked for it, not by when the disk was free', async () => {
    const { session } = await a.sessions.add(machine.grant());
    await machine.clock.advance(1000);
    const lock = await machine.locks.acquire('index', 0);
    const askedAt = machine.clock.now();
    const signedOut = a.sessions.signOut(session.id);
    await machine.clock.advance(3000);
    lock?.dispose();
    await machine.clock.advance(0);
    await signedOut;
    assert.deepEqual(parseIndex(machine.file.text ?? '').signedOut, [{ id: session.id, at: askedAt }]);
  });

  it('removes here first, then tells the service, without waiting for it', async () => {
    const { session } = await a.sessions.add(machine.grant());
    let told = false;
    machine.service.signOut = async () => {
      told = true;
      return new Promise<never>(() => undefined);
    };
    const removed = await a.sessions.signOut(session.id);
    assert.equal(removed?.id, session.id);
    assert.ok(told);
    await machine.clock.advance(0);
    assert.deepEqual(b.sessions.sessions, []);
    assert.deepEqual([...machine.secrets.values.keys()], []);
    assert.deepEqual(machine.locks.discarded, [`refresh-${session.id}`]);
  });

  it('ends at the service what was granted and is not kept, and is not idle before that', async () => {
    const told = Promise.withResolvers<void>();
    const ended: string[] = [];
    machine.service.signOut = async (_connection, accessToken) => {
      await told.promise;
      ended.push(accessToken);
    };
    const { connection, issued } = machine.grant();
    a.sessions.endAtService(connection, issued.accessToken);
    const idle = a.sessions.idle();
    told.resolve();
    await idle;
    assert.deepEqual(ended, [issued.accessToken]);
    assert.deepEqual(a.sessions.sessions, []);
  });

  it('treats the sign-out of a session that does not exist as done', async () => {
    assert.equal(await a.sessions.signOut('gone'), undefined);
  });

  it('lists the survivor as changed when another session of its account goes', async () => {
    const idToken = idTokenOf({ sub: '1' });
    const grant = (scopes: readonly string[]): Parameters<typeof a.sessions.add>[0] =>
      machine.grant({ scopes, issued: { ...machine.service.issue(), idToken } });
    const one = await a.sessions.add(grant(['one']));
    const two = await a.sessions.add(grant(['two']));
    await a.sessions.signOut(one.session.id);
    const last = a.changes.at(-1);
    assert.deepEqual(
      last?.removed.map(({ id }) => id),
      [one.session.id],
    );
    assert.deepEqual(
      last?.changed.map(({ id }) => id),
      [two.session.id],
    );
  });

  describe('with a session that cannot be refreshed', () => {
    beforeEach(async () => {
      const { refreshToken: _, ...issued } = machine.service.issue();
      await a.sessions.add(
        machine.grant({ issued: { ...issued, expiresAt: issued.issuedAt + 480 * MINUTE_MS } }),
      );
      await machine.clock.advance(464 * MINUTE_MS);
    });

    it('warns 15 minutes before its end, once, from one window (aws-toolkit-vscode#8690)', async () => {
      assert.equal(a.warned.length + b.warned.length, 0);
      await machine.clock.advance(2 * MINUTE_MS);
      assert.equal(a.warned.length + b.warned.length, 1);
      await machine.clock.advance(13 * MINUTE_MS);
      assert.equal(a.warned.length + b.warned.length, 1);
    });

    it('ends it when its time has come, says so once, and never asks the service', async () => {
      await machine.clock.advance(17 * MINUTE_MS);
      const state = b.sessions.sessions[0]?.state;
      assert.ok(state?.kind === 'needsSignIn');
      assert.equal(state.reason, 'expired');
      assert.equal(a.ended.length + b.ended.length, 1);
      assert.deepEqual(machine.service.sent, []);
    });
  });

  it('becomes idle only when no answer can be lost any more', async () => {
    const { session } = await a.sessions.add(machine.grant());
    const { promise, resolve: finish } = Promise.withResolvers<void>();
    machine.service.answer = async () => {
      await promise;
      return machine.service.issue();
    };
    void a.sessions.refreshNow(session.id);
    await machine.clock.advance(0);
    let isIdle = false;
    void a.sessions.idle().then(() => (isIdle = true));
    a.sessions.dispose();
    await machine.clock.advance(1000);
    assert.equal(isIdle, false);
    finish();
    await machine.clock.advance(0);
    assert.equal(isIdle, true);
    assert.equal((await b.sessions.getSessions({}))[0]?.tokens.accessToken, 'SECRET-access-2');
  });

  it('never lets a secret into the log or the file, through a whole life (granted PR#941)', async () => {
    const { session } = await a.sessions.add(machine.grant());
    await a.sessions.refreshNow(session.id);
    const failures = [
      wireError('NetworkReset'),
      wireError('InternalServerException', { status: 500 }),
      new Error('SECRET in a message'),
    ];
    for (const failure of failures) {
      machine.service.answer = (refreshToken) => {
        throw failure ?? new Error(refreshToken);
      };
      await b.sessions.refreshNow(session.id);
    }
    machine.secrets.writing = 'fails';
    machine.service.answer = undefined;
    await b.sessions.refreshNow(session.id);
    machine.secrets.writing = 'none';
    assert.doesNotMatch(machine.file.text ?? '', /SECRET/);
    machine.service.answer = () => {
      throw wireError('InvalidGrantException', { status: 400 });
    };
    await b.sessions.refreshNow(session.id);
    const again = await a.sessions.add(machine.grant({ account: session.account }));
    await a.sessions.signOut(again.session.id);
    await machine.clock.advance(5 * MINUTE_MS);
    assert.ok(machine.log.events.length >= 8, 'the log tells hardly anything');
    assert.doesNotMatch(JSON.stringify(machine.log.events), /SECRET/);
  });
});
