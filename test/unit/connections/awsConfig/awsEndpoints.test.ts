import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inEnglish } from '../../../../src/common/words.ts';
import { readAwsConfig } from '../../../../src/connections/awsConfig/awsConfig.ts';
import type { AwsConfig } from '../../../../src/connections/awsConfig/awsConfig.ts';
import { oidcEndpoint, portalEndpoint } from '../../../../src/connections/connection.ts';

const SERVICES = `[services mine]
sso_oidc =
  endpoint_url = https://oidc.example
sso =
  endpoint_url = https://portal.example
[services oidc-only]
sso_oidc =
  endpoint_url = https://oidc.example
`;
const LEGACY = `[profile dev]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
`;
const SESSION = LEGACY.replace('profile dev', 'sso-session acme');
const AWS = ['https://oidc.eu-west-1.amazonaws.com', 'https://portal.sso.eu-west-1.amazonaws.com'];

function endpointsOf({ connections, problems }: AwsConfig): readonly (readonly string[])[] {
  assert.deepEqual(problems, []);
  return connections.map(({ connection }) => [
    oidcEndpoint(connection).origin,
    portalEndpoint(connection).origin,
  ]);
}

describe("the endpoints of a connection from the AWS CLI's files", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-endpoints-'));
  });
  after(() => rm(folder, { recursive: true }));

  const read = async (
    config: string,
    environment: Readonly<Record<string, string>> = {},
    credentials = '',
  ): Promise<AwsConfig> => {
    const paths = { config: join(folder, 'config'), credentials: join(folder, 'credentials') };
    await writeFile(paths.config, config);
    await writeFile(paths.credentials, credentials);
    return readAwsConfig(paths, environment);
  };

  // Each as botocore 1.43.11 has them for the clients sso-oidc and sso (`client.meta.endpoint_url`).
  const all = ['https://all.example', 'https://all.example'];
  const both = ['https://oidc.example', 'https://portal.example'];
  const fips = ['https://oidc-fips.eu-west-1.api.aws', 'https://portal.sso-fips.eu-west-1.api.aws'];
  const dualStack = ['https://oidc.eu-west-1.api.aws', 'https://portal.sso.eu-west-1.api.aws'];
  for (const [what, keys, environment, expected] of [
    ["AWS's own", '', {}, AWS],
    ['endpoint_url', 'endpoint_url = https://all.example', {}, all],
    [
      'those of the services section before endpoint_url',
      'services = mine\nendpoint_url = https://all.example',
      {},
      both,
    ],
    ["AWS's own for the other service", 'services = oidc-only', {}, ['https://oidc.example', AWS[1]]],
    ['AWS_ENDPOINT_URL before the file', 'services = mine', { AWS_ENDPOINT_URL: 'https://all.example' }, all],
    [
      'AWS_ENDPOINT_URL before a services section that is missing',
      'services = absent',
      { AWS_ENDPOINT_URL: 'https://all.example' },
      all,
    ],
    [
      'AWS_ENDPOINT_URL_SSO_OIDC for one service',
      '',
      { AWS_ENDPOINT_URL_SSO_OIDC: 'https://oidc.example' },
      ['https://oidc.example', AWS[1]],
    ],
    [
      'AWS_ENDPOINT_URL_SSO for the other one',
      'endpoint_url = https://all.example',
      { AWS_ENDPOINT_URL_SSO: 'https://portal.example' },
      ['https://all.example', 'https://portal.example'],
    ],
    [
      'the portal alone elsewhere',
      '',
      { AWS_ENDPOINT_URL_SSO: 'https://portal.example' },
      [AWS[0], 'https://portal.example'],
    ],
    [
      'variables that are empty',
      'endpoint_url = https://all.example',
      { AWS_ENDPOINT_URL: '', AWS_ENDPOINT_URL_SSO_OIDC: '' },
      all,
    ],
    [
      "AWS's own where the file says to ignore all others",
      'services = mine\nignore_configured_endpoint_urls = True',
      {},
      AWS,
    ],
    [
      "AWS's own where the environment says to ignore all others, its own too",
      'services = mine',
      { AWS_ENDPOINT_URL: 'https://all.example', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'TRUE' },
      AWS,
    ],
    [
      'those that the environment says not to ignore',
      'services = mine\nignore_configured_endpoint_urls = true',
      { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' },
      both,
    ],
    ['FIPS and dual-stack', 'use_fips_endpoint = TRUE\nuse_dualstack_endpoint = true', {}, fips],
    [
      'FIPS and dual-stack from the environment (granted#965)',
      '',
      { AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'True' },
      fips,
    ],
    [
      'no FIPS where the environment says so',
      'use_fips_endpoint = true\nuse_dualstack_endpoint = true',
      { AWS_USE_FIPS_ENDPOINT: 'false' },
      dualStack,
    ],
    ['no FIPS for another word than true', 'use_fips_endpoint = yes', {}, AWS],
  ] as const) {
    it(`are ${what}`, async () => {
      assert.deepEqual(endpointsOf(await read(`${LEGACY}${keys}\n${SERVICES}`, environment)), [expected]);
      const session = `${SESSION}[profile dev]\nsso_session = acme\n${keys}\n${SERVICES}`;
      assert.deepEqual(endpointsOf(await read(session, environment)), [expected], 'of an sso-session');
    });
  }

  it('are those of the chosen profile where no profile is one of the sso-session', async () => {
    const config = `${SESSION}[default]\nuse_fips_endpoint = true\n[profile dual]\nuse_dualstack_endpoint = true\n`;
    assert.deepEqual(endpointsOf(await read(config)), [
      ['https://oidc-fips.eu-west-1.amazonaws.com', 'https://portal.sso-fips.eu-west-1.amazonaws.com'],
    ]);
    assert.deepEqual(endpointsOf(await read(config, { AWS_PROFILE: 'dual' })), [dualStack]);
    assert.deepEqual(endpointsOf(await read(config, { AWS_DEFAULT_PROFILE: 'dual' })), [dualStack]);
    const both = { AWS_DEFAULT_PROFILE: 'default', AWS_PROFILE: 'dual' };
    assert.deepEqual(endpointsOf(await read(config, both)), [dualStack], 'as the AWS CLI 2 has it');
  });

  it('may be in the credentials file', async () => {
    const credentials = '[dev]\nuse_dualstack_endpoint = true\n';
    assert.deepEqual(endpointsOf(await read(LEGACY, {}, credentials)), [dualStack]);
  });

  it("are those of the sso-session's first profile where others have different ones, which is reported", async () => {
    const { connections, problems } = await read(
      `${SESSION}[profile a]\nsso_session = acme\nuse_dualstack_endpoint = true\n[profile b]\nsso_session = acme\n`,
    );
    assert.equal(connections[0]?.connection.useDualstackEndpoint, true);
    assert.deepEqual(
      problems.map(({ entry, message }) => [
        entry,
        /\[profile a\] and \[profile b\]/.exec(inEnglish(message))?.[0],
      ]),
      [['[sso-session acme]', '[profile a] and [profile b]']],
    );
  });

  for (const [what, other] of [
    ['FIPS', 'use_fips_endpoint = true'],
    ['dual-stack', 'use_dualstack_endpoint = true'],
    ["the portal's own endpoint", 'services = portal-only'],
  ] as const) {
    it(`are those of the first section of a portal where others ask for ${what}, which is reported once`, async () => {
      const { connections, problems } = await read(
        `${SESSION}${LEGACY}${other}\n${LEGACY.replace('dev', 'more')}${other}\n[services portal-only]\nsso =\n  endpoint_url = https://portal.example\n`,
      );
      assert.deepEqual(
        connections.map(({ connection }) => [
          oidcEndpoint(connection).origin,
          portalEndpoint(connection).origin,
        ]),
        [AWS],
      );
      assert.deepEqual(
        problems.map(({ entry, message }) => [
          entry,
          /\[sso-session acme\] sets different endpoints/.test(inEnglish(message)),
        ]),
        [['[profile dev]', true]],
      );
    });
  }

  it('tell two connections apart', async () => {
    const { connections } = await read(
      `${LEGACY}[profile b]\nendpoint_url = https://all.example\n${LEGACY.replace(/.*\n/, '')}`,
    );
    assert.deepEqual(
      connections.map(({ connection }) => [connection.name, connection.endpointUrl]),
      [
        ['dev', undefined],
        ['b', 'https://all.example'],
      ],
    );
  });

  for (const [what, keys, environment, message] of [
    [
      'is http to another machine',
      'endpoint_url = http://sso.example',
      {},
      /dev\], endpoint_url: .*doesn't use https/,
    ],
    [
      'is http in the environment, to another machine',
      '',
      { AWS_ENDPOINT_URL_SSO: 'http://sso.example' },
      /dev\], AWS_ENDPOINT_URL_SSO: .*doesn't use https/,
    ],
    [
      'is that of a container in the environment',
      '',
      { AWS_ENDPOINT_URL: 'http://localstack:4566' },
      /dev\], AWS_ENDPOINT_URL: .*doesn't use https/,
    ],
    [
      'has a password',
      'endpoint_url = https://a:b@sso.example',
      {},
      /endpoint_url: .*only a host and a path/,
    ],
    [
      'comes with FIPS',
      'endpoint_url = https://sso.example\nuse_fips_endpoint = true',
      {},
      /endpoint_url: .*can't be combined with the FIPS option/,
    ],
    ['is in a services section that is missing', 'services = absent', {}, /no \[services absent\]/],
  ] as const) {
    it(`give no connection where one ${what}, and it is reported`, async () => {
      const { connections, problems } = await read(`${LEGACY}${keys}\n`, environment);
      assert.deepEqual(connections, []);
      assert.equal(problems.length, 1);
      assert.match(inEnglish(problems[0]?.message ?? ''), message);
    });
  }

  it('may be http on this machine, and so may the start URL then', async () => {
    const config = LEGACY.replace('https://acme.awsapps.com', 'http://127.0.0.1:8080');
    const { connections, problems } = await read(config, { AWS_ENDPOINT_URL: 'http://127.0.0.1:8080' });
    assert.deepEqual(problems, []);
    assert.deepEqual(connections[0]?.connection, {
      name: 'dev',
      startUrl: 'http://127.0.0.1:8080/start',
      region: 'eu-west-1',
      endpointUrl: 'http://127.0.0.1:8080',
    });
  });
});
