import assert from 'node:assert/strict';

import type { AwsConfigConnection } from '../../../src/connections/awsConfig/awsConfig.ts';
import type { InteractiveConnection } from '../../../src/connections/connection.ts';
import { cliKeysOf } from '../../../src/awsCli/cliKeys.ts';

const ACME: InteractiveConnection = {
  name: 'acme',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-central-1',
};
const WORK = { cacheKey: 'work', startUrl: ACME.startUrl, scopes: ['sso:account:access'] };
const configured: readonly AwsConfigConnection[] = [
  { connection: { ...ACME, name: 'work' }, origin: 'awsConfig', cliKeys: [WORK] },
];

describe('the sign-in of the AWS CLI', () => {
  it('is that of its section for the same Identity Center, else the one it keeps by the start URL', () => {
    assert.equal(cliKeysOf(configured, undefined, ACME)[0]?.cacheKey, 'work');
    assert.equal(cliKeysOf([], undefined, ACME)[0]?.cacheKey, ACME.startUrl);
    assert.equal(
      cliKeysOf(configured, undefined, { ...ACME, region: 'us-east-1' })[0]?.cacheKey,
      ACME.startUrl,
    );
  });

  it('is never that of a connection with an endpoint of its own, which would get its client secret and refresh token', () => {
    const elsewhere = { ...ACME, endpointUrl: 'https://sso.acme.example' };
    assert.deepEqual(cliKeysOf(configured, undefined, elsewhere), []);
    assert.deepEqual(cliKeysOf([], undefined, elsewhere), []);
    assert.deepEqual(cliKeysOf([], 'https://another.acme.example', elsewhere), []);
    assert.deepEqual(cliKeysOf([], 'https://another.acme.example', ACME), []);
  });

  it('is that of a connection to whose endpoint the environment sends the AWS CLI, too', () => {
    const elsewhere = { ...ACME, endpointUrl: 'https://sso.acme.example' };
    assert.equal(cliKeysOf([], 'https://SSO.acme.example/', elsewhere)[0]?.cacheKey, ACME.startUrl);
    const sent: readonly AwsConfigConnection[] = [
      { connection: elsewhere, origin: 'awsConfig', cliKeys: [WORK] },
    ];
    assert.equal(cliKeysOf(sent, 'https://SSO.acme.example/', elsewhere)[0]?.cacheKey, 'work');
  });

  it('is none where the AWS CLI keeps the sign-in of another service by the same start URL', () => {
    const sent: readonly AwsConfigConnection[] = [
      {
        connection: { ...ACME, endpointUrl: 'https://sso.acme.example' },
        origin: 'awsConfig',
        cliKeys: [{ ...WORK, cacheKey: ACME.startUrl }],
      },
    ];
    assert.deepEqual(cliKeysOf(sent, undefined, ACME), []);
  });

  it("is that of the section with the company's own domain that leads to the portal (aws-cli#10457)", () => {
    const startUrl = 'https://sso.acme.example';
    const portal = 'https://ssoins-1.portal.us-west-2.app.aws';
    const key = { ...WORK, cacheKey: startUrl, startUrl };
    const vanity: readonly AwsConfigConnection[] = [
      { connection: { ...ACME, startUrl }, origin: 'awsConfig', cliKeys: [key] },
    ];
    const resolved = { ...ACME, startUrl: portal, region: 'us-west-2', configuredStartUrl: startUrl };
    assert.deepEqual(cliKeysOf(vanity, undefined, resolved), [key]);
    assert.equal(cliKeysOf(vanity, undefined, ACME)[0]?.cacheKey, ACME.startUrl);
  });
});
