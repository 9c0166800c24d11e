import assert from 'node:assert/strict';

import type { IndexFile } from '../../../../src/sessions/store/indexFile.ts';
import type { Locks } from '../../../../src/common/locks/locks.ts';
import { Machine } from '../../support/sessions.ts';
import type { Window } from '../../support/sessions.ts';

/** What a window asks of the disk and of the keychain, in order. */
class Diary {
  entries: string[] = [];

  file(file: IndexFile): IndexFile {
    return {
      read: () => this.#note('read index', file.read()),
      replace: (text) => this.#note('write index', file.replace(text)),
      readCopy: () => this.#note('read copy', file.readCopy()),
      replaceCopy: (text) => this.#note('write copy', file.replaceCopy(text)),
      setAside: () => this.#note('set aside', file.setAside()),
      // A folder that cannot be watched: what others write is read when it is needed.
      onDidChange: () => ({ dispose: () => undefined }),
      dispose: () => undefined,
    };
  }

  locks(locks: Locks): Locks {
    return {
      acquire: async (name, waitMs) => {
        const kind = name.split('-')[0];
        const lock = await this.#note(`lock ${kind}`, locks.acquire(name, waitMs));
        return lock && { dispose: () => this.#note(`unlock ${kind}`, lock.dispose()) };
      },
      discard: (name) => locks.discard(name),
      dispose: () => undefined,
    };
  }

  #note<T>(entry: string, result: T): T {
    this.entries.push(entry);
    return result;
  }
}

describe('the walk of a refresh', () => {
  const machine = new Machine();
  const diary = new Diary();
  let window: Window;

  before(async () => {
    const { file, secrets } = machine;
    const get = secrets.get.bind(secrets);
    const store = secrets.store.bind(secrets);
    secrets.get = (key) => {
      diary.entries.push('read secret');
      return get(key);
    };
    secrets.store = (key, value) => {
      diary.entries.push('write secret');
      return store(key, value);
    };
    machine.service.answer = () => {
      diary.entries.push('send');
      return machine.service.issue();
    };
    window = await machine.open(secrets, diary.locks(machine.locks), diary.file(file));
  });

  after(() => window.sessions.dispose());

  const refreshed = [
    'lock refresh',
    'read secret',
    'lock index',
    'read index',
    'write index',
    'unlock index',
    'send',
    'lock index',
    'read index',
    'write secret',
    'write index',
    'unlock index',
    'unlock refresh',
  ];

  it('reads the index twice and writes it twice, before the token is sent and after, and leaves it to others meanwhile', async () => {
    const { session } = await window.sessions.add(machine.grant());
    diary.entries = [];
    assert.deepEqual(await window.sessions.refreshNow(session.id), { kind: 'fresh' });
    assert.deepEqual(diary.entries, refreshed);
  });

  it('is the same in a window that has just been opened, but for the copy of the index, of which it knows nothing', async () => {
    const [session] = window.sessions.sessions;
    assert.ok(session !== undefined);
    window.sessions.dispose();
    window = await machine.open(machine.secrets, diary.locks(machine.locks), diary.file(machine.file));
    diary.entries = [];
    assert.deepEqual(await window.sessions.refreshNow(session.id), { kind: 'fresh' });
    const withCopy = refreshed.toSpliced(refreshed.indexOf('write index') + 1, 0, 'write copy');
    assert.deepEqual(diary.entries, withCopy);
    diary.entries = [];
    assert.deepEqual(await window.sessions.refreshNow(session.id), { kind: 'fresh' });
    assert.deepEqual(diary.entries, refreshed);
  });

  it('sends nothing where another window has refreshed meanwhile, and reads once to know it', async () => {
    const other = await machine.open();
    const [session] = window.sessions.sessions;
    assert.ok(session !== undefined);
    assert.deepEqual(await other.sessions.refreshNow(session.id), { kind: 'fresh' });
    other.sessions.dispose();
    diary.entries = [];
    assert.deepEqual(await window.sessions.refreshNow(session.id), { kind: 'fresh' });
    assert.deepEqual(diary.entries, [
      'lock refresh',
      'read secret',
      'lock index',
      'read index',
      'unlock index',
      'unlock refresh',
    ]);
  });
});
