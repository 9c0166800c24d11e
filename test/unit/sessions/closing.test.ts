import assert from 'node:assert/strict';

import { Machine } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

const MINUTE_MS = 60_000;

describe('a window that closes', () => {
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

  /** Closes `a`, and tells whether it is done. */
  function close(): { isDone: boolean } {
    const closing = { isDone: false };
    void a.sessions.close().then(() => (closing.isDone = true));
    return closing;
  }

  it('waits for the response to a refresh, and saves it for the others (botocore#3213)', async () => {
    const { session } = await a.sessions.add(machine.grant());
    const { promise, resolve: answer } = Promise.withResolvers<void>();
    machine.service.answer = async () => {
      await promise;
      return machine.service.issue();
    };
    void a.sessions.refreshNow(session.id);
    await machine.clock.advance(0);
    const closing = close();
    await machine.clock.advance(3000);
    assert.equal(closing.isDone, false);
    answer();
    await machine.clock.advance(0);
    assert.equal(closing.isDone, true);
    assert.deepEqual(await machine.accessTokens(b), ['SECRET-access-2']);
    assert.equal(machine.file.sessions[0]?.generation, 2);
  });

  it('waits for a sign-in that is being saved, and for a sign-out', async () => {
    const { session } = await b.sessions.add(machine.grant());
    await machine.clock.advance(0);
    const lock = await machine.locks.acquire('index', 0);
    void a.sessions.add(machine.grant({ scopes: ['other'] }));
    void a.sessions.signOut(session.id);
    const closing = close();
    await machine.clock.advance(1000);
    assert.equal(closing.isDone, false);
    lock?.dispose();
    await machine.clock.advance(1000);
    assert.equal(closing.isDone, true);
    assert.deepEqual(
      machine.file.sessions.map(({ scopes }) => scopes),
      [['other']],
    );
    assert.deepEqual(machine.service.signedOut, ['SECRET-access-1']);
  });

  it('never takes longer than the 5 seconds that VS Code gives it, whatever hangs', async () => {
    const { session } = await a.sessions.add(machine.grant());
    machine.service.answer = () => new Promise<never>(() => undefined);
    void a.sessions.refreshNow(session.id);
    await machine.clock.advance(0);
    const closing = close();
    await machine.clock.advance(4500);
    assert.equal(closing.isDone, true);
    assert.ok(machine.log.events.some(({ operation }) => operation === 'close'));
  });

  it('begins nothing any more: what it sent could be lost with its answer', async () => {
    const { session } = await a.sessions.add(machine.grant());
    const held = await machine.locks.acquire('index', 0);
    void a.sessions.add(machine.grant({ scopes: ['other'] }));
    b.sessions.dispose();
    const closing = close();
    machine.clock.sleep(59.5 * MINUTE_MS);
    void a.sessions.getSessions({});
    await machine.clock.advance(3000);
    assert.equal(closing.isDone, false);
    assert.deepEqual(machine.service.sent, [], `${session.id} was refreshed`);
    held?.dispose();
    await machine.clock.advance(0);
    assert.equal(closing.isDone, true);
    await machine.clock.advance(10 * MINUTE_MS);
    assert.deepEqual(machine.service.sent, []);
  });

  it('with nothing in progress is closed at once', async () => {
    const closing = close();
    await machine.clock.advance(0);
    assert.equal(closing.isDone, true);
    assert.equal(machine.log.events.filter(({ operation }) => operation === 'close').length, 0);
  });
});
