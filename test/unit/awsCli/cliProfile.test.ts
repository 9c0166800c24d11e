import assert from 'node:assert/strict';

import type { AwsConfigConnection } from '../../../src/connections/awsConfig/awsConfig.ts';
import type { InteractiveConnection } from '../../../src/connections/connection.ts';
import { cliProfileOf } from '../../../src/awsCli/cliProfile.ts';

const ACME: InteractiveConnection = {
  name: 'acme',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-central-1',
};
const configured: readonly AwsConfigConnection[] = [
  { connection: { ...ACME, name: 'work' }, origin: 'awsConfig', cliCacheKey: 'work' },
];

describe('the sign-in of the AWS CLI', () => {
  it('is that of its section for the same Identity Center, else the one it keeps by the start URL', () => {
    assert.equal(cliProfileOf(configured, undefined, ACME)?.cacheKey, 'work');
    assert.equal(cliProfileOf([], undefined, ACME)?.cacheKey, ACME.startUrl);
    assert.equal(
      cliProfileOf(configured, undefined, { ...ACME, region: 'us-east-1' })?.cacheKey,
      ACME.startUrl,
    );
  });

  it('is never that of a connection with an endpoint of its own, which would get its client secret and refresh token', () => {
    const elsewhere = { ...ACME, endpointUrl: 'https://sso.acme.example' };
    assert.equal(cliProfileOf(configured, undefined, elsewhere), undefined);
    assert.equal(cliProfileOf([], undefined, elsewhere), undefined);
    assert.equal(cliProfileOf([], 'https://another.acme.example', elsewhere), undefined);
    assert.equal(cliProfileOf([], 'https://another.acme.example', ACME), undefined);
  });

  it('is that of a connection to whose endpoint the environment sends the AWS CLI, too', () => {
    const elsewhere = { ...ACME, endpointUrl: 'https://sso.acme.example' };
    assert.equal(cliProfileOf([], 'https://SSO.acme.example/', elsewhere)?.cacheKey, ACME.startUrl);
    const sent: readonly AwsConfigConnection[] = [
      { connection: elsewhere, origin: 'awsConfig', cliCacheKey: 'work' },
    ];
    assert.equal(cliProfileOf(sent, 'https://SSO.acme.example/', elsewhere)?.cacheKey, 'work');
  });

  it('is none where the AWS CLI keeps the sign-in of another service by the same start URL', () => {
    const sent: readonly AwsConfigConnection[] = [
      {
        connection: { ...ACME, endpointUrl: 'https://sso.acme.example' },
        origin: 'awsConfig',
        cliCacheKey: ACME.startUrl,
      },
    ];
    assert.equal(cliProfileOf(sent, undefined, ACME), undefined);
  });
});
