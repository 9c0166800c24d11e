import assert from 'node:assert/strict';
import { parseConfigText } from '../../../../src/connections/awsConfig/grammar.ts';
import { configSections, credentialsSections } from '../../../../src/connections/awsConfig/sections.ts';
import { ssoSections } from '../../../../src/connections/awsConfig/ssoSections.ts';
import type { SsoSections } from '../../../../src/connections/awsConfig/ssoSections.ts';

const CONFIG = '~/.aws/config';
const CREDENTIALS = '~/.aws/credentials';

const read = (config: string, credentials = ''): SsoSections =>
  ssoSections({
    ...configSections(parseConfigText(config), CONFIG),
    credentials: credentialsSections(parseConfigText(credentials), CREDENTIALS),
    environment: {},
  });

const SESSION = `[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
`;
const section = (header: string, id: string): string =>
  `[${header}]\nsso_start_url = https://${id}.awsapps.com/start\nsso_region = eu-west-1\n`;
const acme = {
  path: CONFIG,
  kind: 'sso-session',
  name: 'acme',
  entry: '[sso-session acme]',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-west-1',
  endpoints: { names: { endpointUrl: 'endpoint_url', portalUrl: 'endpoint_url' } },
  users: 0,
};

describe('the Identity Centers in AWS files', () => {
  it('are the sso-session sections, and the profiles with a start URL of their own', () => {
    const { sections, faults } = read(
      `[profile old]\nSSO_START_URL : https://old.awsapps.com/start\nsso_region=us-east-1\n${SESSION}
[profile dev]\nsso_session = acme\nsso_account_id = 111122223333\n[profile plain]\nregion = eu-west-1\n`,
    );
    assert.deepEqual(sections, [
      { ...acme, users: 1 },
      {
        path: CONFIG,
        kind: 'profile',
        name: 'old',
        entry: '[profile old]',
        startUrl: 'https://old.awsapps.com/start',
        region: 'us-east-1',
        endpoints: acme.endpoints,
        users: 0,
      },
    ]);
    assert.deepEqual(faults, []);
  });

  it('may take what they need from [DEFAULT]', () => {
    const { sections } = read(
      '[DEFAULT]\nsso_region = eu-west-1\n[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\n',
    );
    assert.deepEqual(sections, [acme]);
  });

  it('have the scopes of all lines', () => {
    const { sections } = read(
      `${SESSION}sso_registration_scopes = sso:account:access,\n  codewhisperer:completions\n`,
    );
    assert.deepEqual(sections, [{ ...acme, scopes: 'sso:account:access,\ncodewhisperer:completions' }]);
  });

  it('may have names that a shell would quote', () => {
    const { sections } = read(SESSION.replace('acme]', "'My Corp']"));
    assert.deepEqual(
      sections.map(({ name, entry }) => [name, entry]),
      [['My Corp', "[sso-session 'My Corp']"]],
    );
  });

  it('may be in the credentials file, whose keys count first', () => {
    const { sections } = read(
      '[profile dev]\nsso_start_url = https://a.awsapps.com/start\nsso_region = eu-west-1\n',
      '[dev]\nsso_start_url = https://b.awsapps.com/start\n[other]\nsso_start_url = https://c.awsapps.com/start\nsso_region = us-east-1\n',
    );
    assert.deepEqual(
      sections.map(({ path, entry, startUrl }) => [path, entry, startUrl]),
      [
        [CREDENTIALS, '[dev]', 'https://b.awsapps.com/start'],
        [CREDENTIALS, '[other]', 'https://c.awsapps.com/start'],
      ],
    );
  });

  it('may be in both files: keys for access are in the credentials file, those of the sign-in beside them', () => {
    const { sections, faults } = read(
      section('profile dev', 'a'),
      '[dev]\naws_access_key_id = id\naws_secret_access_key = key\n',
    );
    assert.deepEqual(
      sections.map(({ path, entry }) => [path, entry]),
      [[CONFIG, '[profile dev]']],
    );
    assert.deepEqual(faults, []);
  });

  it('may refer to a session from the credentials file', () => {
    const { sections, faults } = read(SESSION, '[dev]\nsso_session = acme\n[odd]\nsso_session = beta\n');
    assert.deepEqual(sections, [{ ...acme, users: 1 }]);
    assert.deepEqual(faults, [
      { path: CREDENTIALS, entry: '[odd]', kind: 'unknownSession', session: 'beta' },
    ]);
  });

  it('are one for [default] and [profile default]: the one that the AWS CLI uses, which is the last', () => {
    const { sections } = read(section('profile default', 'a') + section('default', 'b'));
    assert.deepEqual(
      sections.map(({ name, startUrl }) => [name, startUrl]),
      [['default', 'https://b.awsapps.com/start']],
    );
  });
});

