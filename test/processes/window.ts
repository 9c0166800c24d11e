/** A window as a process of its own, with everything real but the editor: `window.ts <folder>`. */
import { join } from 'node:path';

import { systemClock } from '../../src/common/clock.ts';
import { systemRandom } from '../../src/common/random.ts';
import { oidcEndpoint, portalEndpoint } from '../../src/connections/connection.ts';
import { refreshTokens } from '../../src/flows/refreshToken.ts';
import { SsoOidcClient } from '../../src/oidc/client.ts';
import { SsoPortalClient } from '../../src/portal/client.ts';
import { DiskIndexFile } from '../../src/sessions/store/indexFile.ts';
import { DEFAULT_REFRESH_POLICY } from '../../src/sessions/refresh/policy.ts';
import { SecretVault } from '../../src/sessions/vault/secretVault.ts';
import { SessionManager } from '../../src/sessions/sessionManager.ts';
import type { TokenService } from '../../src/sessions/tokenService.ts';
import { openHostLocks } from '../unit/support/hostLocks.ts';
import type { FromWindow, ToWindow } from './messages.ts';
import { secretFolder } from './secretFolder.ts';

const ASK_MS = 250;

const service: TokenService = {
  refresh(connection, renewal, signal) {
    if (!('client' in renewal)) {
      throw new Error('Nobody here signs in by exchange.');
    }
    const oidc = new SsoOidcClient({ endpoint: oidcEndpoint(connection) });
    return refreshTokens({ oidc, clock: systemClock }, renewal, signal);
  },
  async signOut(connection, accessToken, signal) {
    await new SsoPortalClient({ endpoint: portalEndpoint(connection) }).logout({ accessToken }, { signal });
  },
};

function say(message: FromWindow): void {
  process.send?.(message);
}

const folder = process.argv[2] ?? '';
const { pid } = process;
const parts = { clock: systemClock, random: systemRandom, pid };
const holder = { machine: 'one', boot: '', processNamespace: '', pid };
const file = new DiskIndexFile(join(folder, 'sessions.json'), systemClock, systemRandom);
const sessions = new SessionManager({
  ...parts,
  holder,
  file,
  vault: new SecretVault(secretFolder(join(folder, 'secrets'))),
  locks: await openHostLocks(join(folder, 'locks')),
  service,
  networkId: () => 'lan',
  policy: DEFAULT_REFRESH_POLICY,
  log: { info: () => undefined, warn: () => undefined },
});
sessions.onDidChange(({ removed }) => {
  if (removed.length > 0) {
    say({ kind: 'removed', ids: removed.map(({ id }) => id) });
  }
});
sessions.onDidEnd(({ state }) => {
  if (state.kind === 'needsSignIn') {
    say({ kind: 'ended', reason: state.reason });
  }
});
process.on('message', (message: ToWindow) => {
  void (async () => {
    if (message.kind === 'signIn') {
      await sessions.add(message.granted);
      say({ kind: 'signedIn' });
    } else {
      await sessions.close();
      process.exit(0);
    }
  })();
});
await file.watch();
await sessions.start();
say({ kind: 'open' });
setInterval(() => {
  void sessions
    .getSessions({})
    .then(([live]) =>
      say({ kind: 'token', accessToken: live?.tokens.accessToken, expiresAt: live?.tokens.expiresAt ?? 0 }),
    );
}, ASK_MS);
