import assert from 'node:assert/strict';

import { parseConfigText } from '../../../../src/connections/awsConfig/grammar.ts';
import { roleConfigText } from '../../../../src/roles/terminal/roleConfig.ts';

const COMMAND = `env ELECTRON_RUN_AS_NODE=1 '/usr/share/code/code' '/ext/dist/credentialProcess.cjs'`;

function sectionsOf(config: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const { sections, refusals } = parseConfigText(roleConfigText(parseConfigText(config), COMMAND));
  assert.deepEqual(refusals, []);
  return Object.fromEntries([...sections].map(([header, section]) => [header, Object.fromEntries(section)]));
}

describe('the configuration of a role terminal', () => {
  it('is the role, where there is no configuration at all', () => {
    assert.deepEqual(sectionsOf(''), { default: { credential_process: COMMAND } });
  });

  it('has the region of a role that a whole window uses, and not the default profile’s', () => {
    const text = roleConfigText(parseConfigText('[default]\nregion = us-east-1\n'), COMMAND, 'eu-west-1');
    const { sections } = parseConfigText(text);
    assert.equal(sections.get('default')?.get('region'), 'eu-west-1');
  });

  it('keeps what the default profile says of anything but credentials', () => {
    const { default: own } = sectionsOf(`[default]
aws_access_key_id = AKIA
aws_secret_access_key = secret
region = us-east-1
output = yaml
s3 =
  addressing_style = path
  max_concurrent_requests = 20
sso_session = corp
role_arn = arn:aws:iam::111122223333:role/x
`);
    assert.deepEqual(own, {
      output: 'yaml',
      s3: '\naddressing_style = path\nmax_concurrent_requests = 20',
      credential_process: COMMAND,
    });
  });

  it('has one default profile, however the user wrote theirs', () => {
    assert.deepEqual(sectionsOf('[profile default]\noutput = text\n'), {
      default: { output: 'text', credential_process: COMMAND },
    });
  });

  for (const header of ['profile "default"', "profile  'default'", ' default ', 'profile default ']) {
    it(`has one default profile, however tools read [${header}]`, () => {
      const config = `[${header}]\noutput = text\nrole_arn = arn:aws:iam::444455556666:role/Other\n`;
      assert.deepEqual(sectionsOf(config), { default: { output: 'text', credential_process: COMMAND } });
    });
  }

  it('has no key, not even one in a line that the AWS CLI takes for more of another value', () => {
    const text = roleConfigText(
      parseConfigText(`[profile keys]
region = eu-north-1
    AWS_ACCESS_KEY_ID = AKIA
    aws_secret_access_key=secret
    aws_session_token : token
s3 =
  aws_secret_access_key = secret
  addressing_style = path
`),
      COMMAND,
    );
    assert.doesNotMatch(text, /AKIA|secret|token/);
    assert.match(text, /region = eu-north-1\n/);
    assert.match(text, /s3 = ?\n {2}addressing_style = path/);
  });

  it('keeps the other profiles and sign-ins as they are, without a key', () => {
    const { default: own, ...others } = sectionsOf(`[profile prod]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin

[profile keys]
aws_access_key_id = AKIA
aws_secret_access_key = secret
aws_session_token = token
region = eu-north-1

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access,
  codewhisperer:completions
`);
    assert.equal(own?.['credential_process'], COMMAND);
    assert.deepEqual(others, {
      'profile prod': { sso_session: 'corp', sso_account_id: '111122223333', sso_role_name: 'Admin' },
      'profile keys': { region: 'eu-north-1' },
      'sso-session corp': {
        sso_start_url: 'https://corp.awsapps.com/start',
        sso_region: 'eu-central-1',
        sso_registration_scopes: 'sso:account:access,\ncodewhisperer:completions',
      },
    });
  });
});
