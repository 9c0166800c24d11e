import assert from 'node:assert/strict';

import type { Connection, InteractiveConnection } from '../../../../src/connections/connection.ts';
import { StartUrlError } from '../../../../src/connections/startUrl/resolveStartUrl.ts';
import type { Session } from '../../../../src/sessions/session.ts';
import { chooseTarget } from '../../../../src/ui/signIn/signInTarget.ts';
import type { SignInRequest, SignInTarget } from '../../../../src/ui/signIn/signInTarget.ts';

const ACME: InteractiveConnection = {
  name: 'acme',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-central-1',
};
const BETA: InteractiveConnection = { ...ACME, name: 'beta', startUrl: 'https://beta.awsapps.com/start' };
const DOMAIN = 'https://sso.acme.example';
const SESSION: Session = {
  id: '1',
  account: { id: 'acme', label: 'acme' },
  connection: ACME,
  scopes: ['sso:account:access'],
  signedInAt: 0,
  generation: 1,
  state: { kind: 'signedIn', issuedAt: 0, expiresAt: 1, refreshable: true },
};
const { account } = SESSION;

describe('the connection for a sign-in', () => {
  let configured: readonly Connection[];
  let picked: Connection;
  let sessions: readonly Session[];
  let portals: Record<string, string>;
  let resolved: string[];
  let chosenBy: (string | undefined)[];
  beforeEach(() => {
    configured = [ACME, BETA];
    picked = ACME;
    sessions = [SESSION];
    portals = { [DOMAIN]: ACME.startUrl };
    resolved = [];
    chosenBy = [];
  });

  function target(request: SignInRequest): Promise<SignInTarget> {
    const sources = {
      readConnections: async () => configured,
      choose: async ({ startUrl }: { readonly startUrl?: string }) => {
        chosenBy.push(startUrl);
        return picked;
      },
      resolve: async (startUrl: string) => {
        resolved.push(startUrl);
        const portal = portals[startUrl];
        if (portal === undefined) {
          throw new StartUrlError('unreachable', 'no network');
        }
        return portal;
      },
    };
    return chooseTarget(request, sessions, sources, new AbortController().signal);
  }

  it('is never the connection of the account where the request names another Identity Center (vscode#226783)', async () => {
    const scopes = ['sso:account:access', `VSCODE_START_URL:${BETA.startUrl}`];
    await assert.rejects(target({ scopes, account }), { code: 'otherIdentityCenter' });
    await assert.rejects(target({ scopes: ['VSCODE_REGION:us-east-1'], account }), {
      code: 'otherIdentityCenter',
    });
    assert.deepEqual(chosenBy, []);
  });

  it('is refused when the user picks something else than the request names', async () => {
    sessions = [];
    await assert.rejects(target({ scopes: [`VSCODE_START_URL:${BETA.startUrl}`] }), {
      code: 'otherIdentityCenter',
    });
  });

  it('is never asked for or saved with a region that is none', async () => {
    sessions = [];
    await assert.rejects(target({ scopes: ['VSCODE_REGION:eu-west-1.evil.example'] }), {
      code: 'unusableRequest',
    });
    assert.deepEqual(chosenBy, []);
  });

  it('is what was chosen already, with the scopes of that connection', async () => {
    const connection = { ...BETA, scopes: ['more'] };
    assert.deepEqual(await target({ connection }), { connection, scopes: ['more'], aliases: [] });
    assert.deepEqual(chosenBy, []);
  });

  it('is the connection as it is configured now, not as the session remembers it', async () => {
    const fips = { ...ACME, useFipsEndpoint: true, flow: 'authorizationCode', scopes: ['more'] } as const;
    configured = [fips];
    const again = await target({ renews: SESSION });
    assert.deepEqual(again, {
      connection: fips,
      scopes: ['more'],
      account,
      renews: '1',
      isCorrected: false,
      aliases: [],
    });
    assert.equal((await target({ account, scopes: [] })).connection, fips);
  });

  it('is the corrected connection of the same name, with the same account', async () => {
    const corrected = { ...ACME, region: 'us-east-1' };
    configured = [corrected];
    const renews = { ...SESSION, scopes: ['sso:account:access', 'VSCODE_REGION:eu-central-1'] };
    const again = await target({ renews });
    assert.equal(again.connection, corrected);
    assert.equal(again.isCorrected, true);
    assert.deepEqual(again.scopes, ['sso:account:access']);
  });

  it('keeps the scopes that an extension asked for, whatever those of the connection are now', async () => {
    const renews = { ...SESSION, scopes: ['codewhisperer:completions'] };
    configured = [{ ...ACME, scopes: ['more'] }];
    assert.deepEqual((await target({ renews })).scopes, ['codewhisperer:completions']);
  });

  describe("by a company's own domain", () => {
    const scopes = [`VSCODE_START_URL:${DOMAIN}/#/`];

    it('is the connection to the portal behind it, which is remembered under that name', async () => {
      sessions = [];
      const { connection, aliases } = await target({ scopes });
      assert.equal(connection, ACME);
      assert.deepEqual(aliases, [DOMAIN]);
      assert.deepEqual(chosenBy, [ACME.startUrl]);
    });

    it('is found without the network once a session remembers it', async () => {
      sessions = [{ ...SESSION, aliases: [DOMAIN] }];
      assert.deepEqual((await target({ scopes })).aliases, [DOMAIN]);
      assert.deepEqual((await target({ scopes, account })).aliases, [DOMAIN]);
      assert.deepEqual(resolved, []);
    });

    it('is a new connection of that name where the portal is not configured', async () => {
      sessions = [];
      configured = [BETA];
      assert.deepEqual((await target({ scopes })).aliases, [DOMAIN]);
      assert.deepEqual(chosenBy, [`${DOMAIN}/#/`]);
    });

    it('is refused where it leads elsewhere, or cannot be known to lead there', async () => {
      portals = { [DOMAIN]: BETA.startUrl };
      await assert.rejects(target({ scopes, account }), { code: 'otherIdentityCenter' });
      portals = {};
      await assert.rejects(target({ scopes, account }), { code: 'otherIdentityCenter' });
      sessions = [];
      await assert.rejects(target({ scopes }), { code: 'otherIdentityCenter' });
    });
  });

  describe("of a connection that is configured by a company's own domain (aws-cli#10457)", () => {
    const REGIONAL = 'https://ssoins-1.portal.us-west-2.app.aws';
    const VANITY: InteractiveConnection = { ...ACME, startUrl: DOMAIN };
    beforeEach(() => {
      sessions = [];
      configured = [VANITY];
      picked = VANITY;
    });

    it('is the portal behind it, found at each sign-in, and known by that name', async () => {
      const { connection, aliases } = await target({});
      assert.deepEqual(connection, { ...ACME, configuredStartUrl: DOMAIN });
      assert.deepEqual(aliases, [DOMAIN]);
      assert.deepEqual(resolved, [DOMAIN]);
    });

    it("has the region of the portal's page (aws-cli#10420)", async () => {
      portals = { [DOMAIN]: REGIONAL };
      const { connection } = await target({});
      assert.deepEqual(connection, {
        ...ACME,
        startUrl: REGIONAL,
        region: 'us-west-2',
        configuredStartUrl: DOMAIN,
      });
    });

    it('is the same connection when the user signs in again, and a corrected one where the portal has moved', async () => {
      const renews = { ...SESSION, connection: { ...ACME, configuredStartUrl: DOMAIN }, aliases: [DOMAIN] };
      const again = await target({ renews });
      assert.deepEqual([again.connection, again.isCorrected], [renews.connection, false]);
      portals = { [DOMAIN]: REGIONAL };
      const moved = await target({ renews });
      assert.equal(moved.isCorrected, true);
      assert.deepEqual(moved.aliases, [DOMAIN]);
      assert.deepEqual(
        [(moved.connection as InteractiveConnection).startUrl, moved.connection.region],
        [REGIONAL, 'us-west-2'],
      );
    });

    it('is what is asked for by the domain, and by none other', async () => {
      assert.deepEqual((await target({ scopes: [`VSCODE_START_URL:${DOMAIN}`] })).aliases, [DOMAIN]);
      await assert.rejects(target({ scopes: [`VSCODE_START_URL:${BETA.startUrl}`] }), {
        code: 'otherIdentityCenter',
      });
    });

    it('is the portal that is known while the domain cannot be reached, and else a failure that says so', async () => {
      portals = {};
      await assert.rejects(target({}), StartUrlError);
      const renews = { ...SESSION, connection: { ...ACME, configuredStartUrl: DOMAIN } };
      assert.deepEqual((await target({ renews })).connection, renews.connection);
    });

    it('is left alone where an endpoint URL replaces the hosts of AWS', async () => {
      picked = { ...VANITY, endpointUrl: 'https://identity.acme.example' };
      configured = [picked];
      assert.equal((await target({})).connection, picked);
      assert.deepEqual(resolved, []);
    });
  });
});
