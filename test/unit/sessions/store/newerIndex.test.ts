import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import type { Session } from '../../../../src/sessions/session.ts';
import { formatIndex, parseIndex } from '../../../../src/sessions/store/indexFormat.ts';
import { Machine } from '../../support/sessions.ts';
import type { Window } from '../../support/sessions.ts';

const HOUR_MS = 3_600_000;

type Json = Record<string, unknown>;
interface Index {
  readonly sessions: readonly Json[];
  readonly [member: string]: unknown;
}

describe('the index of a newer version', () => {
  let machine: Machine;
  let window: Window;
  let session: Session;
  let other: Session;

  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    ({ session } = await window.sessions.add(machine.grant()));
    ({ session: other } = await window.sessions.add(
      machine.grant({ scopes: ['codewhisperer:completions'] }),
    ));
    await machine.clock.advance(0);
  });
  afterEach(() => window.sessions.dispose());

  const index = (): Index => JSON.parse(machine.file.text ?? '') as Index;
  const entryOf = ({ id }: Session): Json =>
    index().sessions.find((entry) => entry['id'] === id) ?? assert.fail('it is gone');

  /** Writes as the newer version would, without a word to this window. */
  function write(change: (index: Index) => object): void {
    machine.file.text = JSON.stringify(change(index()));
    machine.file.copy = machine.file.text;
  }

  /** Changes one session as the newer version would. */
  function writeSession({ id }: Session, change: (entry: Json) => object): void {
    write((all) => ({
      ...all,
      sessions: all.sessions.map((entry) => (entry['id'] === id ? change(entry) : entry)),
    }));
  }

  const UNKNOWN: readonly (readonly [what: string, change: (entry: Json) => object])[] = [
    [
      'a state of which this one knows nothing',
      (entry) => ({ ...entry, state: { kind: 'paused', until: 7 } }),
    ],
    [
      'a reason of which this one knows nothing',
      (entry) => ({ ...entry, state: { kind: 'needsSignIn', reason: 'passkeyChanged', since: 1 } }),
    ],
    [
      'a flow of which this one knows nothing',
      (entry) => ({ ...entry, connection: { ...(entry['connection'] as Json), flow: 'passkey' } }),
    ],
    ['an account of another form', (entry) => ({ ...entry, account: [entry['account']] })],
  ];
  for (const [what, change] of UNKNOWN) {
    it(`is not damaged by ${what}: the session is written back as it came, and keeps its secret`, async () => {
      writeSession(session, change);
      const written = entryOf(session);
      await window.sessions.wake();
      assert.deepEqual(
        window.sessions.sessions.map(({ id }) => id),
        [other.id],
      );
      await machine.clock.advance(3 * HOUR_MS);
      await window.sessions.signOut(other.id);
      await window.sessions.add(machine.grant({ scopes: ['sso:account:access'] }));
      await machine.clock.advance(HOUR_MS);
      assert.deepEqual(entryOf(session), written);
      assert.equal(machine.file.setAsideText, undefined);
      assert.ok(machine.secrets.values.has(`session/${session.id}`));
    });
  }

  it('is not damaged by what it says besides: all of that survives, wherever it is and whatever is written', async () => {
    write((all) => ({ ...all, devices: [{ name: 'laptop' }], __proto__: { x: 1 } }));
    writeSession(session, (entry) => ({
      ...entry,
      color: 'blue',
      account: { ...(entry['account'] as Json), picture: 'data:' },
      connection: { ...(entry['connection'] as Json), issuer: { name: 'x' } },
      state: { ...(entry['state'] as Json), proofKey: 'thumbprint' },
    }));
    await window.sessions.wake();
    await machine.clock.advance(3 * HOUR_MS);
    await window.sessions.signOut(other.id);
    assert.ok(machine.service.sent.length >= 4, 'nothing was written');
    const entry = entryOf(session);
    assert.deepEqual(index()['devices'], [{ name: 'laptop' }]);
    assert.equal(entry['color'], 'blue');
    assert.equal((entry['account'] as Json)['picture'], 'data:');
    assert.deepEqual((entry['connection'] as Json)['issuer'], { name: 'x' });
    assert.equal((entry['state'] as Json)['proofKey'], 'thumbprint');
    assert.equal((entry['state'] as Json)['intent'], undefined, 'what this version took away has come back');
  });

  it('keeps no member of a state that is over', async () => {
    writeSession(session, (entry) => ({
      ...entry,
      state: { ...(entry['state'] as Json), proofKey: 'thumbprint' },
    }));
    machine.secrets.values.delete(`session/${session.id}`);
    window.sessions.dispose();
    window = await machine.open();
    await machine.clock.advance(3 * HOUR_MS);
    const state = entryOf(session)['state'] as Json;
    assert.deepEqual([state['kind'], state['proofKey']], ['needsSignIn', undefined]);
  });

  it('is not written at all when its format is another one, nor set aside, nor taken for lost', async () => {
    write((all) => ({ ...all, format: 2, sessions: all.sessions, vaults: {} }));
    const { text } = machine.file;
    window.sessions.dispose();
    window = await machine.open();
    assert.equal((await machine.accessTokens(window)).length, 2);
    await machine.clock.advance(3 * HOUR_MS);
    await window.sessions.signOut(other.id);
    await machine.clock.advance(HOUR_MS);
    assert.equal(machine.file.text, text);
    assert.equal(machine.file.setAsideText, undefined);
    assert.deepEqual(
      window.sessions.sessions.map(({ id }) => id),
      [session.id],
    );
    const sent = machine.service.sent;
    assert.equal(new Set(sent).size, sent.length, 'a token was sent twice');
    assert.equal((await machine.accessTokens(window)).length, 1);
  });

  it('is not written even where its sessions are nowhere to be found', async () => {
    write(() => ({ format: 3, accounts: { a: {} } }));
    const { text } = machine.file;
    await window.sessions.wake();
    await window.sessions.add(machine.grant());
    await machine.clock.advance(HOUR_MS);
    assert.equal(machine.file.text, text);
    assert.equal(machine.file.setAsideText, undefined);
    assert.ok(machine.secrets.values.has(`session/${session.id}`));
  });

  it('has its unknown sessions restored from the copy when it is damaged later', async () => {
    writeSession(session, (entry) => ({ ...entry, state: { kind: 'paused' } }));
    const written = entryOf(session);
    machine.file.text = '{';
    window.sessions.dispose();
    window = await machine.open();
    await machine.clock.advance(HOUR_MS);
    assert.deepEqual(entryOf(session), written);
    assert.ok(entryOf(other));
  });

  it('has a session only once, the later version of it, when this one has something to save as well', async () => {
    machine.file.writing = 'fails';
    await window.sessions.refreshNow(session.id);
    machine.file.writing = 'none';
    writeSession(session, (entry) => ({ ...entry, generation: 9, state: { kind: 'paused' } }));
    await machine.clock.advance(10 * 60_000);
    const entries = index().sessions.filter(({ id }) => id === session.id);
    assert.deepEqual(
      entries.map((entry) => [entry['generation'], (entry['state'] as Json)['kind']]),
      [[9, 'paused']],
    );
  });

  it('forgets an unknown session that this window had signed out already', async () => {
    machine.file.writing = 'fails';
    await window.sessions.signOut(session.id);
    machine.file.writing = 'none';
    writeSession(session, (entry) => ({ ...entry, state: { kind: 'paused' } }));
    await machine.clock.advance(10 * 60_000);
    assert.deepEqual(
      index().sessions.map(({ id }) => id),
      [other.id],
    );
  });

  it('comes back as it was, whatever members it has', () => {
    // Names that this version will never give to anything.
    const members = fc.dictionary(
      fc.string().map((name) => `_${name}`),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const text = machine.file.text ?? '';
    fc.assert(
      fc.property(members, members, members, (more, inSession, inState) => {
        const all = JSON.parse(text) as Index;
        const sessions = all.sessions.map((entry) => ({
          ...inSession,
          ...entry,
          state: { ...inState, ...(entry['state'] as Json) },
        }));
        const before = JSON.stringify({ ...more, ...all, sessions });
        const after = formatIndex(parseIndex(before));
        assert.deepEqual(JSON.parse(after), JSON.parse(before));
      }),
    );
  });
});

