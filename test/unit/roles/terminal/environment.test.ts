import assert from 'node:assert/strict';

import {
  roleTerminalEnvironment,
  windowRoleEnvironment,
  winningOverWindowRole,
} from '../../../../src/roles/terminal/environment.ts';

const TERMINAL = {
  url: 'http://127.0.0.1:1234/credentials/abc',
  token: 'the token',
  region: 'eu-central-1',
  configFile: '/storage/roles/config',
  credentialsFile: '/storage/roles/credentials',
};

function past(inherited: Readonly<Record<string, string>>): readonly unknown[] {
  const { NO_PROXY, no_proxy } = roleTerminalEnvironment(TERMINAL, inherited);
  return [NO_PROXY, no_proxy];
}

describe('the environment of a role terminal', () => {
  it('has the endpoint, the region and the configuration of the role', () => {
    const environment = roleTerminalEnvironment(TERMINAL, {});
    assert.equal(environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'], TERMINAL.url);
    assert.equal(environment['AWS_CONTAINER_AUTHORIZATION_TOKEN'], TERMINAL.token);
    assert.equal(environment['AWS_REGION'], 'eu-central-1');
    assert.equal(environment['AWS_DEFAULT_REGION'], 'eu-central-1');
    assert.equal(environment['AWS_CONFIG_FILE'], TERMINAL.configFile);
  });

  it('has nothing that would win over the role: removed, not emptied', () => {
    const environment = roleTerminalEnvironment(TERMINAL, { AWS_PROFILE: 'prod' });
    for (const name of [
      'AWS_PROFILE',
      'AWS_DEFAULT_PROFILE',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      // The AWS SDK for Ruby reads these as well (aws-sdk-core 3.257, credential_provider_chain.rb).
      'AMAZON_ACCESS_KEY_ID',
      'AMAZON_SECRET_ACCESS_KEY',
      'AMAZON_SESSION_TOKEN',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'AWS_ROLE_ARN',
      'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
      'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    ]) {
      assert.equal(environment[name], null, name);
    }
    assert.ok(!Object.values(environment).includes(''));
  });

  it('has nothing that a single tool takes credentials from, and leaves what is no credentials', () => {
    const inherited = [
      // For one service (AWS SDKs and Tools reference guide, "HTTP authentication schemes").
      'AWS_BEARER_TOKEN_BEDROCK',
      // For one stage (osls 4.3.1, lib/aws/credentials.js).
      'AWS_DEV_PROFILE',
      'AWS_PROD_ACCESS_KEY_ID',
      'AWS_PROD_SECRET_ACCESS_KEY',
      'AWS_PROD_SESSION_TOKEN',
      // s3fs's own (s3fs 1.90, its manual).
      'AWSACCESSKEYID',
      'AWSSECRETACCESSKEY',
      'AWSSESSIONTOKEN',
      // What prompts show as the profile (starship 1.25.1, src/configs/aws.rs), though it is the role's no more.
      'AWS_VAULT',
      'AWSU_PROFILE',
      'AWSUME_PROFILE',
      'AWS_SESSION_EXPIRATION',
    ];
    const kept = {
      AWS_VAULT_BACKEND: 'pass',
      AWS_PAGER: 'cat',
      AWS_CA_BUNDLE: 'x',
      AWS_ENDPOINT_URL: 'x',
      MY_AWS_PROFILE: 'x',
    };
    const environment = roleTerminalEnvironment(TERMINAL, {
      ...Object.fromEntries(inherited.map((name) => [name, 'another'])),
      ...kept,
    });
    for (const name of inherited) {
      assert.equal(environment[name], null, name);
    }
    for (const name of Object.keys(kept)) {
      assert.ok(!(name in environment), name);
    }
  });

  it('names the credentials file, whatever names one already, and to GDAL as well, which has a name of its own for it', () => {
    for (const own of ['/other/credentials', '', undefined]) {
      const inherited = { AWS_SHARED_CREDENTIALS_FILE: own, CPL_AWS_CREDENTIALS_FILE: '/gdal/credentials' };
      const environment = roleTerminalEnvironment(TERMINAL, inherited);
      assert.equal(environment['AWS_SHARED_CREDENTIALS_FILE'], TERMINAL.credentialsFile);
      assert.equal(environment['CPL_AWS_CREDENTIALS_FILE'], TERMINAL.credentialsFile);
    }
  });

  it('asks the endpoint past a proxy, and keeps what else goes past it', () => {
    const proxied = { HTTPS_PROXY: 'http://proxy:3128' };
    assert.deepEqual(past({}), [undefined, undefined]);
    assert.deepEqual(past(proxied), ['127.0.0.1', '127.0.0.1']);
    assert.deepEqual(past({ ...proxied, NO_PROXY: 'a.example, b.example' }), [
      'a.example,b.example,127.0.0.1',
      'a.example,b.example,127.0.0.1',
    ]);
    assert.deepEqual(past({ http_proxy: 'x', no_proxy: '*' }), ['*', '*']);
    assert.deepEqual(past({ all_proxy: 'x', no_proxy: '127.0.0.1' }), ['127.0.0.1', '127.0.0.1']);
  });
});

describe('the environment of a window with a role', () => {
  const { url, token, configFile, credentialsFile } = TERMINAL;
  const window = { url, token, configFile, credentialsFile };

  it('has nothing by which a role terminal of the window is another role', () => {
    const terminal = roleTerminalEnvironment({ ...TERMINAL, url: `${url}/other`, configFile: '/other' }, {});
    const both = { ...terminal, ...windowRoleEnvironment(window, {}) };
    for (const name of [
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      'AWS_CONTAINER_AUTHORIZATION_TOKEN',
      'AWS_REGION',
    ]) {
      assert.equal(both[name], terminal[name], name);
    }
  });

  it('is the default profile of our configuration, whatever profile is inherited', () => {
    assert.deepEqual(windowRoleEnvironment(window, { AWS_PROFILE: 'prod' }), {
      AWS_SSO_WINDOW_ROLE_URL: url,
      AWS_SSO_WINDOW_ROLE_TOKEN: token,
      AWS_CONFIG_FILE: configFile,
      AWS_SDK_LOAD_CONFIG: '1',
      AWS_SHARED_CREDENTIALS_FILE: credentialsFile,
      CPL_AWS_CREDENTIALS_FILE: credentialsFile,
      AWS_PROFILE: 'default',
    });
    assert.ok(!('AWS_PROFILE' in windowRoleEnvironment(window, {})));
  });

  it('does not win over keys, a web identity and a container’s endpoint that are inherited: they are named', () => {
    const keys = {
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_PROFILE: 'prod',
      AWS_ROLE_ARN: '',
    };
    const others = { AWS_WEB_IDENTITY_TOKEN_FILE: 'f', AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/x' };
    assert.deepEqual(winningOverWindowRole({ ...keys, ...others }, 'us-east-1').credentials, [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    ]);
    assert.deepEqual(winningOverWindowRole({ AWS_ACCESS_KEY_ID: '' }, 'us-east-1').credentials, []);
    const single = {
      AMAZON_ACCESS_KEY_ID: 'x',
      AWS_BEARER_TOKEN_BEDROCK: 'x',
      AWSACCESSKEYID: 'x',
      AWS_DEV_PROFILE: 'x',
    };
    assert.deepEqual(winningOverWindowRole(single, 'us-east-1').credentials, Object.keys(single));
    assert.deepEqual(winningOverWindowRole({ AWS_DEFAULT_PROFILE: 'x' }, 'us-east-1').credentials, []);
  });

  it('does not win over another region that is inherited: it is named', () => {
    const inherited = { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'eu-west-1' };
    assert.deepEqual(winningOverWindowRole(inherited, 'eu-west-1').region, ['AWS_REGION']);
  });
});
