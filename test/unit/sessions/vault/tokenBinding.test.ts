import assert from 'node:assert/strict';

import type { Connection } from '../../../../src/connections/connection.ts';
import type { Session, SessionTokens } from '../../../../src/sessions/session.ts';
import { ACME, Machine } from '../../support/sessions.ts';
import type { Window } from '../../support/sessions.ts';

const HOUR_MS = 3_600_000;

/** Whatever another program may write into the index of a session. */
const TAMPERED: readonly (readonly [what: string, change: (session: Session) => object])[] = [
  [
    'another endpoint',
    ({ connection }) => ({ connection: { ...connection, endpointUrl: 'https://sso.example' } }),
  ],
  ['another region', ({ connection }) => ({ connection: { ...connection, region: 'us-east-1' } })],
  [
    'FIPS hosts',
    ({ connection }) => ({ connection: { ...connection, useFipsEndpoint: true, region: 'us-east-1' } }),
  ],
  ['dual-stack hosts', ({ connection }) => ({ connection: { ...connection, useDualstackEndpoint: true } })],
  [
    'another start URL',
    ({ connection }) => ({ connection: { ...connection, startUrl: 'https://beta.awsapps.com/start' } }),
  ],
  ['another account', ({ account }) => ({ account: { ...account, id: 'another' } })],
  ['the label of an account that is trusted', ({ account }) => ({ account: { ...account, label: 'beta' } })],
  ['wider scopes', () => ({ scopes: ['sso:account:access', 'codewhisperer:completions'] })],
  [
    'an endpoint that is none',
    ({ connection }) => ({ connection: { ...connection, endpointUrl: 'http://sso.example' } }),
  ],
];

