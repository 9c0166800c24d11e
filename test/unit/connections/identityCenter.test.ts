import assert from 'node:assert/strict';

import type { Connection, ExchangeConnection } from '../../../src/connections/connection.ts';
import { isSameIdentityCenter } from '../../../src/connections/identityCenter.ts';

const acme = { name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'eu-west-1' };
const exchange: ExchangeConnection = {
  name: 'app',
  applicationArn: 'arn:aws:sso::123456789012:application/a/b',
  region: 'eu-west-1',
  flow: 'jwtBearer',
  assertionFrom: { providerId: 'microsoft', scopes: [] },
};

const same = (a: Connection, b: Connection): boolean =>
  isSameIdentityCenter(a, b) && isSameIdentityCenter(b, a);

describe('two connections lead to the same Identity Center', () => {
  it('however the start URL is written, whatever they are called and ask for', () => {
    const other = { ...acme, name: 'b', startUrl: 'https://ACME.awsapps.com/start/#/', scopes: ['a:b:c'] };
    assert.equal(same(acme, other), true);
  });

  it('by FIPS and dual-stack hosts too', () => {
    assert.equal(same(acme, { ...acme, useFipsEndpoint: true, useDualstackEndpoint: true }), true);
  });

  it('with the same endpoint, however it is written', () => {
    const a = { ...acme, endpointUrl: 'https://Vpce.example' };
    assert.equal(same(a, { ...acme, endpointUrl: 'https://vpce.example/' }), true);
  });
});

describe('two connections never lead to the same Identity Center', () => {
  it('with an endpoint of its own on one side, or another one', () => {
    const a = { ...acme, endpointUrl: 'https://vpce.example/a' };
    assert.equal(same(a, acme), false);
    assert.equal(same(a, { ...acme, endpointUrl: 'https://vpce.example/b' }), false);
  });

  it('in two regions, or with two start URLs', () => {
    assert.equal(same(acme, { ...acme, region: 'us-east-1' }), false);
    assert.equal(same(acme, { ...acme, startUrl: 'https://beta.awsapps.com/start' }), false);
  });

  it('where one of them exchanges the token of an application', () => {
    assert.equal(same(exchange, acme), false);
    assert.equal(same(exchange, { ...exchange, name: 'other' }), true);
    const another = { ...exchange, applicationArn: 'arn:aws:sso::123456789012:application/a/c' };
    assert.equal(same(exchange, another), false);
  });
});