describe('a section that looks like an Identity Center', () => {
  it('is named where it has no start URL', () => {
    const { faults } = read(
      '[sso-session acme]\nsso_region = eu-west-1\n[profile dev]\nsso_account_id = 111122223333\n',
    );
    assert.deepEqual(faults, [
      { path: CONFIG, entry: '[sso-session acme]', kind: 'noStartUrl' },
      { path: CONFIG, entry: '[profile dev]', kind: 'noStartUrl' },
    ]);
  });

  it('is named where it has no region, with the profile that has it', () => {
    const { faults } = read(
      '[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\n[profile dev]\nsso_session = acme\nsso_region = eu-west-1\n[profile old]\nsso_start_url = https://old.awsapps.com/start\n',
    );
    assert.deepEqual(faults, [
      { path: CONFIG, entry: '[sso-session acme]', kind: 'noRegion', regionIn: '[profile dev]' },
      { path: CONFIG, entry: '[profile old]', kind: 'noRegion' },
    ]);
  });

  it('is named where it is an sso-session in the credentials file, which no tool reads there', () => {
    const { sections, faults } = read('', SESSION);
    assert.deepEqual(sections, []);
    assert.deepEqual(faults, [
      { path: CREDENTIALS, entry: '[sso-session acme]', kind: 'sessionInCredentials' },
    ]);
  });

  it('is named where it refers to a session that is not there, or contradicts its session', () => {
    const { sections, faults } = read(
      `${SESSION}[profile a]\nsso_session = beta\n[profile b]\nsso_session = acme\nsso_start_url = https://other.awsapps.com/start\n`,
    );
    assert.deepEqual(sections, [{ ...acme, users: 1 }]);
    assert.deepEqual(faults, [
      { path: CONFIG, entry: '[profile a]', kind: 'unknownSession', session: 'beta' },
      { path: CONFIG, entry: '[profile b]', kind: 'conflict', session: 'acme', key: 'sso_start_url' },
    ]);
  });

  for (const [header, suggestion] of [
    ['dev', '[profile dev]'],
    [' profile dev ', '[profile dev]'],
    ['Profile dev', '[profile dev]'],
    ['profile my dev', '[profile "my dev"]'],
    ['profile "dev', '[profile dev]'],
    ['profile', '[profile NAME]'],
    ['sso-session', '[sso-session NAME]'],
    ['sso-session my corp', '[sso-session "my corp"]'],
    ['SSO-Session corp', '[sso-session corp]'],
    ['sso_session corp', '[sso-session corp]'],
    ['DEFAULT', '[default]'],
  ] as const) {
    it(`is named where the AWS CLI passes over its header, with one that it reads: [${header}]`, () => {
      const { sections, faults } = read(section(header, 'acme'));
      assert.deepEqual(sections, []);
      assert.deepEqual(faults, [{ path: CONFIG, entry: `[${header}]`, kind: 'unreadHeader', suggestion }]);
    });
  }

  it('is none where all it has of one is from [DEFAULT]', () => {
    const { sections, faults } = read(
      `[DEFAULT]\nsso_region = eu-west-1\n[plugins]\nx = y\n[profile keys]\naws_access_key_id = id\n${section('profile dev', 'acme')}`,
      '[DEFAULT]\nsso_region = eu-west-1\n[more]\naws_access_key_id = id\n',
    );
    assert.deepEqual(
      sections.map(({ entry }) => entry),
      ['[profile dev]'],
    );
    assert.deepEqual(faults, []);
  });
});
