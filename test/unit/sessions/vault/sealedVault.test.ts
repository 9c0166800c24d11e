import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';

import { SealedVault } from '../../../../src/sessions/vault/sealedVault.ts';
import { VaultNeedsReload } from '../../../../src/sessions/vault/vault.ts';
import type { SealedFiles } from '../../../../src/sessions/vault/sealedFolder.ts';
import type { SecretStore } from '../../../../src/sessions/vault/secretVault.ts';
import { vaultRegistrations } from '../../../../src/sessions/vault/registrations.ts';
import { PendingWrites } from '../../../../src/sessions/store/pending/pendingWrites.ts';
import { TokenStore } from '../../../../src/sessions/store/tokenStore.ts';
import type { Session, SessionTokens } from '../../../../src/sessions/session.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { CLIENT, MemoryLocks, SeededRandom } from '../../support/sessions.ts';

const TOKENS: SessionTokens = {
  accessToken: 'SECRET-access',
  refreshToken: 'SECRET-refresh',
  issuedAt: 1,
  expiresAt: 2,
  client: CLIENT,
  signedInAt: 1,
  generation: 1,
};

/** A browser profile: its storage is one blob that each tab copies as it opens, and saves whole as it writes. */
class Browser {
  blob: Readonly<Record<string, string>> = {};
  writes = 0;

  openTab(): SecretStore {
    let copy = { ...this.blob };
    const save = async (next: Record<string, string>): Promise<void> => {
      copy = next;
      this.blob = { ...next };
      this.writes += 1;
    };
    return {
      get: async (key) => copy[key],
      store: (key, value) => save({ ...copy, [key]: value }),
      delete: (key) => save(Object.fromEntries(Object.entries(copy).filter(([name]) => name !== key))),
    };
  }
}

function nonceOf(text: string | undefined): string {
  return (JSON.parse(text ?? '') as { readonly nonce: string }).nonce;
}

