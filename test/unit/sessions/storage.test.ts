import assert from 'node:assert/strict';

import type { Session } from '../../../src/sessions/session.ts';
import { Machine, MemoryLocks, MemorySecrets } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';
import { nonEmpty } from '../support/nonEmpty.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('storage that fails', () => {
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

  const isSpentOnce = (): void =>
    assert.equal(new Set(machine.service.sent).size, machine.service.sent.length, 'a token was sent twice');

  it('never signs out over a disk that cannot be written (aws-toolkit-vscode PR#5361)', async () => {
    machine.file.writing = 'fails';
    await machine.clock.advance(5 * HOUR_MS);
    isSpentOnce();
    assert.ok(machine.service.sent.length >= 5, 'the window with the newest token goes on alone');
    machine.file.writing = 'none';
    await machine.clock.advance(2 * MINUTE_MS);
    assert.deepEqual(await machine.accessTokens(a), await machine.accessTokens(b));
    assert.equal(machine.file.sessions[0]?.generation, machine.service.sent.length + 1);
  });

  it('never signs out over a disk that cannot be read', async () => {
    machine.file.reading = 'fails';
    await machine.clock.advance(5 * HOUR_MS);
    isSpentOnce();
    assert.equal((await machine.accessTokens(a)).length, 1);
    machine.file.reading = 'none';
    await machine.clock.advance(6 * MINUTE_MS);
    assert.deepEqual(await machine.accessTokens(a), await machine.accessTokens(b));
  });

  it('refreshes alone, and keeps the session, where locks cannot be used at all', async () => {
    b.sessions.dispose();
    machine.locks.trouble = 'fails';
    machine.file.writing = 'fails';
    await machine.clock.advance(5 * HOUR_MS);
    isSpentOnce();
    assert.ok(machine.service.sent.length >= 5);
    assert.ok(
      machine.log.events.some(({ operation, code }) => operation === 'lock refresh' && code === 'EIO'),
    );
  });

  it('keeps the lock while nobody else can know the new token', async () => {
    machine.service.answer = () => {
      machine.file.writing = 'fails';
      machine.secrets.writing = 'fails';
      return machine.service.issue();
    };
    await a.sessions.refreshNow(session.id);
    machine.clock.sleep(50 * MINUTE_MS);
    assert.deepEqual(await b.sessions.refreshNow(session.id), { kind: 'busy' });
    machine.file.writing = 'none';
    machine.secrets.writing = 'none';
    machine.service.answer = undefined;
    await machine.clock.advance(2 * MINUTE_MS);
    assert.deepEqual(await b.sessions.refreshNow(session.id), { kind: 'fresh' });
    isSpentOnce();
  });

  it('takes the lock as soon as it can, after a refresh where nothing could be locked', async () => {
    b.sessions.dispose();
    machine.locks.trouble = 'fails';
    machine.file.writing = 'fails';
    machine.secrets.writing = 'fails';
    machine.clock.sleep(59.5 * MINUTE_MS);
    assert.deepEqual(await a.sessions.refreshNow(session.id), { kind: 'fresh' });
    machine.locks.trouble = 'none';
    await machine.clock.advance(2 * MINUTE_MS);
    const c = await machine.open();
    assert.deepEqual(await c.sessions.refreshNow(session.id), { kind: 'busy' });
    c.sessions.dispose();
  });

  for (const trouble of ['fails', 'hangs'] as const) {
    it(`stays signed in from memory while a keychain ${trouble}, and says so once (vscode#187338)`, async () => {
      let told = 0;
      a.sessions.onDidFailToSave(() => (told += 1));
      b.sessions.onDidFailToSave(() => (told += 1));
      machine.secrets.reading = trouble;
      machine.secrets.writing = trouble;
      await machine.clock.advance(5 * HOUR_MS);
      isSpentOnce();
      assert.ok(machine.service.sent.length >= 5, `only ${machine.service.sent.length} refreshes`);
      assert.equal(told, 1);
      machine.secrets.reading = 'none';
      machine.secrets.writing = 'none';
      await machine.clock.advance(3 * MINUTE_MS);
      assert.deepEqual(await machine.accessTokens(a), await machine.accessTokens(b));
      assert.equal((await machine.accessTokens(a)).length, 1);
    });
  }

  it('signs in where there is no keyring, stays signed in from memory, and says so once (vscode#190062)', async () => {
    const keyless = new Machine();
    keyless.secrets.reading = 'fails';
    keyless.secrets.writing = 'fails';
    const window = await keyless.open();
    let told = 0;
    window.sessions.onDidFailToSave(() => (told += 1));
    await window.sessions.add(keyless.grant());
    assert.deepEqual(await keyless.accessTokens(window), ['SECRET-access-1']);
    await keyless.clock.advance(5 * HOUR_MS);
    const { sent } = keyless.service;
    assert.ok(sent.length >= 5, `only ${sent.length} refreshes`);
    assert.deepEqual(await keyless.accessTokens(window), [`SECRET-access-${sent.length + 1}`]);
    assert.equal(told, 1);
    assert.doesNotMatch(keyless.file.text ?? '', /SECRET/);
    window.sessions.dispose();
  });

  it('never signs out over a keychain that cannot be read when a window opens (vscode#145189)', async () => {
    a.sessions.dispose();
    b.sessions.dispose();
    machine.secrets.reading = 'fails';
    const c = await machine.open();
    await machine.clock.advance(2 * HOUR_MS);
    assert.equal(c.sessions.sessions[0]?.state.kind, 'signedIn');
    assert.deepEqual([c.ended, machine.service.sent], [[], []]);
    machine.secrets.reading = 'none';
    await machine.clock.advance(5 * MINUTE_MS);
    assert.deepEqual(await machine.accessTokens(c), ['SECRET-access-2']);
    c.sessions.dispose();
  });

  it('returns what it remembers within 3 seconds while the keychain and the disk hang (vscode#188850)', async () => {
    machine.secrets.reading = 'hangs';
    machine.file.reading = 'hangs';
    let answer: readonly string[] | undefined;
    void a.sessions.getSessions({}).then((live) => (answer = live.map(({ tokens }) => tokens.accessToken)));
    await machine.clock.advance(3000);
    assert.deepEqual(answer, ['SECRET-access-1']);
  });

  it('never treats a keychain that is empty for a moment as a sign-out', async () => {
    const kept = new Map(machine.secrets.values);
    machine.secrets.values.clear();
    a.sessions.dispose();
    b.sessions.dispose();
    await machine.clock.advance(58 * MINUTE_MS);
    const c = await machine.open();
    await machine.clock.advance(9 * MINUTE_MS);
    assert.equal(c.sessions.sessions[0]?.state.kind, 'signedIn');
    for (const [key, value] of nonEmpty('secret kept', kept)) {
      machine.secrets.values.set(key, value);
    }
    await machine.clock.advance(5 * MINUTE_MS);
    assert.deepEqual(await machine.accessTokens(c), ['SECRET-access-2']);
    c.sessions.dispose();
  });

  it('asks for a sign-in only when the token stays missing long after its end', async () => {
    a.sessions.dispose();
    b.sessions.dispose();
    machine.secrets.values.clear();
    const c = await machine.open();
    await machine.clock.advance(2 * HOUR_MS);
    const state = c.sessions.sessions[0]?.state;
    assert.ok(state?.kind === 'needsSignIn');
    assert.equal(state.reason, 'tokenMissing');
    assert.equal(c.ended.length, 1);
    c.sessions.dispose();
  });

  it('never uses the refresh token of a copy that is out of date', async () => {
    const copy = new MemorySecrets();
    for (const [key, value] of nonEmpty('secret', machine.secrets.values)) {
      copy.values.set(key, value);
    }
    const c = await machine.open(copy);
    await a.sessions.refreshNow(session.id);
    await machine.clock.advance(0);
    assert.deepEqual(await c.sessions.refreshNow(session.id), { kind: 'noToken', found: 'stale' });
    isSpentOnce();
    c.sessions.dispose();
  });

  it('keeps the sessions that other windows know when the file is damaged (aws-toolkit-vscode#6140)', async () => {
    machine.file.text = '{"format":1,"sess';
    const fresh = await machine.open();
    assert.equal(machine.file.setAsideText, '{"format":1,"sess');
    await machine.clock.advance(6 * MINUTE_MS);
    for (const window of [a, b, fresh]) {
      assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-1']);
    }
    assert.deepEqual(
      [...a.changes, ...b.changes].flatMap(({ removed }) => removed),
      [],
    );
    fresh.sessions.dispose();
  });

  it('keeps the sessions that no open window knows, when the file is damaged', async () => {
    await a.sessions.refreshNow(session.id);
    a.sessions.dispose();
    b.sessions.dispose();
    machine.file.text = '';
    const fresh = await machine.open();
    assert.deepEqual(await machine.accessTokens(fresh), ['SECRET-access-2']);
    fresh.sessions.dispose();
  });

  it('does not lose a refresh that is in progress when the file is damaged, though its copy is from before', async () => {
    b.sessions.dispose();
    await a.sessions.refreshNow(session.id);
    const answered = Promise.withResolvers<void>();
    const sent = Promise.withResolvers<void>();
    machine.service.answer = async () => {
      sent.resolve();
      await answered.promise;
      return machine.service.issue();
    };
    const refresh = a.sessions.refreshNow(session.id);
    await sent.promise;
    assert.ok(!machine.file.copy?.includes('"generation": 2'), 'the copy is as new');
    machine.file.text = '';
    const fresh = await machine.open();
    assert.equal(fresh.sessions.sessions.length, 1);
    answered.resolve();
    assert.deepEqual(await refresh, { kind: 'fresh' });
    for (const window of [a, fresh]) {
      assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-3']);
    }
    assert.deepEqual(machine.service.sent, ['SECRET-refresh-1', 'SECRET-refresh-2']);
    fresh.sessions.dispose();
  });

  it('waits for a token that may just have been sent where only the copy of the file is left', async () => {
    b.sessions.dispose();
    machine.service.answer = () => new Promise<never>(() => undefined);
    void a.sessions.refreshNow(session.id);
    await machine.clock.advance(0);
    assert.deepEqual(machine.service.sent, ['SECRET-refresh-1']);
    a.sessions.dispose();
    machine.file.text = '';
    machine.service.answer = undefined;
    // The first window has crashed: it holds no lock.
    const fresh = await machine.open(machine.secrets, new MemoryLocks(machine.clock));
    assert.deepEqual(await fresh.sessions.refreshNow(session.id), { kind: 'busy' });
    await machine.clock.advance(21_000);
    assert.deepEqual(await fresh.sessions.refreshNow(session.id), { kind: 'fresh' });
    fresh.sessions.dispose();
  });

  it('has nothing in the copy that was signed out, though the sessions are those of an earlier copy again', async () => {
    const other = machine.grant({ scopes: ['other'] });
    await a.sessions.refreshNow(session.id);
    const { session: signedOut } = await b.sessions.add(other);
    await a.sessions.wake();
    await a.sessions.signOut(signedOut.id);
    a.sessions.dispose();
    b.sessions.dispose();
    machine.file.text = '';
    const fresh = await machine.open();
    assert.deepEqual(
      fresh.sessions.sessions.map(({ id }) => id),
      [session.id],
    );
    fresh.sessions.dispose();
  });

  it('cannot resurrect what was signed out in the moment in which the file was damaged', async () => {
    machine.file.text = '';
    await a.sessions.signOut(session.id);
    await machine.clock.advance(6 * MINUTE_MS);
    await b.sessions.wake();
    assert.deepEqual(b.sessions.sessions, []);
    assert.deepEqual(machine.file.sessions, []);
  });

  it('shows what other windows did in minutes where nothing tells of it, and nobody asks', async () => {
    const { onDidChange } = machine.file;
    Object.assign(machine.file, { onDidChange: () => ({ dispose: () => undefined }) });
    const deaf = await machine.open();
    Object.assign(machine.file, { onDidChange });
    await machine.clock.advance(10);
    await a.sessions.signOut(session.id);
    await machine.clock.advance(10 * MINUTE_MS);
    assert.deepEqual(deaf.sessions.sessions, []);
    deaf.sessions.dispose();
  });

  it('cannot resurrect through a window that slept what was signed out before the file was damaged', async () => {
    await a.sessions.add(machine.grant({ account: 'another' }));
    const { onDidChange } = machine.file;
    Object.assign(machine.file, { onDidChange: () => ({ dispose: () => undefined }) });
    const sleeper = await machine.open();
    Object.assign(machine.file, { onDidChange });
    await a.sessions.signOut(session.id);
    machine.file.text = '{ damaged';
    await a.sessions.wake();
    await machine.clock.advance(10);
    assert.equal(sleeper.sessions.sessions.length, 2);
    await sleeper.sessions.wake();
    await machine.clock.advance(10);
    const labels = machine.file.sessions.map(({ account }) => account.label);
    assert.deepEqual(labels, ['acme (2)']);
    sleeper.sessions.dispose();
  });

  it('cannot resurrect what was signed out while the file was damaged and the disk full', async () => {
    machine.file.text = '';
    machine.file.writing = 'fails';
    await a.sessions.signOut(session.id);
    await a.sessions.add(machine.grant({ scopes: ['other'] }));
    await a.sessions.wake();
    assert.deepEqual(
      a.sessions.sessions.map(({ scopes }) => scopes),
      [['other']],
    );
  });

  it('saves what it could not as soon as another window could', async () => {
    machine.file.writing = 'fails';
    await a.sessions.signOut(session.id);
    machine.file.writing = 'none';
    await b.sessions.add(machine.grant({ scopes: ['other'] }));
    await machine.clock.advance(100);
    assert.deepEqual(
      b.sessions.sessions.map(({ scopes }) => scopes),
      [['other']],
    );
  });

  it('lets the last action win, whichever window could save first', async () => {
    machine.file.writing = 'fails';
    await a.sessions.add(machine.grant({ account: session.account }));
    await machine.clock.advance(1000);
    await b.sessions.signOut(session.id);
    machine.file.writing = 'none';
    await a.sessions.add(machine.grant({ scopes: ['other'] }));
    await machine.clock.advance(100);
    for (const { sessions } of [a, b]) {
      assert.deepEqual(
        sessions.sessions.map(({ scopes }) => scopes),
        [['other']],
      );
    }
  });

  it('continues with the rest when one record is damaged (aws-toolkit-vscode#6230)', async () => {
    const text = machine.file.text ?? '';
    machine.file.text = text.replace('"sessions":[', '"sessions":[{"id":"broken"},');
    const fresh = await machine.open();
    assert.deepEqual(await machine.accessTokens(fresh), ['SECRET-access-1']);
    assert.equal(machine.file.sessions.length, 1);
    assert.match(machine.file.setAsideText ?? '', /broken/);
    fresh.sessions.dispose();
  });

  it('restores the file when it is deleted', async () => {
    machine.file.text = undefined;
    await a.sessions.wake();
    assert.equal(machine.file.sessions.length, 1);
  });

  it('cannot resurrect a session whose sign-out could not be saved at first', async () => {
    machine.file.writing = 'fails';
    await b.sessions.signOut(session.id);
    assert.deepEqual(b.sessions.sessions, []);
    machine.file.writing = 'none';
    await machine.clock.advance(2 * MINUTE_MS);
    await b.sessions.wake();
    await a.sessions.wake();
    assert.deepEqual(a.sessions.sessions, []);
    assert.deepEqual(machine.file.sessions, []);
  });

  it('deletes the secret of a session once the keychain lets it', async () => {
    machine.secrets.writing = 'fails';
    await a.sessions.signOut(session.id);
    machine.secrets.writing = 'none';
    await a.sessions.add(machine.grant());
    await machine.clock.advance(2 * MINUTE_MS);
    assert.deepEqual(
      [...machine.secrets.values.keys()],
      machine.file.sessions.map(({ id }) => `session/${id}`),
    );
  });
});
