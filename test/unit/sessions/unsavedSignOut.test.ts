import assert from 'node:assert/strict';

import { parseIndex } from '../../../src/sessions/store/indexFormat.ts';
import { Machine } from '../support/sessions.ts';
import type { Window } from '../support/sessions.ts';
import type { Session } from '../../../src/sessions/session.ts';

describe('a sign-out that the disk has no room for', () => {
  let machine: Machine;
  let window: Window;
  let session: Session;
  let told: string[];
  beforeEach(async () => {
    machine = new Machine();
    window = await machine.open();
    ({ session } = await window.sessions.add(machine.grant()));
    told = [];
    window.sessions.onDidFailToSaveSignOut(({ account }) => told.push(account.label));
    machine.file.writing = 'fails';
  });
  afterEach(() => window.sessions.dispose());

  const secrets = (): readonly string[] => [...machine.secrets.values.keys()];

  /** The window closes before there is room again. @returns the one that is opened then */
  async function reopen(): Promise<Window> {
    await machine.clock.advance(60_000);
    await window.sessions.close();
    machine.file.writing = 'none';
    machine.secrets.writing = 'none';
    return machine.open();
  }

  it('is found in the vault by who asks after the next start, and is done then', async () => {
    await window.sessions.signOut(session.id);
    assert.equal(JSON.stringify([...machine.secrets.values]).includes('SECRET'), false);
    assert.deepEqual(told, []);
    const next = await reopen();
    assert.deepEqual(await machine.accessTokens(next), []);
    await next.sessions.idle();
    assert.deepEqual([next.sessions.sessions, machine.file.sessions, secrets()], [[], [], []]);
    assert.deepEqual(next.missed, []);
    next.sessions.dispose();
  });

  it('leaves nothing of a sign-in that was never saved either', async () => {
    const { session: unsaved } = await window.sessions.add(machine.grant({ account: 'another' }));
    await window.sessions.signOut(unsaved.id);
    assert.deepEqual([secrets(), told], [[`session/${session.id}`], []]);
    const next = await reopen();
    assert.deepEqual(await machine.accessTokens(next), ['SECRET-access-1']);
    next.sessions.dispose();
  });

  it('reaches another window with its next look into the vault', async () => {
    const other = await machine.open();
    assert.deepEqual(await machine.accessTokens(other), ['SECRET-access-1']);
    await window.sessions.signOut(session.id);
    await machine.clock.advance(2 * 3_600_000);
    assert.deepEqual(other.sessions.sessions, []);
    assert.deepEqual(machine.service.sent, []);
    other.sessions.dispose();
  });

  it('leaves nothing in the vault once there is room', async () => {
    await window.sessions.signOut(session.id);
    machine.file.writing = 'none';
    await machine.clock.advance(60_000);
    assert.deepEqual([machine.file.sessions, secrets()], [[], []]);
  });

  it('is noted in the index, once there is room, until the vault has deleted what it has', async () => {
    await window.sessions.signOut(session.id);
    machine.secrets.writing = 'fails';
    machine.file.writing = 'none';
    await machine.clock.advance(60_000);
    assert.deepEqual(parseIndex(machine.file.text ?? '').leftSecrets, [session.id]);
  });

  it('never ends a later sign-in', async () => {
    await window.sessions.signOut(session.id);
    const other = await machine.open();
    await machine.clock.advance(1000);
    machine.file.writing = 'none';
    const { account } = session;
    await other.sessions.add(machine.grant({ account }));
    await machine.clock.advance(60_000);
    const third = await machine.open();
    assert.deepEqual(await machine.accessTokens(third), ['SECRET-access-2']);
    other.sessions.dispose();
    third.sessions.dispose();
  });

  it('has no say in a sign-out after the next sign-in, whose tokens are deleted once the vault does so', async () => {
    machine.secrets.writing = 'fails';
    const other = await machine.open();
    await window.sessions.signOut(session.id);
    machine.secrets.writing = 'none';
    await machine.clock.advance(1000);
    await other.sessions.add(machine.grant({ account: session.account }));
    machine.file.writing = 'none';
    await machine.clock.advance(5 * 60_000);
    assert.deepEqual(await machine.accessTokens(window), ['SECRET-access-2']);
    machine.secrets.writing = 'fails';
    await window.sessions.signOut(session.id);
    machine.secrets.writing = 'none';
    await machine.clock.advance(5 * 60_000);
    assert.deepEqual([machine.file.sessions, secrets()], [[], []]);
    other.sessions.dispose();
  });

  it('is told to the user where the secret storage does not take it either', async () => {
    machine.secrets.writing = 'fails';
    await window.sessions.signOut(session.id);
    assert.deepEqual(told, ['acme']);
    // Nothing can be written anywhere: the token is there again, though AWS was told to end it.
    const next = await reopen();
    assert.deepEqual(await machine.accessTokens(next), ['SECRET-access-1']);
    assert.deepEqual(machine.service.signedOut, ['SECRET-access-1']);
    next.sessions.dispose();
  });

  it('is told to the user where the vault can delete and not write, and hands nothing out again', async () => {
    machine.secrets.store = async () => {
      throw new Error('no room');
    };
    await window.sessions.signOut(session.id);
    assert.deepEqual([told, secrets()], [['acme'], []]);
    const next = await reopen();
    assert.deepEqual(await machine.accessTokens(next), []);
    next.sessions.dispose();
  });
});
