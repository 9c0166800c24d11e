import assert from 'node:assert/strict';

import { keepRegistrations } from '../../../../src/sessions/vault/registrationUpkeep.ts';
import { SealedVault } from '../../../../src/sessions/vault/sealedVault.ts';
import { SecretVault } from '../../../../src/sessions/vault/secretVault.ts';
import type { Vault } from '../../../../src/sessions/vault/vault.ts';
import { CLIENT, Machine, MemorySecrets } from '../../support/sessions.ts';
import type { Window } from '../../support/sessions.ts';

const DAY_MS = 86_400_000;

const VAULTS = {
  'secret storage': (machine: Machine): { readonly vault: Vault; readonly secrets: MemorySecrets } => ({
    vault: new SecretVault(machine.secrets),
    secrets: machine.secrets,
  }),
  'the sealed folder': (machine: Machine): { readonly vault: Vault; readonly secrets: MemorySecrets } => {
    const files = new Map<string, string>();
    const secrets = new MemorySecrets();
    const vault = new SealedVault({
      locks: machine.locks,
      clock: machine.clock,
      random: machine.random,
      secrets,
      files: {
        read: async (name) => files.get(name),
        write: async (name, text) => void files.set(name, text),
        remove: async (name) => void files.delete(name),
        names: async () => [...files.keys()],
      },
    });
    return { vault, secrets };
  },
};

for (const [name, makeVault] of Object.entries(VAULTS)) {
  describe(`the client registrations in ${name}`, () => {
    let machine: Machine;
    let window: Window;
    let vault: Vault;
    let secrets: MemorySecrets;
    let isSigningIn: boolean;

    beforeEach(async () => {
      machine = new Machine();
      ({ vault, secrets } = makeVault(machine));
      isSigningIn = false;
      const now = machine.clock.now();
      await vault.writeRegistration('live', { ...CLIENT, expiresAt: now + DAY_MS });
      await vault.writeRegistration('expired', { ...CLIENT, expiresAt: now - 1 });
      await vault.writeTokens('other', {
        accessToken: 'a',
        issuedAt: 1,
        expiresAt: 2,
        signedInAt: 1,
        generation: 1,
      });
      window = await machine.open();
    });
    afterEach(() => window.sessions.dispose());

    function upkeep(): void {
      const { clock, log } = machine;
      keepRegistrations({ vault, sessions: window.sessions, isSigningIn: () => isSigningIn, clock, log });
    }

    it('are deleted after the next start once they have expired, and no other secret is', async () => {
      await window.sessions.add(machine.grant());
      upkeep();
      await machine.clock.advance(2 * 60_000);
      assert.deepEqual(await vault.registrationKeys(), ['live']);
      assert.ok((await vault.readTokens('other')) !== undefined);
    });

    it('are deleted behind however many that have not expired', async () => {
      await vault.deleteRegistration('expired');
      const now = machine.clock.now();
      for (let count = 0; count < 60; count += 1) {
        await vault.writeRegistration(`live ${count}`, { ...CLIENT, expiresAt: now + DAY_MS });
      }
      await vault.writeRegistration('expired', { ...CLIENT, expiresAt: now - 1 });
      await window.sessions.add(machine.grant());
      upkeep();
      await machine.clock.advance(2 * 60_000);
      const keys = await vault.registrationKeys();
      assert.deepEqual([keys.length, keys.includes('expired')], [61, false]);
    });

    it('are not even read while nobody is signed in', async () => {
      upkeep();
      secrets.reading = 'fails';
      await machine.clock.advance(2 * 60_000);
      secrets.reading = 'none';
      assert.deepEqual(machine.log.events, []);
      assert.deepEqual(await vault.registrationKeys(), ['live', 'expired']);
    });

    it('are all deleted when the last session is signed out: no secret remains', async () => {
      const first = await window.sessions.add(machine.grant());
      const second = await window.sessions.add(machine.grant({ scopes: ['codewhisperer:completions'] }));
      upkeep();
      await window.sessions.signOut(first.session.id);
      await machine.clock.advance(0);
      assert.deepEqual(await vault.registrationKeys(), ['live', 'expired']);
      await window.sessions.signOut(second.session.id);
      await machine.clock.advance(0);
      assert.deepEqual(await vault.registrationKeys(), []);
      assert.ok((await vault.readTokens('other')) !== undefined);
    });

    it('stay while a sign-in is in progress, whose client is among them', async () => {
      const { session } = await window.sessions.add(machine.grant());
      upkeep();
      isSigningIn = true;
      await window.sessions.signOut(session.id);
      await machine.clock.advance(0);
      assert.deepEqual(await vault.registrationKeys(), ['live', 'expired']);
    });

    it('that cannot be deleted cost a line in the log, and are tried again at the next start', async () => {
      await window.sessions.add(machine.grant());
      upkeep();
      secrets.reading = 'fails';
      secrets.writing = 'fails';
      await machine.clock.advance(2 * 60_000);
      assert.deepEqual(
        machine.log.events
          .filter(({ operation }) => operation === 'delete registrations')
          .map(({ code }) => code),
        ['EIO'],
      );
      secrets.reading = 'none';
      secrets.writing = 'none';
      upkeep();
      await machine.clock.advance(2 * 60_000);
      assert.deepEqual(await vault.registrationKeys(), ['live']);
    });
  });
}
