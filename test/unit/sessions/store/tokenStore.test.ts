import assert from 'node:assert/strict';

import { PendingWrites } from '../../../../src/sessions/store/pending/pendingWrites.ts';
import { TokenStore } from '../../../../src/sessions/store/tokenStore.ts';
import { SecretVault } from '../../../../src/sessions/vault/secretVault.ts';
import { VirtualClock } from '../../../support/virtualClock.ts';
import { MemorySecrets, RecordingLog } from '../../support/sessions.ts';

const signIn = (signedInAt: number) => ({
  accessToken: `SECRET-access-${signedInAt}`,
  issuedAt: signedInAt,
  expiresAt: 2e12,
  signedInAt,
  generation: 1,
});

function start() {
  const vault = new SecretVault(new MemorySecrets());
  const pending = new PendingWrites();
  return { vault, pending, tokens: new TokenStore(vault, pending, new VirtualClock(), new RecordingLog()) };
}

describe('a sign-out that the vault is told of instead of the index', () => {
  it('takes the place of the tokens of that sign-in', async () => {
    const { vault, tokens } = start();
    await vault.writeTokens('id', signIn(1000));
    assert.equal(await tokens.replaceBySignOut({ id: 'id', at: 2000 }), true);
    assert.deepEqual([await vault.readTokens('id'), await vault.readSignOut('id')], [undefined, 2000]);
  });

  it('leaves those of a sign-in that another window has made since', async () => {
    const { vault, pending, tokens } = start();
    await vault.writeTokens('id', signIn(3000));
    assert.equal(await tokens.replaceBySignOut({ id: 'id', at: 2000 }), true);
    assert.equal((await vault.readTokens('id'))?.signedInAt, 3000);
    await tokens.saveUnsaved();
    assert.equal((await vault.readTokens('id'))?.signedInAt, 3000);
    assert.equal(pending.isEmpty, true);
  });
});