describe('what a token belongs to', () => {
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

  /** Writes into the index what another program might. */
  function tamper(change: (session: Session) => object): void {
    const index = JSON.parse(machine.file.text ?? '') as { readonly sessions: readonly Session[] };
    const sessions = index.sessions.map((entry) => ({ ...entry, ...change(entry) }));
    machine.file.text = JSON.stringify({ ...index, sessions });
  }

  function storedTokens(): SessionTokens {
    return JSON.parse(machine.secrets.values.get(`session/${session.id}`) ?? '') as SessionTokens;
  }

  /** As a record of the version before, which did not say what it belongs to. */
  function unbind(): void {
    const { boundTo: _, ...rest } = storedTokens();
    machine.secrets.values.set(`session/${session.id}`, JSON.stringify(rest));
  }

  async function reopen(): Promise<void> {
    window.sessions.dispose();
    window = await machine.open();
  }

  for (const [what, change] of TAMPERED) {
    it(`keeps it from being returned, sent or signed out with when the index says ${what}`, async () => {
      tamper(change);
      await reopen();
      assert.deepEqual(await machine.accessTokens(window), []);
      await machine.clock.advance(2 * HOUR_MS);
      assert.deepEqual(machine.service.sent, []);
      const { state } = window.sessions.sessions[0] ?? assert.fail('the session is gone');
      assert.ok(state.kind === 'needsSignIn', state.kind);
      assert.equal(state.reason, 'bindingMismatch');
      assert.equal(window.ended.length, 1);
      await window.sessions.signOut(session.id);
      await window.sessions.idle();
      assert.deepEqual(machine.service.signedOut, []);
      assert.equal(machine.secrets.values.has(`session/${session.id}`), false);
    });

    it(`keeps it back in a window that is open when the index comes to say ${what}`, async () => {
      tamper(change);
      await window.sessions.refreshNow(session.id);
      await machine.clock.advance(2 * HOUR_MS);
      assert.deepEqual(await machine.accessTokens(window), []);
      assert.deepEqual(machine.service.sent, []);
      assert.equal(window.sessions.sessions[0]?.state.kind, 'needsSignIn');
    });
  }

  it('keeps it back when the index says other scopes, and as many', async () => {
    const { session: scoped } = await window.sessions.add(machine.grant({ scopes: ['one'] }));
    tamper(({ id }) => (id === scoped.id ? { scopes: ['two'] } : {}));
    await reopen();
    assert.deepEqual(await window.sessions.getSessions({ scopes: ['two'] }), []);
  });

  it('is not found under the portal of another Identity Center, which the index says leads here', async () => {
    const beta = 'https://beta.awsapps.com/start';
    tamper(() => ({ aliases: [beta, 'https://sso.acme.example'] }));
    await reopen();
    for (const [startUrl, count] of [
      [beta, 0],
      ['https://sso.acme.example', 1],
    ] as const) {
      const found = await window.sessions.getSessions({ scopes: [`VSCODE_START_URL:${startUrl}`] });
      assert.equal(found.length, count, startUrl);
    }
  });

  it('is all in the record, through every refresh', async () => {
    const expected = { session: session.id, account: session.account, connection: ACME, scopes: [] };
    assert.deepEqual(storedTokens().boundTo, expected);
    await machine.clock.advance(3 * HOUR_MS);
    assert.ok(machine.service.sent.length >= 2);
    assert.deepEqual(storedTokens().boundTo, expected);
  });

  it('stays what it was when the index changes while a refresh is in progress', async () => {
    machine.service.answer = () => {
      tamper(({ connection }) => ({ connection: { ...connection, endpointUrl: 'https://sso.example' } }));
      return machine.service.issue();
    };
    await window.sessions.refreshNow(session.id);
    machine.service.answer = undefined;
    assert.deepEqual(storedTokens().boundTo?.connection, ACME);
    await machine.clock.advance(2 * HOUR_MS);
    assert.equal(machine.service.sent.length, 1);
    assert.deepEqual(await machine.accessTokens(window), []);
  });

  it('is a new one after another sign-in, to wherever that was', async () => {
    tamper(({ connection }) => ({ connection: { ...connection, region: 'us-east-1' } }));
    await reopen();
    await machine.accessTokens(window);
    const [ended] = window.sessions.sessions;
    assert.equal(ended?.state.kind, 'needsSignIn');
    const connection: Connection = { ...ACME, region: 'us-east-1' };
    await window.sessions.add(machine.grant({ connection, account: session.account }));
    assert.equal((await machine.accessTokens(window)).length, 1);
    await machine.clock.advance(2 * HOUR_MS);
    assert.ok(machine.service.sent.length >= 1);
  });

  it('is accepted from a record of the version before where only AWS can be asked, and then said', async () => {
    unbind();
    await reopen();
    assert.equal((await machine.accessTokens(window)).length, 1);
    await machine.clock.advance(HOUR_MS);
    assert.equal(machine.service.sent.length, 1);
    assert.deepEqual(storedTokens().boundTo?.connection, ACME);
  });

  it('is not accepted from a record of the version before where an endpointUrl says who is asked', async () => {
    unbind();
    tamper(({ connection }) => ({ connection: { ...connection, endpointUrl: 'https://sso.example' } }));
    await reopen();
    assert.deepEqual(await machine.accessTokens(window), []);
    await machine.clock.advance(2 * HOUR_MS);
    assert.deepEqual(machine.service.sent, []);
    assert.equal(window.sessions.sessions[0]?.state.kind, 'needsSignIn');
  });
});

describe('an older record that is put back', () => {
  let machine: Machine;
  let window: Window;
  let session: Session;
  let older: string;

  const key = (): string => `session/${session.id}`;

  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    ({ session } = await window.sessions.add(machine.grant()));
    await machine.clock.advance(0);
    older = machine.secrets.values.get(key()) ?? '';
  });
  afterEach(() => window.sessions.dispose());

  async function putBack(): Promise<void> {
    machine.secrets.values.set(key(), older);
    window.sessions.dispose();
    window = await machine.open();
  }

  it('never has its refresh token sent: the index knows that there is a later one', async () => {
    await machine.clock.advance(0.9 * HOUR_MS);
    assert.equal(machine.service.sent.length, 1);
    await putBack();
    await machine.clock.advance(3 * HOUR_MS);
    assert.equal(machine.service.sent.length, 1);
    assert.deepEqual(
      window.ended.map(({ state }) => state.kind === 'needsSignIn' && state.reason),
      ['tokenMissing'],
    );
  });

  it('returns no expired access token', async () => {
    await machine.clock.advance(0.9 * HOUR_MS);
    await putBack();
    await machine.clock.advance(0.2 * HOUR_MS);
    assert.deepEqual(await machine.accessTokens(window), []);
  });

  it('returns no access token of an earlier sign-in', async () => {
    await window.sessions.add(machine.grant({ account: session.account }));
    await machine.clock.advance(0);
    await putBack();
    assert.equal(window.sessions.sessions.length, 1);
    assert.deepEqual(await machine.accessTokens(window), []);
  });
});
