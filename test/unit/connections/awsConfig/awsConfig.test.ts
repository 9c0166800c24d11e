import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inEnglish } from '../../../../src/common/words.ts';
import type { AwsPaths } from '../../../../src/connections/awsConfig/awsPaths.ts';
import { readAwsConfig } from '../../../../src/connections/awsConfig/awsConfig.ts';

const session = (name: string, startUrl = `https://${name}.awsapps.com/start`): string =>
  `[sso-session ${name}]\nsso_start_url = ${startUrl}\nsso_region = eu-west-1\n`;

const user = (name: string, sso: string): string => `[profile ${name}]\nsso_session = ${sso}\n`;

describe("the AWS CLI's configuration", () => {
  let folder: string;
  let paths: AwsPaths;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-config-'));
  });
  after(() => rm(folder, { recursive: true }));

  beforeEach(async () => {
    const fresh = await mkdtemp(join(folder, 'files-'));
    paths = { config: join(fresh, 'config'), credentials: join(fresh, 'credentials') };
  });

  const read = async (content: string | Uint8Array, credentials?: string | Uint8Array) => {
    await writeFile(paths.config, content);
    await (credentials !== undefined && writeFile(paths.credentials, credentials));
    return readAwsConfig(paths, {});
  };

  it('gives a connection for each sso-session, with its scopes', async () => {
    const { connections, problems } = await read(
      `${session('acme')}sso_registration_scopes = sso:account:access, codewhisperer:completions\n
       \n[profile dev]\nsso_session = acme\nsso_account_id = 123456789012\nregion = us-east-1\n\n${session('beta')}`,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(connections, [
      {
        connection: {
          name: 'acme',
          startUrl: 'https://acme.awsapps.com/start',
          region: 'eu-west-1',
          scopes: ['sso:account:access', 'codewhisperer:completions'],
        },
        origin: 'awsConfig',
        cliKeys: [
          {
            cacheKey: 'acme',
            startUrl: 'https://acme.awsapps.com/start',
            scopes: ['sso:account:access', 'codewhisperer:completions'],
          },
        ],
      },
      {
        connection: { name: 'beta', startUrl: 'https://beta.awsapps.com/start', region: 'eu-west-1' },
        origin: 'awsConfig',
        cliKeys: [
          { cacheKey: 'beta', startUrl: 'https://beta.awsapps.com/start', scopes: ['sso:account:access'] },
        ],
      },
    ]);
  });

  it('gives a connection for each legacy profile, the default one too', async () => {
    const { connections } = await read(
      `[default]\nsso_start_url=https://acme.awsapps.com/start/#/\nsso_region=eu-west-1
       \n[profile gov]\nsso_start_url = https://start.us-gov-home.awsapps.com/directory/x\nsso_region = us-gov-west-1`,
    );
    assert.deepEqual(
      connections.map(({ connection, cliKeys }) => [
        connection.name,
        connection.region,
        cliKeys[0]?.cacheKey,
      ]),
      [
        ['default', 'eu-west-1', 'https://acme.awsapps.com/start/#/'],
        ['gov', 'us-gov-west-1', 'https://start.us-gov-home.awsapps.com/directory/x'],
      ],
    );
  });

  it('gives each start URL and region once, under the name of the sso-session', async () => {
    const { connections } = await read(
      `[profile a]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1
       \n[profile b]\nsso_start_url = acme.awsapps.com/start/\nsso_region = eu-west-1
       \n${session('acme', 'https://acme.awsapps.com/start#/')}
       \n[profile c]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1`,
    );
    assert.deepEqual(
      connections.map(({ connection }) => `${connection.name} ${connection.region}`),
      ['acme eu-west-1', 'c us-east-1'],
    );
  });

  it('knows each name under which tools look for the token, as written, the one of most profiles first (granted#530)', async () => {
    const { connections, problems } = await read(
      `${session('one', 'https://acme.awsapps.com/start')}
       \n${session('two', 'https://acme.awsapps.com/start/')}sso_registration_scopes = codewhisperer:completions
       \n${user('a', 'two')}${user('b', 'two')}${user('c', 'one')}
       \n[profile old]\nsso_start_url = https://acme.awsapps.com/start#/\nsso_region = eu-west-1
       \n[profile older]\nsso_start_url = https://acme.awsapps.com/start#/\nsso_region = EU-WEST-1`,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(connections, [
      {
        connection: {
          name: 'one',
          startUrl: 'https://acme.awsapps.com/start',
          region: 'eu-west-1',
          scopes: ['codewhisperer:completions', 'sso:account:access'],
        },
        origin: 'awsConfig',
        cliKeys: [
          {
            cacheKey: 'two',
            startUrl: 'https://acme.awsapps.com/start/',
            scopes: ['codewhisperer:completions'],
          },
          { cacheKey: 'one', startUrl: 'https://acme.awsapps.com/start', scopes: ['sso:account:access'] },
          {
            cacheKey: 'https://acme.awsapps.com/start#/',
            startUrl: 'https://acme.awsapps.com/start#/',
            scopes: ['sso:account:access'],
          },
        ],
      },
    ]);
  });

  it('gives a profile that is called like an sso-session a name of its own', async () => {
    const { connections } = await read(
      `${session('acme')}[profile acme]\nsso_start_url = https://other.awsapps.com/start\nsso_region = eu-west-1\n`,
    );
    assert.deepEqual(
      connections.map(({ connection }) => connection.name),
      ['acme', 'acme (profile)'],
    );
  });

  it('may have quoted names, spaces in them, comments and Windows line ends', async () => {
    const content = `${session('"acme"', 'https://acme.awsapps.com/start')}# note\n
      \n${session('"my team"', 'https://team.awsapps.com/start')}`;
    const { connections, problems } = await read(content.replaceAll('\n', '\r\n'));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      connections.map(({ connection, cliKeys }) => [connection.name, cliKeys[0]?.cacheKey]),
      [
        ['acme', 'acme'],
        ['my team', 'my team'],
      ],
    );
  });

  it('treats a key without a value as absent (netbird#838)', async () => {
    const { connections, problems } = await read(
      `[profile a]\nsso_session =\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1
       \n[profile b]\nsso_start_url =\nsso_region = eu-west-1\nregion = eu-west-1
       \n[sso-session c]\nsso_start_url = https://c.awsapps.com/start\nsso_region = eu-west-1\nsso_registration_scopes =`,
    );
    assert.deepEqual(
      problems.map(({ entry }) => entry),
      ['[profile b]'],
    );
    assert.deepEqual(
      connections.map(({ connection }) => connection.name),
      ['c', 'a'],
    );
    assert.equal(connections[0]?.connection.scopes, undefined);
  });

  it('has nothing for us when it names no Identity Center', async () => {
    for (const content of [
      '',
      '[default]\nregion = eu-west-1\n',
      '[services x]\ns3 =\n  endpoint_url = y\n',
    ]) {
      assert.deepEqual(await read(content), { connections: [], problems: [] });
    }
  });

  it('may be absent', async () => {
    assert.deepEqual(await readAwsConfig(paths, {}), { connections: [], problems: [] });
  });

  it('that cannot be read is one problem', async () => {
    const { connections, problems } = await readAwsConfig({ ...paths, config: folder }, {});
    assert.deepEqual(connections, []);
    assert.equal(problems.length, 1);
    assert.match(inEnglish(problems[0]?.message ?? ''), /isn't a regular file/);
  });

  for (const [what, content, message] of [
    ['without a region', '[sso-session bad]\nsso_start_url = https://bad.awsapps.com/start\n', /sso_region/],
    [
      'with a region that is none',
      session('bad').replace('eu-west-1', 'Ireland'),
      /sso_region: .*region code/,
    ],
    ['without a start URL', '[sso-session bad]\nsso_region = eu-west-1\n', /sso_start_url is missing/],
    ['with a start URL that is none', session('bad', 'http://bad.example'), /sso_start_url: .*https/],
  ] as const) {
    it(`is used without an sso-session ${what}, and says why`, async () => {
      const { connections, problems } = await read(`${content}\n${session('good')}`);
      assert.deepEqual(
        connections.map(({ connection }) => connection.name),
        ['good'],
      );
      assert.equal(problems.length, 1, JSON.stringify(problems));
      assert.equal(problems[0]?.entry, '[sso-session bad]');
      assert.match(inEnglish(problems[0]?.message ?? ''), message);
      assert.ok(inEnglish(problems[0]?.message ?? '').startsWith(folder), 'the message names the file');
    });
  }

  for (const [what, content, line, message] of [
    ['a byte order mark', `\uFEFF${session('good')}`, 1, /byte order mark\. Save the file/],
    ['a section twice', `${session('good')}[a]\nx = 1\n[a]\nx = 1\n`, 6, /section \[a\] a second time/],
    ['a key twice', `${session('good')}SSO_REGION: eu-west-1\n`, 4, /key sso_region a second time/],
    ['text before the first section', `x = 1\n${session('good')}`, 1, /before the first section/],
    ['a key without a value sign', `${session('good')}\n[profile broken\n`, 5, /neither a section's header/],
    ['a broken nested section', `${session('good')}[profile a]\ns3 =\n  endpoint_url\n`, 6, /no equals sign/],
  ] as const) {
    it(`that the AWS CLI refuses for ${what} gives what can be read, and says where and what to change`, async () => {
      const { connections, problems } = await read(content);
      assert.deepEqual(
        connections.map(({ connection }) => connection.name),
        ['good'],
      );
      assert.deepEqual(
        problems.map(({ entry }) => inEnglish(entry)),
        [`Line ${line}`],
      );
      assert.match(inEnglish(problems[0]?.message ?? ''), message);
    });
  }

  for (const [what, bytes] of [
    ['UTF-16', Buffer.from(`\uFEFF${session('good')}`, 'utf16le')],
    ['Latin-1', Buffer.from(`${session('good')}# Z\u00FCrich\n`, 'latin1')],
  ] as const) {
    it(`in ${what}, which the AWS CLI refuses, gives what can be read, and says so`, async () => {
      const { connections, problems } = await read(bytes);
      assert.deepEqual(
        connections.map(({ connection }) => connection.name),
        ['good'],
      );
      assert.match(inEnglish(problems[0]?.message ?? ''), /isn't UTF-8/);
    });
  }

  it('gives a connection for a profile that is in the credentials file only (aws-sso-cli#1294)', async () => {
    const { connections, problems } = await read(
      session('acme'),
      '[old]\nsso_start_url = https://old.awsapps.com/start/\nsso_region = us-east-1\n',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      connections.map(({ connection, cliKeys }) => [
        connection.name,
        connection.region,
        cliKeys[0]?.cacheKey,
      ]),
      [
        ['acme', 'eu-west-1', 'acme'],
        ['old', 'us-east-1', 'https://old.awsapps.com/start/'],
      ],
    );
  });

  it('names the credentials file where the AWS CLI refuses that, and the section there that gives no connection', async () => {
    const { connections, problems } = await read(
      session('acme'),
      'x = 1\n[old]\nsso_start_url = https://old.awsapps.com/start\n[odd]\nsso_start_url = http://x\nsso_region = eu-west-1\n',
    );
    assert.equal(connections.length, 1);
    assert.deepEqual(
      problems.map(({ entry }) => inEnglish(entry)),
      ['Line 1', '[odd]', '[old]'],
    );
    for (const { message } of problems) {
      assert.ok(inEnglish(message).includes(paths.credentials), inEnglish(message));
    }
  });

  it('is read where the credentials file cannot be, which is one problem', async () => {
    await writeFile(paths.config, session('acme'));
    const { connections, problems } = await readAwsConfig({ ...paths, credentials: folder }, {});
    assert.equal(connections.length, 1);
    assert.equal(problems.length, 1);
    assert.match(inEnglish(problems[0]?.message ?? ''), /isn't a regular file/);
  });

  it('has what the AWS SDKs do not read: colons, upper case, [DEFAULT], text after a header, continued lines', async () => {
    const { connections, problems } = await read(
      `[DEFAULT]\nSSO_REGION: EU-West-1\n[sso-session acme]# ours\nsso_start_url: https://acme.awsapps.com/start
sso_registration_scopes = sso:account:access,\n  codewhisperer:completions\n`,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      connections.map(({ connection }) => connection),
      [
        {
          name: 'acme',
          startUrl: 'https://acme.awsapps.com/start',
          region: 'eu-west-1',
          scopes: ['sso:account:access', 'codewhisperer:completions'],
        },
      ],
    );
  });

  it('treats text after a value as a part of it, as the AWS CLI does, and says what is wrong', async () => {
    const { connections, problems } = await read(session('acme', 'https://acme.awsapps.com/start ; ours'));
    assert.deepEqual(connections, []);
    assert.match(inEnglish(problems[0]?.message ?? ''), /sso_start_url: .*can't contain spaces/);
  });

  it('names profiles that refer to no session, or contradict theirs', async () => {
    const { problems } = await read(
      `${session('acme')}[profile a]\nsso_session = beta\n[profile b]\nsso_session = acme\nsso_region = us-east-1\n`,
    );
    assert.deepEqual(
      problems.map(
        ({ entry, message }) =>
          `${inEnglish(entry)} ${/no \[sso-session beta\]|differs/.exec(inEnglish(message))?.[0]}`,
      ),
      ['[profile a] no [sso-session beta]', '[profile b] differs'],
    );
  });

  it('names each section of a portal whose fault differs from that of the one before', async () => {
    const { problems } = await read(
      `${session('a', 'https://acme.awsapps.com/start')}sso_registration_scopes = two words\n
       \n${session('b', 'https://acme.awsapps.com/start')}sso_registration_scopes = two more words\n
       \n[services odd]\nsso =\n  endpoint_url = http://portal.example
       \n[profile c]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = eu-west-1\nservices = odd\n`,
    );
    assert.deepEqual(
      problems.map(({ entry, member }) => [inEnglish(entry), member]),
      [
        ['[sso-session a]', 'sso_registration_scopes'],
        ['[profile c]', 'endpoint_url'],
      ],
    );
  });

  it('with the same fault in a thousand profiles is one problem', async () => {
    const profiles = Array.from(
      { length: 1000 },
      (_, index) => `[profile p${index}]\nsso_start_url = http://bad.example\nsso_region = eu-west-1\n`,
    );
    const { problems } = await read(profiles.join('\n'));
    assert.deepEqual(
      problems.map(({ entry }) => inEnglish(entry)),
      ['[profile p0]'],
    );
  });

  it('is read each time', async () => {
    await read(session('before'));
    const { connections } = await read(session('after'));
    assert.deepEqual(
      connections.map(({ connection }) => connection.name),
      ['after'],
    );
  });

  it('of binary rubbish is no reason to fail', async () => {
    const { connections } = await read(Uint8Array.from({ length: 4096 }, (_, index) => (index * 37) % 256));
    assert.deepEqual(connections, []);
  });

  it('is read with 5,000 profiles', async function () {
    this.timeout(20_000);
    const profiles = Array.from(
      { length: 5000 },
      (_, index) =>
        `[profile p${index}]\nsso_start_url = https://d-${index}.awsapps.com/start\nsso_region = eu-west-1\nregion = eu-west-1\noutput = json\n`,
    );
    const content = profiles.join('\n');
    const { connections } = await read(content);
    assert.equal(connections.length, 5000);
  });
});
