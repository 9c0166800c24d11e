import assert from 'node:assert/strict';

import { SecretVault } from '../../../../src/sessions/vault/secretVault.ts';
import type { SessionTokens } from '../../../../src/sessions/session.ts';
import { CLIENT, MemorySecrets } from '../../support/sessions.ts';

const TOKENS: SessionTokens = {
  accessToken: 'access',
  refreshToken: 'refresh',
  issuedAt: 1,
  expiresAt: 2,
  client: CLIENT,
  signedInAt: 1,
  generation: 1,
};

describe('the secret vault', () => {
  it('keeps tokens and registrations, one key each, and deletes them', async () => {
    const secrets = new MemorySecrets();
    const vault = new SecretVault(secrets);
    assert.equal(await vault.readTokens('id'), undefined);
    await vault.writeTokens('id', TOKENS);
    await vault.writeRegistration('key', CLIENT);
    assert.deepEqual(await vault.readTokens('id'), TOKENS);
    assert.deepEqual(await vault.readRegistration('key'), CLIENT);
    assert.deepEqual([...secrets.values.keys()], ['session/id', 'registration/key']);
    await vault.deleteTokens('id');
    assert.deepEqual([...secrets.values.keys()], ['registration/key']);
  });

  for (const optional of [
    { refreshToken: '' },
    { idToken: '' },
    { idToken: null },
    { idToken: 7 },
    { client: { ...CLIENT, authorizationEndpoint: '' } },
  ]) {
    it(`loses no token to ${JSON.stringify(optional)}: it counts as absent (netbird#838)`, async () => {
      const secrets = new MemorySecrets();
      const vault = new SecretVault(secrets);
      secrets.values.set('session/id', JSON.stringify({ ...TOKENS, ...optional }));
      const { refreshToken, ...others } = TOKENS;
      const expected = 'refreshToken' in optional ? others : { ...others, refreshToken };
      assert.deepEqual(await vault.readTokens('id'), expected);
    });
  }

  it('loses no registration to an empty endpoint (netbird#838)', async () => {
    const secrets = new MemorySecrets();
    secrets.values.set('registration/key', JSON.stringify({ ...CLIENT, authorizationEndpoint: '' }));
    assert.deepEqual(await new SecretVault(secrets).readRegistration('key'), CLIENT);
  });

  for (const [what, text] of Object.entries({
    'no JSON': '{',
    'another shape': '{"accessToken":1}',
    'no generation': JSON.stringify({ ...TOKENS, generation: 0 }),
    'an empty token': JSON.stringify({ ...TOKENS, accessToken: '' }),
  })) {
    it(`takes ${what} for nothing, and the next write replaces it (aws-toolkit-vscode#6140)`, async () => {
      const secrets = new MemorySecrets();
      const vault = new SecretVault(secrets);
      secrets.values.set('session/id', text);
      assert.equal(await vault.readTokens('id'), undefined);
      await vault.writeTokens('id', TOKENS);
      assert.deepEqual(await vault.readTokens('id'), TOKENS);
    });
  }
});
