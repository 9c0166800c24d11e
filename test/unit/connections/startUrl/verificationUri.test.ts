import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { InteractiveConnection } from '../../../../src/connections/connection.ts';
import { isOwnedHost } from '../../../../src/connections/startUrl/hosts.ts';
import { isAllowedVerificationUri } from '../../../../src/connections/startUrl/verificationUri.ts';

const connection = {
  name: 'acme',
  startUrl: 'https://sso.acme.example/aws',
  region: 'eu-west-1',
} as const satisfies InteractiveConnection;
const local = { ...connection, endpointUrl: 'http://127.0.0.1:8080' };
const hosted = { ...connection, endpointUrl: 'https://sso.corp.example:8443/aws' };

type Case = readonly [uri: string, connection: InteractiveConnection];

const ALLOWED: readonly Case[] = [
  ['https://acme.awsapps.com/start/#/device?user_code=ABCD-EFGH', connection],
  ['HTTPS://Acme.awsapps.com/start', connection],
  ['https://acme.awsapps.com:443/start', connection],
  ['https://ssoins-1.portal.eu-west-1.app.aws/#/device', connection],
  ['https://sso.acme.example/aws/device', connection],
  ['https://oidc.eu-west-1.amazonaws.com/authorize?client_id=x', connection],
  ['https://portal.sso.eu-west-1.amazonaws.com/', connection],
  ['https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH', connection],
  ['https://oidc.eu-west-1.api.aws/authorize', { ...connection, useDualstackEndpoint: true }],
  ['http://127.0.0.1:8080/device', local],
  ['http://identity-center.localhost:9090/device?user_code=ABCD-EFGH', local],
  ['http://localhost/device', local],
  ['http://[::1]:8080/device', local],
  ['https://localhost:8443/device', local],
  ['https://acme.awsapps.com/start', local],
  ['https://sso.corp.example:8443/device', hosted],
  ['https://sso.corp.example/device', hosted],
];

const REFUSED: readonly Case[] = [
  ['', connection],
  ['acme.awsapps.com/start', connection],
  ['http://acme.awsapps.com/start', connection],
  ['https://evil.example/start', connection],
  ['https://acme.awsapps.com.evil.example/start', connection],
  ['https://evilawsapps.com/start', connection],
  ['https://awsapps.com/start', connection],
  ['https://acme.awsapps.com@evil.example/start', connection],
  ['https://user@acme.awsapps.com/start', connection],
  ['https://@acme.awsapps.com/start', connection],
  ['https://:@acme.awsapps.com/start', connection],
  ['https://acme.awsapps.com:8443/start', connection],
  ['https://acme.awsapps.com:80/start', connection],
  ['https://acme.awsapps.com:/start', connection],
  ['https://acme.awsapps.com./start', connection],
  [String.raw`https://evil.example\.awsapps.com/start`, connection],
  [String.raw`https:\\acme.awsapps.com\start`, connection],
  ['https:acme.awsapps.com/start', connection],
  ['https:///acme.awsapps.com/start', connection],
  [' https://acme.awsapps.com/start', connection],
  ['https://acme.awsapps.com/start\n', connection],
  ['https://acme.aws\tapps.com/start', connection],
  ['https://acme.awsapps.com/a b', connection],
  ['https://acme.awѕapps.com/start', connection],
  ['https://acme。awsapps。com/start', connection],
  ['https://acme.xn--awapps-xjg.com/start', connection],
  ['https://acme%2eawsapps.com/start', connection],
  ['https://oidc.us-east-1.amazonaws.com/authorize', connection],
  ['https://s3.eu-west-1.amazonaws.com/bucket', connection],
  ['javascript:alert(1)//acme.awsapps.com', connection],
  ['file://acme.awsapps.com/start', connection],
  ['command:workbench.action.quit', connection],
  ['http://127.0.0.1:8080/device', connection],
  ['https://localhost/device', connection],
  ['http://identity-center.localhost:9090/device', hosted],
  ['http://sso.corp.example:8443/device', hosted],
  ['http://localhost.evil.example/device', local],
  ['http://127.0.0.1.evil.example/device', local],
  ['http://2130706433/device', local],
  ['http://0x7f.1/device', local],
  ['http://user@127.0.0.1:8080/device', local],
  ['http://10.0.0.1:8080/device', local],
  ['ftp://127.0.0.1/device', local],
];

/** What a hostile URI is put together from. */
const PIECES = [
  '\t',
  ...'https: http: // / \\ @ : . # ? 443 80 %2e x'.split(' '),
  ...'acme.awsapps.com sso.acme.example evil.example localhost 127.0.0.1 [::1]'.split(' '),
];

const described = ([uri, { endpointUrl }]: Case) =>
  `${JSON.stringify(uri)}${endpointUrl === undefined ? '' : ` with the endpoint URL ${endpointUrl}`}`;

describe('a verification URI', () => {
  for (const example of ALLOWED) {
    it(`may be opened: ${described(example)}`, () => assert.ok(isAllowedVerificationUri(...example)));
  }

  for (const example of REFUSED) {
    it(`may not be opened: ${described(example)}`, () => assert.ok(!isAllowedVerificationUri(...example)));
  }

  it('that may be opened is https, on the default port of a known host, whatever a server sends', function () {
    this.timeout(30_000);
    const piece = fc.constantFrom(...PIECES);
    const uri = fc.array(piece, { maxLength: 8 }).map((pieces) => `https://${pieces.join('')}`);
    fc.assert(
      fc.property(uri, (text) => {
        fc.pre(isAllowedVerificationUri(text, connection));
        const url = new URL(text);
        assert.equal(url.protocol, 'https:');
        assert.equal(url.port + url.username + url.password, '');
        assert.ok(isOwnedHost(url.hostname) || url.hostname === 'sso.acme.example', url.hostname);
      }),
      { numRuns: 2000 },
    );
  });
});
