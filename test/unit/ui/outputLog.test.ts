import assert from 'node:assert/strict';
import { inspect } from 'node:util';

import type { LogOutputChannel } from 'vscode';

import { systemClock } from '../../../src/common/clock.ts';
import { systemRandom } from '../../../src/common/random.ts';
import { inEnglish } from '../../../src/common/words.ts';
import { oidcEndpoint, portalEndpoint } from '../../../src/connections/connection.ts';
import type { Connection, ExchangeConnection } from '../../../src/connections/connection.ts';
import { authorizationCodeFlow } from '../../../src/flows/authorizationCode/authorizationCode.ts';
import { deviceCodeFlow } from '../../../src/flows/deviceCode/deviceCode.ts';
import { exchangeFlow, renewExchange } from '../../../src/flows/exchange.ts';
import type { Interaction } from '../../../src/flows/flow.ts';
import { refreshTokens } from '../../../src/flows/refreshToken.ts';
import type { IssuedTokens } from '../../../src/flows/tokens.ts';
import { SsoOidcClient } from '../../../src/oidc/client.ts';
import { SsoPortalClient } from '../../../src/portal/client.ts';
import { signatureV4 } from '../../../src/oidc/sigv4.ts';
import { DEFAULT_REFRESH_POLICY } from '../../../src/sessions/refresh/policy.ts';
import { vaultRegistrations } from '../../../src/sessions/vault/registrations.ts';
import { SecretVault } from '../../../src/sessions/vault/secretVault.ts';
import { SessionManager } from '../../../src/sessions/sessionManager.ts';
import type { TokenService } from '../../../src/sessions/tokenService.ts';
import { OutputLog } from '../../../src/ui/outputLog.ts';
import { Browser } from '../../identity-center/browser.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter } from '../../identity-center/server.ts';
import { startTokenIssuer } from '../../identity-center/tokenIssuer.ts';
import type { TokenIssuer } from '../../identity-center/tokenIssuer.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { scriptedUser, SCOPES } from '../flows/support.ts';
import { MemoryFile, MemoryLocks, MemorySecrets } from '../support/sessions.ts';

/** The members of the wire that nobody but the service may see, and the two that come through the browser. */
const SECRET_MEMBERS =
  /^(clientSecret|deviceCode|userCode|code|codeVerifier|state|assertion|(access|refresh|id|session)Token|secretAccessKey)$/;

/** Everything that is written where a user or a support ticket may find it, at any level. */
class Listener {
  readonly #written: unknown[] = [];
  readonly #console = { ...console };
  /** A channel of the output view: whatever it is told, it keeps. */
  readonly channel = new Proxy({} as LogOutputChannel, {
    get:
      (_target, level) =>
      (...words: unknown[]) =>
        void this.#written.push([level, ...words]),
  });

  constructor() {
    for (const level of ['trace', 'debug', 'log', 'info', 'warn', 'error'] as const) {
      console[level] = (...words: unknown[]) => void this.#written.push([level, ...words]);
    }
  }

