import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { inEnglish } from '../../../src/common/words.ts';
import { isLoopbackHost } from '../../../src/oidc/endpoint.ts';
import { oidcEndpoint, portalEndpoint } from '../../../src/connections/connection.ts';
import { connectionSchema } from '../../../src/connections/connectionSchema.ts';
import { parseConnections } from '../../../src/connections/connectionsSetting.ts';

const acme = { name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'eu-west-1' };
const exchange = {
  name: 'ci',
  applicationArn: 'arn:aws:sso::123456789012:application/ssoins-1/apl-1',
  region: 'us-east-1',
  flow: 'tokenExchange',
  assertionFrom: { providerId: 'microsoft', scopes: ['VSCODE_TENANT:acme', 'openid'] },
};
const full = {
  ...acme,
  scopes: ['sso:account:access', 'codewhisperer:completions'],
  flow: 'authorizationCode',
  issuerUrl: 'https://identitycenter.amazonaws.com/ssoins-1',
  entitledApplicationArn: 'arn:aws-us-gov:sso::123456789012:application/ssoins-1/apl-1',
  useFipsEndpoint: true,
  useDualstackEndpoint: false,
};

/** A broken entry, the member at fault and what is said of it. */
const BROKEN: readonly (readonly [entry: unknown, member: string | undefined, problem: RegExp])[] = [
  [null, undefined, /Connection #1: Must be an object/],
  ['acme', undefined, /Connection #1: Must be an object/],
  [{ ...acme, name: undefined }, 'name', /Connection #1, name: Must be a name/],
  [{ ...acme, name: '  ' }, 'name', /Connection #1, name: Must be a name/],
  [{ ...acme, name: 'a\nb' }, 'name', /control characters/],
  [{ ...acme, name: '\u200B\u202E' }, 'name', /Must be a name/],
  [
    { name: 'acme', region: 'eu-west-1' },
    'startUrl',
    /Connection "acme", startUrl: This property is required/,
  ],
  [{ ...acme, startUrl: 7 }, 'startUrl', /Must be the URL of your AWS access portal/],
  [{ ...acme, startUrl: 'ftp://acme' }, 'startUrl', /begins with https/],
  [
    { ...acme, startUrl: 'http://localhost:1/start' },
    'startUrl',
    /only together with an endpointUrl on a loopback host/,
  ],
  [
    { ...acme, startUrl: 'http://localhost:1/start', endpointUrl: 'https://sso.acme.example' },
    'startUrl',
    /only together with an endpointUrl on a loopback host/,
  ],
  [{ ...acme, region: 'Ireland' }, 'region', /isn't a region code/],
  [{ ...acme, region: 'eu-west-1.evil.example/' }, 'region', /isn't a region code/],
  [{ ...acme, scopes: 'sso:account:access' }, 'scopes', /Must be a list of scopes/],
  [{ ...acme, scopes: ['sso:account:access openid'] }, 'scopes.0', /one word/],
  [
    { ...acme, flow: 'password' },
    'flow',
    /"deviceCode", "authorizationCode", "jwtBearer", or "tokenExchange"/,
  ],
  [{ ...acme, issuerUrl: 'http://acme.example' }, 'issuerUrl', /begins with https/],
  [{ ...acme, entitledApplicationArn: 'apl-1' }, 'entitledApplicationArn', /isn't an ARN/],
  [{ ...acme, endpointUrl: 'nonsense' }, 'endpointUrl', /isn't a URL/],
  [{ ...acme, endpointUrl: 'http://sso.acme.example' }, 'endpointUrl', /https/],
  [{ ...acme, portalEndpointUrl: 'http://sso.acme.example' }, 'portalEndpointUrl', /https/],
  [{ ...acme, endpointUrl: 'http://localhost.evil.example' }, 'endpointUrl', /https/],
  [{ ...acme, endpointUrl: 'https://me:hunter2@acme.example' }, 'endpointUrl', /user name/],
  [{ ...acme, endpointUrl: 'https://acme.example', useFipsEndpoint: true }, 'endpointUrl', /FIPS/],
  [{ ...acme, endpointUrl: 'https://acme.example', useDualstackEndpoint: true }, 'endpointUrl', /dual-stack/],
  [{ ...acme, useFipsEndpoint: 'yes' }, 'useFipsEndpoint', /true or false/],
  [{ ...exchange, applicationArn: 'ci' }, 'applicationArn', /isn't an ARN/],
  [{ ...exchange, assertionFrom: undefined }, 'assertionFrom', /whose token is exchanged/],
  [
    { ...exchange, assertionFrom: { providerId: 'microsoft' } },
    'assertionFrom.scopes',
    /This property is required/,
  ],
  [
    { ...exchange, assertionFrom: { providerId: 'aws-sso', scopes: [] } },
    'assertionFrom.providerId',
    /an authentication provider other than 'aws-sso'/,
  ],
];

describe('the setting awsSso.connections', () => {
  it('gives every member of both kinds of connection', () => {
    const { connections, problems } = parseConnections([full, exchange]);
    assert.deepEqual(problems, []);
    assert.deepEqual(connections, [full, exchange]);
  });

  it('takes the endpoint URL of a local Identity Center with a local start URL', () => {
    const local = {
      ...acme,
      startUrl: 'http://identity-center.localhost:8080/start',
      endpointUrl: 'http://127.0.0.1:8080',
    };
    assert.deepEqual(parseConnections([local]), { connections: [local], problems: [] });
  });

  it('is normalized: spaces, the shape of the start URL, members nobody knows', () => {
    const messy = { ...acme, name: ' acme ', startUrl: ' acme.awsapps.com/start/#/', colour: 'blue' };
    assert.deepEqual(parseConnections([messy]).connections, [acme]);
  });

  for (const blank of ['', ' ', '\t']) {
    it(`does without every optional member that is left blank as ${JSON.stringify(blank)} (netbird#838)`, () => {
      const blanks = {
        scopes: blank,
        endpointUrl: blank,
        portalEndpointUrl: blank,
        flow: blank,
        issuerUrl: blank,
        entitledApplicationArn: blank,
        useFipsEndpoint: blank,
        useDualstackEndpoint: blank,
      };
      assert.deepEqual(parseConnections([{ ...acme, ...blanks }]), { connections: [acme], problems: [] });
      const { flow: _, ...others } = blanks;
      assert.deepEqual(parseConnections([{ ...exchange, ...others }]), {
        connections: [exchange],
        problems: [],
      });
    });
  }

  for (const [entry, member, message] of BROKEN) {
    it(`tells what is wrong with ${JSON.stringify(entry)}, and uses the entries beside it`, () => {
      const { connections, problems } = parseConnections([entry, { ...acme, name: 'fine' }]);
      assert.deepEqual(
        connections.map(({ name }) => name),
        ['fine'],
      );
      assert.deepEqual(
        problems.map((problem) => problem.member),
        [member],
        JSON.stringify(problems),
      );
      assert.match(inEnglish(problems[0]?.message ?? ''), message);
      assert.doesNotMatch(JSON.stringify(problems), /hunter2/);
    });
  }

  it('tells everything that is wrong with an entry', () => {
    const { problems } = parseConnections([{ name: 'acme', region: 'Ireland', startUrl: '' }]);
    assert.deepEqual(
      problems.map(({ member }) => member),
      ['region', 'startUrl'],
    );
  });

  it('uses the first of several connections with the same name, and says so', () => {
    const { connections, problems } = parseConnections([
      acme,
      { ...acme, name: 'acme ', region: 'us-east-1' },
    ]);
    assert.deepEqual(connections, [acme]);
    assert.deepEqual(
      problems.map(({ entry, member, message }) => [entry, member, inEnglish(message)]),
      [
        [
          '"acme"',
          'name',
          'Connection "acme", name: Entry #2 has the same name as an earlier one. Rename it.',
        ],
      ],
    );
  });

  it('has no connections and no problems when it is not set', () => {
    for (const value of [undefined, null, []]) {
      assert.deepEqual(parseConnections(value), { connections: [], problems: [] });
    }
  });

  it('has names that can be shown: nothing invisible, no other direction of text, of bounded length', () => {
    const names = ['ac\u200Bme', 'acme\u202Egpj.', 'x'.repeat(5000)];
    const { connections, problems } = parseConnections(
      names.map((name) => Object.assign({}, acme, { name })),
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      connections.map(({ name }) => name),
      ['ac me', 'acme gpj.', `${'x'.repeat(99)}…`],
    );
  });

  it('must be a list', () => {
    const { connections, problems } = parseConnections({ acme });
    assert.deepEqual(connections, []);
    assert.equal(inEnglish(problems[0]?.message ?? ''), 'awsSso.connections: Must be a list.');
  });

  it('is read to connections whose services can be resolved, whatever it holds', () => {
    const member = fc.oneof(
      fc.constantFrom(...Object.values({ ...full, ...exchange })),
      fc.constantFrom('http://127.0.0.1:1', 'https://acme.example/a', 'jwtBearer', 'acme', 'us-iso-east-1'),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const keys = Object.keys({ ...full, ...exchange, endpointUrl: '', portalEndpointUrl: '' });
    const changes = fc.dictionary(fc.constantFrom(...keys), member);
    const changed = (entry: object) => changes.map((members) => Object.assign({}, entry, members));
    const entry = fc.oneof(fc.jsonValue({ maxDepth: 1 }), changed(acme), changed(exchange));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 4 }), (value) => {
        const { connections, problems } = parseConnections(value);
        assert.ok(connections.length + problems.length >= value.length);
        for (const connection of connections) {
          for (const { protocol, hostname } of [oidcEndpoint(connection), portalEndpoint(connection)]) {
            assert.ok(protocol === 'https:' || isLoopbackHost(hostname));
          }
          assert.deepEqual(v.parse(connectionSchema, connection), connection);
        }
      }),
    );
  });
});
