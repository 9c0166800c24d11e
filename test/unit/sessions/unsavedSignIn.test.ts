import assert from 'node:assert/strict';

import { parseIndex } from '../../../src/sessions/store/indexFormat.ts';
import { Machine, MemoryLocks } from '../support/sessions.ts';

describe('a sign-in that cannot be saved', () => {
  let machine: Machine;
  beforeEach(() => {
    machine = new Machine();
  });

  const secrets = (): readonly string[] => [...machine.secrets.values.keys()];

  it('leaves no token in the keychain that no index names, where the disk is full and its window closes', async () => {
    const first = await machine.open();
    machine.file.writing = 'fails';
    await first.sessions.add(machine.grant());
    assert.deepEqual(await machine.accessTokens(first), ['SECRET-access-1']);
    await machine.clock.advance(60_000);
    await first.sessions.close();
    assert.deepEqual(secrets(), []);
  });

  it('is saved, and is everybody’s, as soon as the disk has room', async () => {
    const [first, second] = [await machine.open(), await machine.open()];
    machine.file.writing = 'fails';
    const { session } = await first.sessions.add(machine.grant());
    await first.sessions.add(machine.grant({ account: session.account }));
    machine.file.writing = 'none';
    await machine.clock.advance(60_000);
    assert.deepEqual(secrets(), [`session/${session.id}`]);
    assert.deepEqual(await machine.accessTokens(second), ['SECRET-access-2']);
    first.sessions.dispose();
    second.sessions.dispose();
  });

  it('leaves no token for good where its window dies between the keychain and the index', async () => {
    const first = await machine.open();
    const store = machine.secrets.store.bind(machine.secrets);
    machine.secrets.store = async (key, value) => {
      await store(key, value);
      machine.file.writing = 'hangs';
    };
    void first.sessions.add(machine.grant());
    await machine.clock.advance(10);
    assert.equal(secrets().length, 1);
    first.sessions.dispose();
    machine.file.writing = 'none';
    const next = await machine.open(machine.secrets, new MemoryLocks(machine.clock));
    await next.sessions.idle();
    assert.deepEqual([next.sessions.sessions, secrets()], [[], []]);
    next.sessions.dispose();
  });

  it('keeps its token where another window starts while it is being kept', async () => {
    const first = await machine.open();
    const written = Promise.withResolvers<void>();
    const store = machine.secrets.store.bind(machine.secrets);
    machine.secrets.store = async (key, value) => {
      await store(key, value);
      await written.promise;
    };
    const keeping = first.sessions.add(machine.grant());
    await machine.clock.advance(10);
    assert.equal(parseIndex(machine.file.text ?? '').leftSecrets?.length, 1);
    const second = await machine.open();
    await machine.clock.advance(1000);
    written.resolve();
    await keeping;
    await machine.clock.advance(10_000);
    assert.deepEqual(await machine.accessTokens(second), ['SECRET-access-1']);
    const third = await machine.open();
    await third.sessions.idle();
    assert.deepEqual(await machine.accessTokens(third), ['SECRET-access-1']);
    for (const { sessions } of [first, second, third]) {
      sessions.dispose();
    }
  });

  it('keeps its token where the disk fills up between the keychain and the index', async () => {
    const first = await machine.open();
    const store = machine.secrets.store.bind(machine.secrets);
    machine.secrets.store = async (key, value) => {
      await store(key, value);
      machine.file.writing = 'fails';
    };
    await first.sessions.add(machine.grant());
    machine.secrets.store = store;
    const second = await machine.open();
    await second.sessions.idle();
    machine.file.writing = 'none';
    await machine.clock.advance(60_000);
    assert.deepEqual(await machine.accessTokens(second), ['SECRET-access-1']);
    first.sessions.dispose();
    second.sessions.dispose();
  });
});
