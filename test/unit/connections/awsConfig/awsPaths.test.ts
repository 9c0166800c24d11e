import assert from 'node:assert/strict';
import { join } from 'node:path';

import { awsPaths } from '../../../../src/connections/awsConfig/awsPaths.ts';
import type { AwsPaths } from '../../../../src/connections/awsConfig/awsPaths.ts';

function pathsIn(
  environment: Readonly<Record<string, string>>,
  platform: NodeJS.Platform = 'linux',
  home = '/home/me',
): AwsPaths {
  return awsPaths({ environment, home, platform });
}

describe("the paths of the AWS CLI's files", () => {
  it('are ~/.aws/config and ~/.aws/credentials', () => {
    const expected = {
      config: join('/home/me', '.aws', 'config'),
      credentials: join('/home/me', '.aws', 'credentials'),
    };
    assert.deepEqual(pathsIn({}), expected);
    assert.deepEqual(pathsIn({ AWS_CONFIG_FILE: '', AWS_SHARED_CREDENTIALS_FILE: '' }), expected);
  });

  it('are what AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE say (aws-sso-cli#1294)', () => {
    const environment = { AWS_CONFIG_FILE: '/etc/aws', AWS_SHARED_CREDENTIALS_FILE: '/etc/keys' };
    assert.deepEqual(pathsIn(environment), { config: '/etc/aws', credentials: '/etc/keys' });
  });

  for (const [written, expected] of [
    ['~/aws', '/home/$&/aws'],
    ['~', '/home/$&'],
    ['~me/aws', '~me/aws'],
    ['a~/aws', 'a~/aws'],
    ['$PROJECT/aws', '/srv/x/aws'],
    ['${PROJECT}/aws', '/srv/x/aws'],
    ['$PROJECTS/aws', '$PROJECTS/aws'],
    ['${MISSING}/aws', '${MISSING}/aws'],
    ['$AT_HOME/aws', '/home/$&/aws'],
    ['$NESTED/aws', '$PROJECT/aws'],
    ['%PROJECT%/aws', '%PROJECT%/aws'],
  ] as const) {
    it(`are read as the AWS CLI reads them: ${written}`, () => {
      const environment = {
        PROJECT: '/srv/x',
        AT_HOME: '~',
        NESTED: '$PROJECT',
        AWS_CONFIG_FILE: written,
        AWS_SHARED_CREDENTIALS_FILE: written,
      };
      const found = pathsIn(environment, 'linux', '/home/$&');
      assert.deepEqual(found, { config: expected, credentials: expected });
    });
  }

  it('have variables between percent signs on Windows', () => {
    const environment = { PROJECT: 'D:\\x', AWS_CONFIG_FILE: '%PROJECT%\\$PROJECT', OTHER: '' };
    assert.equal(pathsIn(environment, 'win32').config, 'D:\\x\\D:\\x');
    assert.equal(
      pathsIn({ AWS_CONFIG_FILE: '~\\aws' }, 'win32', 'C:\\Users\\me').config,
      'C:\\Users\\me\\aws',
    );
  });
});