describe('the secret of a session that is signed out', () => {
  let machine: Machine;
  let window: Window;
  let session: Session;
  const left = (): unknown => (JSON.parse(machine.file.text ?? '') as Index)['leftSecrets'];

  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    ({ session } = await window.sessions.add(machine.grant()));
    await machine.clock.advance(0);
  });
  afterEach(() => window.sessions.dispose());

  it('is deleted at the next start when the secret storage refused, and noted no longer than that', async () => {
    machine.secrets.writing = 'fails';
    await window.sessions.signOut(session.id);
    assert.deepEqual(left(), [session.id]);
    window.sessions.dispose();
    machine.secrets.writing = 'none';
    assert.ok(machine.secrets.values.has(`session/${session.id}`));
    window = await machine.open();
    await window.sessions.idle();
    assert.equal(machine.secrets.values.has(`session/${session.id}`), false);
    await window.sessions.add(machine.grant());
    assert.equal(left(), undefined);
  });

  it('is deleted at the next start when the window closed before the secret storage answered', async () => {
    machine.secrets.writing = 'hangs';
    void window.sessions.signOut(session.id);
    await machine.clock.advance(1000);
    window.sessions.dispose();
    machine.secrets.writing = 'none';
    window = await machine.open();
    await window.sessions.idle();
    assert.equal(machine.secrets.values.has(`session/${session.id}`), false);
  });

  it('is deleted though the index was damaged meanwhile', async () => {
    machine.secrets.writing = 'fails';
    await window.sessions.signOut(session.id);
    window.sessions.dispose();
    machine.file.text = '{ damaged';
    machine.secrets.writing = 'none';
    window = await machine.open();
    window.sessions.dispose();
    window = await machine.open();
    await window.sessions.idle();
    assert.equal(machine.secrets.values.has(`session/${session.id}`), false);
  });

  it('is not deleted while another window has the index, which may be keeping it', async () => {
    machine.secrets.writing = 'fails';
    await window.sessions.signOut(session.id);
    window.sessions.dispose();
    machine.secrets.writing = 'none';
    const lock = await machine.locks.acquire('index', 0);
    window = await machine.open();
    await machine.clock.advance(30_000);
    await window.sessions.idle();
    assert.ok(machine.secrets.values.has(`session/${session.id}`));
    lock?.dispose();
  });

  it('is never deleted while the session is only in the copy of a damaged index, and the disk is full', async () => {
    const text = JSON.parse(machine.file.text ?? '') as Index;
    machine.file.text = JSON.stringify({ ...text, sessions: ['damaged'], leftSecrets: [session.id] });
    machine.file.writing = 'fails';
    window.sessions.dispose();
    window = await machine.open();
    await window.sessions.idle();
    assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-1']);
  });

  it('is looked for by nobody who has nothing to delete: no secret is touched at start', async () => {
    window.sessions.dispose();
    const { reading, writing } = machine.secrets;
    assert.deepEqual([reading, writing], ['none', 'none']);
    const touched: string[] = [];
    const secrets = Object.assign(Object.create(machine.secrets) as typeof machine.secrets, {
      get: async (key: string) => void touched.push(key),
      delete: async (key: string) => void touched.push(key),
    });
    window = await machine.open(secrets);
    await window.sessions.idle();
    assert.deepEqual(touched, []);
  });

  it('is never deleted while the session is there', async () => {
    const text = JSON.parse(machine.file.text ?? '') as Index;
    machine.file.text = JSON.stringify({ ...text, leftSecrets: [session.id] });
    window.sessions.dispose();
    window = await machine.open();
    await window.sessions.idle();
    assert.equal((await machine.accessTokens(window)).length, 1);
  });
});