describe('the sealed vault', () => {
  const clock = new VirtualClock();
  let browser: Browser;
  let folder: Map<string, string>;
  let files: SealedFiles;

  beforeEach(() => {
    browser = new Browser();
    folder = new Map();
    files = {
      read: async (name) => folder.get(name),
      write: async (name, text) => void folder.set(name, text),
      remove: async (name) => void folder.delete(name),
      names: async () => [...folder.keys()],
    };
  });

  /** A tab, opened a second after whatever was before. */
  async function open(): Promise<{ readonly vault: SealedVault; readonly asked: () => number }> {
    await clock.advance(1000);
    const parts = { files, locks: new MemoryLocks(clock), clock, random: new SeededRandom(clock.now()) };
    const vault = new SealedVault({ ...parts, secrets: browser.openTab() });
    await clock.advance(1000);
    let asked = 0;
    vault.onNeedsReload(() => (asked += 1));
    return { vault, asked: () => asked };
  }

  it('shows every refresh to every tab opened after the sign-in, and writes no secret for it', async () => {
    const first = await open();
    await first.vault.writeTokens('id', TOKENS);
    const writes = browser.writes;
    const [second, third] = [await open(), await open()];
    await second.vault.writeTokens('id', { ...TOKENS, generation: 2 });
    await third.vault.writeTokens('id', { ...TOKENS, generation: 3 });
    for (const { vault } of [first, second, third]) {
      assert.equal((await vault.readTokens('id'))?.generation, 3);
    }
    assert.equal(browser.writes, writes);
    assert.equal(writes, 1);
  });

  it('offers to reload, once, in a tab opened before the sign-in in another, and writes nothing there', async () => {
    const [first, second] = [await open(), await open()];
    await first.vault.writeTokens('id', TOKENS);
    const kept = new Map(folder);
    const blob = browser.blob;
    await assert.rejects(second.vault.readTokens('id'), VaultNeedsReload);
    await assert.rejects(second.vault.prepare(), VaultNeedsReload);
    await assert.rejects(second.vault.writeTokens('other', TOKENS), VaultNeedsReload);
    assert.equal(second.asked(), 1);
    assert.deepEqual(folder, kept);
    assert.equal(browser.blob, blob);
    const reloaded = await open();
    assert.deepEqual(await reloaded.vault.readTokens('id'), TOKENS);
    assert.equal(reloaded.asked(), 0);
  });

  it('is nothing that the log warns of, in a tab that only has to be reloaded', async () => {
    const [first, second] = [await open(), await open()];
    await first.vault.writeTokens('id', TOKENS);
    const warnings: unknown[] = [];
    const infos: unknown[] = [];
    const log = {
      info: (event: unknown) => infos.push(event),
      warn: (event: unknown) => warnings.push(event),
    };
    const tokens = new TokenStore(second.vault, new PendingWrites(), new VirtualClock(), log);
    const session = { id: 'id', signedInAt: 0 } as unknown as Session;
    assert.deepEqual(await tokens.read(session), { kind: 'unavailable' });
    assert.deepEqual(warnings, []);
    assert.deepEqual(infos, [
      { operation: 'read secret', outcome: 'needs a reload of this window', session: 'id' },
    ]);
    const registrations = vaultRegistrations(second.vault, new VirtualClock(), log);
    await first.vault.writeRegistration('key', CLIENT);
    assert.equal(await registrations.read('key'), undefined);
    assert.deepEqual(warnings, []);
  });

  it('shows nothing in a tab that makes the key itself, and counts what another browser has encrypted as lost', async () => {
    const old = await open();
    await old.vault.writeRegistration('client', CLIENT);
    await old.vault.writeTokens('older', TOKENS);
    // Another browser, or one whose site data were deleted.
    browser = new Browser();
    const { vault, asked } = await open();
    assert.equal(await vault.readTokens('older'), undefined);
    await vault.prepare();
    assert.equal(await vault.readRegistration('client'), undefined);
    await vault.writeTokens('new', TOKENS);
    assert.equal(await vault.readTokens('older'), undefined);
    assert.deepEqual(await vault.readTokens('new'), TOKENS);
    assert.equal(asked(), 0);
  });

  it('holds the note of a sign-out in the place of the tokens', async () => {
    const { vault } = await open();
    await vault.writeTokens('id', TOKENS);
    assert.equal(await vault.readSignOut('id'), undefined);
    await vault.writeSignOut('id', 5);
    assert.deepEqual([await vault.readTokens('id'), await vault.readSignOut('id')], [undefined, 5]);
    await vault.deleteTokens('id');
    assert.equal(await vault.readSignOut('id'), undefined);
  });

  it('leaves the secrets of other extensions alone, whatever it does', async () => {
    const other = browser.openTab();
    await other.store('other', 'theirs');
    const { vault } = await open();
    await vault.writeTokens('id', TOKENS);
    await vault.writeRegistration('key', CLIENT);
    await vault.writeTokens('id', { ...TOKENS, generation: 2 });
    await vault.deleteTokens('id');
    assert.equal(browser.blob['other'], 'theirs');
  });

  it('treats a key that another extension has dropped as lost, and starts again at the next sign-in', async () => {
    const other = browser.openTab();
    const first = await open();
    await first.vault.writeTokens('id', TOKENS);
    await other.store('other', 'saved from a tab opened before the key was made');
    const second = await open();
    assert.equal(await second.vault.readTokens('id'), undefined);
    await second.vault.prepare();
    await second.vault.writeTokens('id', TOKENS);
    assert.deepEqual(await (await open()).vault.readTokens('id'), TOKENS);
  });

  it('keeps the key when only the note about it is lost', async () => {
    const { vault } = await open();
    await vault.writeTokens('id', TOKENS);
    folder.delete('key.json');
    await vault.writeTokens('other', TOKENS);
    assert.deepEqual(await vault.readTokens('id'), TOKENS);
  });

  it('rejects a record that was tampered with, moved or truncated', async () => {
    const { vault } = await open();
    await vault.writeTokens('id', TOKENS);
    const text = folder.get('session-id') ?? '';
    const { sealed } = JSON.parse(text) as { readonly sealed: string };
    const tampered = Buffer.from(sealed, 'base64');
    tampered[0] = (tampered[0] ?? 0) ^ 1;
    folder.set('session-id', text.replace(sealed, tampered.toString('base64')));
    folder.set('session-moved', text);
    folder.set('session-cut', text.slice(0, -20));
    for (const id of ['id', 'moved', 'cut']) {
      assert.equal(await vault.readTokens(id), undefined, id);
    }
  });

  it('seals with a nonce that never comes twice under one key, by the same tab or by another', async () => {
    const nonces: string[] = [];
    const first = await open();
    await first.vault.prepare();
    for (const { vault } of [first, await open()]) {
      for (let round = 0; round < 100; round += 1) {
        await vault.writeTokens('id', TOKENS);
        await vault.writeRegistration('key', CLIENT);
        nonces.push(nonceOf(folder.get('session-id')), nonceOf(folder.get('registration-key')));
      }
    }
    assert.equal(new Set(nonces).size, 400);
    for (const nonce of nonces) {
      assert.equal(Buffer.from(nonce, 'base64').length, 12);
    }
  });

  for (const length of [4, 8, 12, 13, 14, 15, 0, 17]) {
    it(`takes a record whose tag has ${length} bytes for nothing, and not 16`, async () => {
      const { vault } = await open();
      await vault.writeTokens('id', TOKENS);
      const record = JSON.parse(folder.get('session-id') ?? '') as { readonly tag: string };
      const tag = Buffer.concat([Buffer.from(record.tag, 'base64'), Buffer.alloc(1)]).subarray(0, length);
      folder.set('session-id', JSON.stringify({ ...record, tag: tag.toString('base64') }));
      assert.equal(await vault.readTokens('id'), undefined);
    });
  }

  it('rejects a record with a nonce of another length, though it was encrypted with that', async () => {
    const { vault } = await open();
    await vault.writeTokens('id', TOKENS);
    const key = Buffer.from(browser.blob['vault-key'] ?? '', 'base64');
    const record = JSON.parse(folder.get('session-id') ?? '') as object;
    for (const length of [12, 8, 16]) {
      const nonce = Buffer.alloc(length, 7);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from('session-id'));
      const sealed = Buffer.concat([cipher.update(JSON.stringify(TOKENS)), cipher.final()]);
      const resealed = {
        nonce: nonce.toString('base64'),
        tag: cipher.getAuthTag().toString('base64'),
        sealed: sealed.toString('base64'),
      };
      folder.set('session-id', JSON.stringify({ ...record, ...resealed }));
      assert.deepEqual(await vault.readTokens('id'), length === 12 ? TOKENS : undefined, `${length} bytes`);
    }
  });

  it('keeps nothing readable in the folder, and deletes what it has to', async () => {
    const { vault } = await open();
    await vault.writeTokens('id', TOKENS);
    await vault.writeRegistration('key', CLIENT);
    const text = [...folder.values()].join('');
    assert.doesNotMatch(text + Buffer.from(text, 'base64').toString('latin1'), /SECRET/);
    assert.deepEqual(await vault.readRegistration('key'), CLIENT);
    await vault.deleteTokens('id');
    assert.equal(await vault.readTokens('id'), undefined);
  });
});