  get text(): string {
    return inspect(this.#written, { depth: 9, maxStringLength: null, maxArrayLength: null });
  }

  [Symbol.dispose](): void {
    Object.assign(console, this.#console);
  }
}

describe('the log', function () {
  this.timeout(20_000);
  let issuer: TokenIssuer;
  let center: IdentityCenter;
  const secrets = new Set<string>();

  before(async () => {
    issuer = await startTokenIssuer();
    center = await startIdentityCenter({ trustedIssuers: [issuer] });
  });
  after(() => Promise.all([issuer.close(), center.close()]));
  beforeEach(() => {
    secrets.clear();
    keepSecrets(Object.entries(center.iam.credentials));
  });

  function keepSecrets(members: Iterable<readonly [string, unknown]>): void {
    for (const [name, value] of members) {
      if (SECRET_MEMBERS.test(name) && typeof value === 'string') {
        secrets.add(value);
      }
    }
  }

  /** Sends as it is told to, and remembers what was secret of it. */
  const attentiveFetch: typeof fetch = async (url, init) => {
    const response = await fetch(url, init);
    const answer = await response.clone().text();
    for (const body of [init?.body, answer]) {
      if (typeof body === 'string' && body.startsWith('{')) {
        keepSecrets(Object.entries(JSON.parse(body) as object));
      }
    }
    return response;
  };

  const interaction: Interaction = scriptedUser({
    showUserCode: ({ userCode }) => void center.approve(userCode),
    showBrowserSignIn: ({ url }) => void signInWithBrowser(url),
  });

  async function signInWithBrowser(url: string): Promise<void> {
    const { url: callback } = await new Browser().decide(url, 'approve');
    keepSecrets(callback.searchParams);
    await fetch(callback);
  }

  /** The parts as they are wired in the editor, and what each way to sign in makes of them. */
  function wire(log: OutputLog) {
    const clock = systemClock;
    const vault = new SecretVault(new MemorySecrets());
    const context = {
      clock,
      random: systemRandom,
      registrations: vaultRegistrations(vault, clock, log),
      localize: inEnglish,
      oidcClient: (connection: Connection) =>
        new SsoOidcClient({
          endpoint: oidcEndpoint(connection),
          region: connection.region,
          fetch: attentiveFetch,
          credentials: async () => center.iam.credentials,
          signer: signatureV4(clock),
        }),
      assertions: {
        get: async () => ({
          accessToken: 'opaque',
          idToken: await issuer.issue({ sub: 'jane', email: 'jane@example.com' }),
        }),
      },
    };
    const service: TokenService = {
      refresh: (connection, renewal, signal) =>
        'client' in renewal
          ? refreshTokens({ oidc: context.oidcClient(connection), clock }, renewal, signal)
          : renewExchange(context, renewal, signal),
      signOut: async (connection, accessToken, signal) => {
        const portal = new SsoPortalClient({ endpoint: portalEndpoint(connection), fetch: attentiveFetch });
        await portal.logout({ accessToken }, { signal });
      },
    };
    const sessions = new SessionManager({
      clock,
      random: systemRandom,
      vault,
      service,
      log,
      file: new MemoryFile(),
      locks: new MemoryLocks(new VirtualClock()),
      networkId: () => 'office',
      policy: DEFAULT_REFRESH_POLICY,
      holder: { machine: 'one', boot: '', processNamespace: '', pid: process.pid },
    });
    return { context, sessions };
  }

  const exchange = (): ExchangeConnection => ({
    name: 'acme',
    flow: 'jwtBearer',
    applicationArn: center.iam.applicationArn,
    region: center.iam.region,
    endpointUrl: center.url,
    assertionFrom: { providerId: 'microsoft', scopes: ['openid'] },
  });

  const { signal } = new AbortController();
  type SignIn = (context: ReturnType<typeof wire>['context']) => Promise<IssuedTokens>;
  const ways: Readonly<Record<string, { readonly to: () => Connection; readonly signIn: SignIn }>> = {
    'a device code': {
      to: () => center.connection,
      signIn: (context) => deviceCodeFlow(context)(center.connection, SCOPES, interaction, signal),
    },
    PKCE: {
      to: () => center.connection,
      signIn: (context) => authorizationCodeFlow(context)(center.connection, SCOPES, interaction, signal),
    },
    'an exchange': {
      to: exchange,
      signIn: (context) => exchangeFlow(context)(exchange(), SCOPES, interaction, signal),
    },
  };
  for (const [way, { to, signIn }] of Object.entries(ways)) {
    it(`never holds a secret, at any level, from sign-in to sign-out: ${way} (granted PR#941)`, async () => {
      using listener = new Listener();
      const { context, sessions } = wire(new OutputLog(listener.channel));
      await sessions.start();
      const { session } = await sessions.add({
        connection: to(),
        scopes: SCOPES,
        issued: await signIn(context),
      });
      assert.deepEqual(await sessions.refreshNow(session.id), { kind: 'fresh' });
      center.failNext(() => true, { kind: 'exception', status: 500, exception: 'InternalServerException' });
      await sessions.refreshNow(session.id);
      await sessions.signOut(session.id);
      await sessions.idle();
      sessions.dispose();
      const { text } = listener;
      for (const told of ['sign-in: signed in', 'refresh: refreshed', 'InternalServerException']) {
        assert.ok(text.includes(told), `the log does not tell "${told}":\n${text}`);
      }
      assert.ok(secrets.size >= 6, `only ${secrets.size} secrets were on the wire`);
      for (const secret of secrets) {
        assert.ok(!text.includes(secret), `the log holds ${secret}:\n${text}`);
      }
    });
  }
});
