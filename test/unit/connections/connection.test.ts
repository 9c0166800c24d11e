import assert from 'node:assert/strict';
import { isExchangeConnection, oidcEndpoint, portalEndpoint } from '../../../src/connections/connection.ts';
import type { Connection, InteractiveConnection } from '../../../src/connections/connection.ts';

const classic: InteractiveConnection = {
  name: 'acme',
  startUrl: 'https://acme.awsapps.com/start',
  region: 'eu-west-1',
};
const exchange: Connection = {
  name: 'ci',
  applicationArn: 'arn:aws:sso::123456789012:application/ssoins-1/apl-1',
  region: 'us-east-1',
  flow: 'jwtBearer',
  assertionFrom: { providerId: 'microsoft', scopes: [] },
};

const endpoints = (connection: Connection) => [
  oidcEndpoint(connection).href,
  portalEndpoint(connection).href,
];

describe('the services of a connection', () => {
  it("are those of its region's partition", () => {
    assert.deepEqual(endpoints(classic), [
      'https://oidc.eu-west-1.amazonaws.com/',
      'https://portal.sso.eu-west-1.amazonaws.com/',
    ]);
    assert.deepEqual(endpoints({ ...classic, region: 'cn-north-1' }), [
      'https://oidc.cn-north-1.amazonaws.com.cn/',
      'https://portal.sso.cn-north-1.amazonaws.com.cn/',
    ]);
    assert.equal(oidcEndpoint(exchange).href, 'https://oidc.us-east-1.amazonaws.com/');
  });

  it('are the FIPS or the dual-stack ones on request', () => {
    assert.equal(
      oidcEndpoint({ ...classic, useFipsEndpoint: true }).host,
      'oidc-fips.eu-west-1.amazonaws.com',
    );
    assert.equal(oidcEndpoint({ ...classic, useDualstackEndpoint: true }).host, 'oidc.eu-west-1.api.aws');
  });

  it('are the dual-stack ones for a dual-stack portal (aws-cli#10507, granted#960)', () => {
    const startUrl = 'https://ssoins-1.portal.eu-west-1.app.aws';
    assert.deepEqual(endpoints({ ...classic, startUrl }), [
      'https://oidc.eu-west-1.api.aws/',
      'https://portal.sso.eu-west-1.api.aws/',
    ]);
    const china = 'https://ssoins-1.portal.cn-north-1.app.amazonwebservices.com.cn';
    assert.equal(
      oidcEndpoint({ ...classic, startUrl: china, region: 'cn-north-1' }).host,
      'oidc.cn-north-1.api.amazonwebservices.com.cn',
    );
  });

  it("are at one URL each where the portal's is another one", () => {
    const portalEndpointUrl = 'https://portal.acme.example/';
    const endpointUrl = 'https://oidc.acme.example/';
    assert.deepEqual(endpoints({ ...classic, endpointUrl, portalEndpointUrl }), [
      endpointUrl,
      portalEndpointUrl,
    ]);
    assert.deepEqual(endpoints({ ...classic, portalEndpointUrl }), [
      'https://oidc.eu-west-1.amazonaws.com/',
      portalEndpointUrl,
    ]);
  });

  it('are both at the endpoint URL, whatever the portal', () => {
    const endpointUrl = 'http://127.0.0.1:8080/aws';
    const startUrl = 'https://ssoins-1.portal.eu-west-1.app.aws';
    assert.deepEqual(endpoints({ ...classic, startUrl, endpointUrl }), [endpointUrl, endpointUrl]);
  });
});

describe('a connection', () => {
  it('exchanges a token when it names an application', () => {
    assert.ok(isExchangeConnection(exchange));
    assert.ok(!isExchangeConnection(classic));
  });
});
