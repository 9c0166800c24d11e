import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import type { Session } from '../../../../src/sessions/session.ts';
import { formatIndex, parseIndex } from '../../../../src/sessions/store/indexFormat.ts';
import type { StoredSessions } from '../../../../src/sessions/store/indexFormat.ts';
import { ACME } from '../../support/sessions.ts';

const session = (id: string): Session => ({
  id,
  account: { id: 'account', label: 'acme' },
  connection: ACME,
  scopes: ['sso:account:access'],
  signedInAt: 1,
  generation: 2,
  state: {
    kind: 'signedIn',
    issuedAt: 1,
    expiresAt: 2,
    refreshable: true,
    lastRefresh: { at: 1, result: 'refreshed' },
    retry: { failures: 1, since: 1, backgroundAt: 3, personAt: 2 },
    intent: { machine: 'one', boot: 'boot', processNamespace: 'processes', pid: 1, tokenHash: 'hash', at: 1 },
  },
});

const ended: Session = {
  ...session('ended'),
  state: { kind: 'needsSignIn', reason: 'rejected', since: 1, requestId: 'request' },
};

/** What this version knows of an index. */
function known(text: string): Omit<StoredSessions, 'newer'> {
  const { newer: _asItCame, ...index } = parseIndex(text);
  return index;
}

describe('the index', () => {
  it('reads what it has written', () => {
    const sessions = [session('one'), ended];
    const signedOut = [{ id: 'gone', at: 4 }];
    for (const index of [
      { sessions, signedOut },
      { sessions, signedOut, rebuiltAt: 5 },
    ]) {
      const text = formatIndex(index);
      assert.deepEqual(known(text), { ...index, damaged: false });
      const {
        members,
        sessions: unknown,
        details,
      } = parseIndex(text).newer ?? assert.fail('nothing known of it');
      assert.deepEqual([members, unknown, details()], [{}, [], new Map()]);
    }
  });

  it('keeps what can be read of it, and says that there was more', () => {
    const text = formatIndex({ sessions: [session('one'), session('two'), ended], signedOut: [] });
    const damaged = text.replace('"id":"two"', '"id":2');
    assert.deepEqual(known(damaged), {
      sessions: [session('one'), ended],
      damaged: true,
      signedOut: [],
    });
  });

  it('keeps unknown members out, and does without optional ones', () => {
    const { connection, ...rest } = session('one');
    const text = JSON.stringify({ format: 1, sessions: [{ ...rest, connection, accessToken: 'SECRET' }] });
    const { sessions, damaged, signedOut } = parseIndex(text);
    assert.deepEqual(
      { sessions, damaged, signedOut },
      { sessions: [session('one')], damaged: false, signedOut: [] },
    );
  });

  it('has labels that can be shown, whoever wrote it', () => {
    const label = `ac\u200Bme\u202E${'x'.repeat(5000)}`;
    const { account, ...rest } = session('one');
    const text = JSON.stringify({ format: 1, sessions: [{ ...rest, account: { ...account, label } }] });
    assert.match(parseIndex(text).sessions[0]?.account.label ?? '', /^ac me x{393}…$/);
  });

  it('reads the intent of an early version, which names a process id only', () => {
    const text = formatIndex({ sessions: [session('one')], signedOut: [] });
    const early = text.replaceAll(/"(machine|boot|processNamespace)":"\w+",/g, '');
    const [{ state } = ended, ...others] = parseIndex(early).sessions;
    const unknown = { machine: '', boot: '', processNamespace: '' };
    assert.ok(state.kind === 'signedIn' && others.length === 0);
    assert.deepEqual(state.intent, { ...unknown, pid: 1, tokenHash: 'hash', at: 1 });
  });

  it('loses no session to an optional member that is empty or cannot be read (netbird#838)', () => {
    const { state, ...one } = session('one');
    assert.ok(state.kind === 'signedIn' && ended.state.kind === 'needsSignIn');
    const { lastRefresh, retry, intent, ...bare } = state;
    const { requestId, ...bareEnd } = ended.state;
    assert.ok(lastRefresh && retry && intent && requestId);
    for (const [written, read] of [
      [
        { ...state, lastRefresh: { at: 1, result: '' } },
        { ...bare, retry, intent },
      ],
      [
        { ...state, intent: '', retry: '', warned: '' },
        { ...bare, lastRefresh },
      ],
      [
        { ...state, intent: { ...intent, tokenHash: '' } },
        { ...bare, lastRefresh, retry },
      ],
      [{ ...ended.state, requestId: '' }, bareEnd],
    ]) {
      const text = JSON.stringify({ format: 1, sessions: [{ ...one, state: written }] });
      assert.deepEqual(known(text), { sessions: [{ ...one, state: read }], damaged: false, signedOut: [] });
    }
    const connection = { ...ACME, issuerUrl: '', endpointUrl: '', flow: '', scopes: '' };
    const text = JSON.stringify({ format: 1, sessions: [{ ...one, state, connection }] });
    assert.deepEqual(known(text), { sessions: [session('one')], damaged: false, signedOut: [] });
  });

  it('never throws, whatever the text', () => {
    const text = formatIndex({ sessions: [session('one')], signedOut: [] });
    const cut = fc.nat(text.length).map((length) => text.slice(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), cut), (broken) => {
        const { sessions, damaged } = parseIndex(broken);
        assert.ok(damaged || sessions.length <= 1);
      }),
    );
  });
});
