import assert from 'node:assert/strict';

import type { AwsConfigConnection } from '../../../src/connections/awsConfig.ts';
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
    assert.equal(cliProfileOf(configured, ACME)?.cacheKey, 'work');
    assert.equal(cliProfileOf([], ACME)?.cacheKey, ACME.startUrl);
    assert.equal(cliProfileOf(configured, { ...ACME, region: 'us-east-1' })?.cacheKey, ACME.startUrl);
  });

  it('is never that of a connection with an endpoint of its own, which would get its client secret and refresh token', () => {
    const elsewhere = { ...ACME, endpointUrl: 'https://sso.acme.example' };
    assert.equal(cliProfileOf(configured, elsewhere), undefined);
    assert.equal(cliProfileOf([], elsewhere), undefined);
  });
});
