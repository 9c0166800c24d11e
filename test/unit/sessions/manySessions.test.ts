import assert from 'node:assert/strict';

import type { Connection } from '../../../src/connections/connection.ts';
import type { Session, SessionTokens } from '../../../src/sessions/session.ts';
import { formatIndex } from '../../../src/sessions/store/indexFormat.ts';
import { SecretVault } from '../../../src/sessions/vault/secretVault.ts';
import { ACME, Machine } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';

const OTHER: Connection = { name: 'other', startUrl: 'https://other.awsapps.com/start', region: 'us-east-1' };
const MANY = 1000;
const HOUR_MS = 3_600_000;

describe('a thousand sessions', () => {
  const machine = new Machine();
  let window: Window;
  let indexReads = 0;
  let secretReads = 0;

  before(async () => {
    const { file, secrets } = machine;
    const issuedAt = machine.clock.now();
    const expiresAt = issuedAt + HOUR_MS;
    const tokens: SessionTokens = {
      accessToken: 'SECRET',
      issuedAt,
      expiresAt,
      signedInAt: 1,
      generation: 1,
    };
    const session = (index: number): Session => ({
      id: `session-${index}`,
      account: { id: `account-${index}`, label: `acme (${index})` },
      connection: index % 2 === 0 ? ACME : OTHER,
      scopes: [],
      signedInAt: 1,
      generation: 1,
      state: { kind: 'signedIn', issuedAt, expiresAt, refreshable: true },
    });
    const sessions = Array.from({ length: MANY }, (_, index) => session(index));
    const vault = new SecretVault(secrets);
    await Promise.all(sessions.map(({ id }) => vault.writeTokens(id, tokens)));
    file.text = formatIndex({ sessions, signedOut: [] });
    const read = file.read.bind(file);
    const get = secrets.get.bind(secrets);
    file.read = () => {
      indexReads += 1;
      return read();
    };
    secrets.get = (key) => {
      secretReads += 1;
      return get(key);
    };
    window = await machine.open();
  });

  after(() => window.sessions.dispose());

  async function countOf(startUrl: string): Promise<number> {
    return (await window.sessions.getSessions({ scopes: [`VSCODE_START_URL:${startUrl}`] })).length;
  }

  async function idsOf(account: string): Promise<readonly string[]> {
    const found = await window.sessions.getSessions({ account: { id: account, label: '' } });
    return found.map(({ session }) => session.id);
  }

  it('cost the start one read of the index, no secret, and one timer', () => {
    const { pendingTimers } = machine.clock;
    assert.equal(window.sessions.sessions.length, MANY);
    assert.deepEqual(
      { indexReads, secretReads, pendingTimers },
      { indexReads: 1, secretReads: 0, pendingTimers: 1 },
    );
  });

  it('share the connection, which is read once', () => {
    assert.equal(new Set(window.sessions.sessions.map(({ connection }) => connection)).size, 2);
  });

  it('cost who asks for one of them one read of the index, and its secret, once', async () => {
    [indexReads, secretReads] = [0, 0];
    const seen = window.sessions.sessions;
    for (let calls = 1; calls <= 3; calls += 1) {
      assert.deepEqual(await idsOf(`account-${MANY - 1}`), [`session-${MANY - 1}`]);
      assert.deepEqual({ indexReads, secretReads }, { indexReads: calls, secretReads: 1 });
    }
    assert.equal(window.sessions.sessions, seen);
    assert.equal(window.changes.length, 1);
  });

  it('are selected by their start URL, however it is written', async () => {
    assert.equal(await countOf('acme.awsapps.com/start/#/'), MANY / 2);
    assert.equal(await countOf('https://third.awsapps.com/start'), 0);
  });

  it('are found by their accounts as they are by now', async () => {
    const moved = { id: 'account-moved', label: 'moved' };
    const [first, ...others] = window.sessions.sessions;
    assert.ok(first !== undefined);
    const sessions = [{ ...first, account: moved }, ...others];
    assert.deepEqual(await idsOf('account-0'), ['session-0']);
    machine.file.text = formatIndex({ sessions, signedOut: [] });
    assert.deepEqual(await idsOf('account-0'), []);
    assert.deepEqual(await idsOf(moved.id), ['session-0']);
  });
});
