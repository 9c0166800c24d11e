import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../../src/common/clock.ts';
import { fill, inEnglish } from '../../../src/common/words.ts';
import type { Connection } from '../../../src/connections/connection.ts';
import { BoundedQueue } from '../../../src/common/boundedQueue.ts';
import { authoritiesReader } from '../../../src/network/authorities.ts';
import { readNetworkSettings } from '../../../src/network/networkSettings.ts';
import type { HostLocks } from '../../../src/common/locks/hostLocks.ts';
import type { Session } from '../../../src/sessions/session.ts';
import type { ConfiguredConnections } from '../../../src/connections/connectionList.ts';
import { diagnose } from '../../../src/diagnostics/diagnose.ts';
import { formatReport } from '../../../src/diagnostics/report.ts';
import type { Report } from '../../../src/diagnostics/report.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter } from '../../identity-center/server.ts';
import { flowContext } from '../flows/support.ts';
import { openHostLocks } from '../support/hostLocks.ts';
import { MemorySecrets, SeededRandom } from '../support/sessions.ts';

const inEnglishReport = (report: Report): string => formatReport(report, '/home/me', fill);
const find = (report: Report, title: string) => {
  const findings = report.sections.flatMap((section) => section.findings);
  const finding = findings.find((each) => inEnglish(each.title) === title);
  assert(finding, `there is no step ${title} in\n${inEnglishReport(report)}`);
  const { outcome, summary, advice = '' } = finding;
  return { outcome, summary: inEnglish(summary), advice: inEnglish(advice) };
};
const outcomes = ({ sections }: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(
    sections.flatMap(({ findings }) =>
      findings.map(({ title, outcome }) => [inEnglish(title), outcome] as const),
    ),
  );

const connected = (...connections: readonly Connection[]): ConfiguredConnections => ({
  connections: connections.map((connection) => ({ connection, origin: 'settings' })),
  problems: [],
});

const waysIn = ({ sections }: Report): readonly string[] =>
  sections.map(({ title }) => inEnglish(title)).filter((title) => title.startsWith('Connection to'));

describe('the diagnostics', function () {
  this.timeout(20_000);
  let identityCenter: IdentityCenter;
  let secrets: MemorySecrets;
  let folder: string;
  let locks: HostLocks;
  let sessions: readonly Session[];
  let configured: ConfiguredConnections;
  let httpProxy: string;
  let mayWriteSecret: boolean;
  let environment: Record<string, string>;
  let ask: typeof fetch;

  before(async () => {
    identityCenter = await startIdentityCenter();
  });
  after(() => identityCenter.close());
  beforeEach(async () => {
    secrets = new MemorySecrets();
    folder = await mkdtemp(join(tmpdir(), 'diagnostics-'));
    locks = await openHostLocks(join(folder, 'locks'));
    sessions = [];
    configured = connected(identityCenter.connection);
    httpProxy = '';
    mayWriteSecret = true;
    environment = {};
    ask = fetch;
  });
  afterEach(async () => {
    locks.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const run = (): Promise<Report> =>
    diagnose(
      {
        clock: systemClock,
        random: new SeededRandom(1),
        fetch: ask,
        readNetworkSettings: () =>
          readNetworkSettings({ get: (key) => (key === 'proxy' ? httpProxy : undefined) }, {}),
        readAuthorities: authoritiesReader({ environment, disk: new BoundedQueue(systemClock, 3000) }),
        flowContext: flowContext(),
        secrets,
        mayWriteSecret,
        locks,
        storage: '/storage',
        connections: { read: async () => configured },
        readSessions: () => sessions,
        facts: {},
      },
      new AbortController().signal,
    );

  it('find nothing wrong where nothing is', async () => {
    assert.deepEqual(outcomes(await run()), {
      Connections: 'ok',
      'Secret storage': 'ok',
      Locks: 'ok',
      Sessions: 'skipped',
      'Name resolution': 'skipped',
      TCP: 'ok',
      Proxy: 'skipped',
      TLS: 'skipped',
      HTTP: 'ok',
      'Start URL, region, and registration': 'ok',
    });
    assert.deepEqual([...secrets.values.keys()], [], 'and leave nothing behind');
  });

  it('name a host that cannot be reached, and still look at the rest', async () => {
    // Port 9, "discard", which nothing listens on.
    const endpointUrl = 'http://127.0.0.1:9';
    configured = connected({ ...identityCenter.connection, endpointUrl });
    const report = await run();
    assert.equal(find(report, 'TCP').outcome, 'failed');
    assert.match(find(report, 'TCP').summary, /127\.0\.0\.1 on port 9/);
    assert.equal(find(report, 'HTTP').outcome, 'failed');
    assert.equal(find(report, 'Secret storage').outcome, 'ok');
  });

  it('name a proxy that cannot be reached, and who says so, without its password', async () => {
    httpProxy = 'http://jane:SECRET-password@127.0.0.1:9';
    configured = connected({ name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'eu-west-1' });
    const report = await run();
    const proxy = find(report, 'Proxy');
    assert.equal(proxy.outcome, 'failed');
    assert.match(proxy.summary, /http\.proxy sets the proxy http:\/\/127\.0\.0\.1:9, with credentials/);
    assert.doesNotMatch(inEnglishReport(report), /SECRET|jane/);
  });

  it("say that there is no such Identity Center, with the service's request id", async () => {
    const startUrl = 'https://other.awsapps.com/start';
    configured = connected({ ...identityCenter.connection, startUrl });
    const { outcome, summary } = find(await run(), 'Start URL, region, and registration');
    assert.equal(outcome, 'failed');
    assert.match(
      summary,
      /no IAM Identity Center with the start URL https:\/\/other\.awsapps\.com\/start in us-east-1/,
    );
    assert.match(summary, /Request ID: \S+\./);
  });

  it("say where a company's own domain leads that leads to no portal (aws-cli#10457)", async () => {
    ask = async (url, ...rest) =>
      url instanceof URL && url.host === 'sso.acme.example'
        ? Response.redirect('https://intranet.acme.example/', 302)
        : fetch(url, ...rest);
    configured = connected({ name: 'acme', startUrl: 'https://sso.acme.example', region: 'eu-west-1' });
    const { outcome, summary } = find(await run(), 'Start URL, region, and registration');
    assert.equal(outcome, 'failed');
    assert.match(summary, /sso\.acme\.example .*redirects to https:\/\/intranet\.acme\.example/);
  });

  it('look once at a portal and the domain that leads to it', async () => {
    const now = Date.now();
    const state = { kind: 'signedIn', issuedAt: now, expiresAt: now + 600_000, refreshable: true } as const;
    const account = { id: 'acme', label: 'acme' };
    const configuredStartUrl = 'https://sso.acme.example';
    const connection = { ...identityCenter.connection, configuredStartUrl };
    sessions = [{ id: '1', account, connection, scopes: [], signedInAt: 1, generation: 1, state }];
    configured = connected({ ...identityCenter.connection, startUrl: configuredStartUrl });
    assert.deepEqual(waysIn(await run()), [`Connection to ${connection.name}`]);
  });

  it('name what is wrong with the settings and the files', async () => {
    configured = { connections: [], problems: [{ entry: '#2', message: 'Connection #2, region: Missing.' }] };
    const report = await run();
    assert.equal(find(report, '#2').summary, 'Connection #2, region: Missing.');
    assert.equal(find(report, 'Connections').outcome, 'skipped');
  });

  it('name the files of certificates that are none, instead of waiting for them', async () => {
    environment = { NODE_EXTRA_CA_CERTS: import.meta.dirname };
    const text = formatReport(await run(), '/home/nobody', fill);
    assert.match(text, /Certificate files.*The files named by NODE\\?_EXTRA\\?_CA\\?_CERTS don't respond/);
  });

  it('say that secrets cannot be stored', async () => {
    secrets.writing = 'fails';
    const { outcome, summary, advice } = find(await run(), 'Secret storage');
    assert.deepEqual([outcome, summary], ['failed', 'Secret storage returned an error: injected']);
    assert.match(advice, /keychain/);
  });

  it('end a step that hangs, so that the others are told', async () => {
    secrets.writing = 'hangs';
    const report = await run();
    assert.match(find(report, 'Secret storage').summary, /No response within 5 seconds/);
    assert.equal(find(report, 'HTTP').outcome, 'ok');
  });

  it('write no secret where that could overwrite those of other tabs', async () => {
    mayWriteSecret = false;
    assert.equal(find(await run(), 'Secret storage').outcome, 'ok');
    assert.equal(secrets.writes, 0);
  });

  it('say that locks cannot be taken', async () => {
    await writeFile(join(folder, 'file'), '');
    locks = await openHostLocks(join(folder, 'file', 'locks'));
    const { outcome, advice } = find(await run(), 'Locks');
    assert.equal(outcome, 'failed');
    assert.match(advice, /\/storage/);
  });

  it('tell how each session is doing', async () => {
    const common = { connection: identityCenter.connection, scopes: [], signedInAt: 1, generation: 1 };
    const account = { id: 'acme', label: 'acme' };
    const now = Date.now();
    const retry = { failures: 3, since: now, backgroundAt: now, personAt: now };
    const lastRefresh = { at: now, result: 'NetworkDns' };
    sessions = [
      {
        ...common,
        id: '1',
        account,
        state: {
          kind: 'signedIn',
          issuedAt: now,
          expiresAt: now + 600_000,
          refreshable: true,
          retry,
          lastRefresh,
        },
      },
      {
        ...common,
        id: '2',
        account: { id: 'beta', label: 'beta' },
        state: { kind: 'needsSignIn', reason: 'rejected', since: now, requestId: 'request-9' },
      },
    ];
    const report = await run();
    const place = `(${identityCenter.connection.name}, us-east-1, Default scope)`;
    assert.match(
      find(report, `acme ${place}`).summary,
      /valid for 10 minutes · Can be renewed · Failed 3 times in a row · NetworkDns\. Refresh failed \(.*\): Can't resolve the host name\.$/,
    );
    assert.match(
      find(report, `beta ${place}`).summary,
      /^AWS no longer renews this session\. .*\(rejected\)\. Request ID: request-9\.$/,
    );
  });

  it('never treat a session whose tokens the secret storage has lost as valid', async () => {
    const state = {
      kind: 'signedIn',
      issuedAt: 0,
      expiresAt: Date.now() + 600_000,
      refreshable: true,
      tokensMissing: true,
    } as const;
    const { connection } = identityCenter;
    const account = { id: 'acme', label: 'acme' };
    sessions = [{ id: '1', account, connection, scopes: [], signedInAt: 1, generation: 1, state }];
    const finding = find(await run(), `acme (${connection.name}, us-east-1, Default scope)`);
    assert.equal(finding.outcome, 'failed');
    assert.match(finding.summary, /no longer in VS Code's secret storage/);
  });

  it('treat a token that is valid for a few more seconds as valid', async () => {
    const now = Date.now();
    const state = { kind: 'signedIn', issuedAt: now, expiresAt: now + 20_000, refreshable: true } as const;
    const common = { connection: identityCenter.connection, scopes: [], signedInAt: 1, generation: 1, state };
    sessions = [{ ...common, id: '1', account: { id: 'acme', label: 'acme' } }];
    const { outcome, summary } = find(
      await run(),
      `acme (${identityCenter.connection.name}, us-east-1, Default scope)`,
    );
    assert.deepEqual([outcome, summary], ['ok', 'Token valid for less than a minute · Can be renewed.']);
  });

  it('look at the connection as it is configured now, and at both where the user has led it elsewhere', async () => {
    const now = Date.now();
    const state = { kind: 'signedIn', issuedAt: now, expiresAt: now + 600_000, refreshable: true } as const;
    const account = { id: 'acme', label: 'acme' };
    const { connection } = identityCenter;
    sessions = [{ id: '1', account, connection, scopes: [], signedInAt: 1, generation: 1, state }];
    configured = connected({ ...connection, name: 'renamed' });
    assert.deepEqual(waysIn(await run()), ['Connection to renamed']);
    configured = connected({ ...connection, endpointUrl: 'http://127.0.0.1:9' });
    assert.deepEqual(waysIn(await run()), [
      `Connection to ${connection.name}`,
      `Connection to ${connection.name}`,
    ]);
  });

  it('look at each Identity Center once, and at no more than five', async () => {
    const many = Array.from({ length: 5000 }, (_, n) => ({
      ...identityCenter.connection,
      name: `acme-${n}`,
      startUrl: `https://acme-${n}.awsapps.com/start`,
    }));
    configured = connected(
      identityCenter.connection,
      { ...identityCenter.connection, name: 'again' },
      ...many,
    );
    const names = [identityCenter.connection.name, 'acme-0', 'acme-1', 'acme-2', 'acme-3'];
    assert.deepEqual(
      waysIn(await run()),
      names.map((name) => `Connection to ${name}`),
    );
  });
});
