import assert from 'node:assert/strict';
import { SSOClient } from '@aws-sdk/client-sso';
import { SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import * as fc from 'fast-check';
import { resolveOidcEndpoint, resolvePortalEndpoint, urlBelow } from '../../../src/oidc/endpoint.ts';
import type { EndpointOptions } from '../../../src/oidc/endpoint.ts';
import { SsoOidcError } from '../../../src/wire/errors.ts';

const REGIONS = `
  af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1
  ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5
  ap-southeast-6 ap-southeast-7 aws-global ca-central-1 ca-west-1 eu-central-1 eu-central-2
  eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1
  me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2
  aws-cn-global cn-north-1 cn-northwest-1 eusc-de-east-1 aws-iso-global us-iso-east-1
  us-iso-west-1 aws-iso-b-global us-isob-east-1 us-isob-west-1 aws-iso-e-global eu-isoe-west-1
  aws-iso-f-global us-isof-east-1 us-isof-south-1 aws-us-gov-global us-gov-east-1 us-gov-west-1
`
  .trim()
  .split(/\s+/);
const VARIANTS = [false, true].flatMap((useFips) =>
  [false, true].map((useDualStack) => ({ useFips, useDualStack })),
);

/** What AWS's own SDK resolves. */
function awsEndpoint(client: SSOClient | SSOOIDCClient, options: EndpointOptions): string {
  const { url } = client.config.endpointProvider({
    Region: options.region,
    UseFIPS: options.useFips,
    UseDualStack: options.useDualStack,
    Endpoint: options.endpoint,
  });
  return url.href;
}

describe('endpoint resolution', () => {
  const oidc = new SSOOIDCClient({ region: 'us-east-1' });
  const portal = new SSOClient({ region: 'us-east-1' });

  function assertAsAws(options: EndpointOptions): void {
    assert.equal(resolveOidcEndpoint(options).href, awsEndpoint(oidc, options));
    assert.equal(resolvePortalEndpoint(options).href, awsEndpoint(portal, options));
  }

  it("agrees with AWS's SDK in every region and variant", () => {
    for (const region of REGIONS) {
      VARIANTS.forEach((variant) => assertAsAws({ region, ...variant }));
    }
  });

  it("agrees with AWS's SDK on regions that do not exist yet", () => {
    const prefix = fc.constantFrom(
      'us',
      'eu',
      'cn',
      'us-gov',
      'us-iso',
      'us-isob',
      'eu-isoe',
      'us-isof',
      'eusc-de',
      'mx',
      'zz',
    );
    const region = fc
      .tuple(prefix, fc.stringMatching(/^[a-z]{1,12}$/), fc.integer({ min: 1, max: 99 }))
      .map((parts) => parts.join('-'));
    fc.assert(
      fc.property(region, fc.constantFrom(...VARIANTS), (region, variant) =>
        assertAsAws({ region, ...variant }),
      ),
    );
  });

  it('takes a custom endpoint with its port and path, as AWS does', () => {
    for (const endpoint of [
      'https://sso.example.com',
      'https://sso.example.com:8443/a/b/',
      'http://127.0.0.1:1',
      'http://127.9.9.9/x',
      'http://[::1]:8080',
      'http://localhost:8080',
      'http://identity-center.localhost:8080',
    ]) {
      assertAsAws({ endpoint });
      assertAsAws({ endpoint, region: 'eu-west-1' });
    }
  });

  it('puts paths below the path of a custom endpoint', () => {
    const { href } = urlBelow(new URL('https://sso.example.com/a/b//'), '/token?aws_iam=t');
    assert.equal(href, 'https://sso.example.com/a/b/token?aws_iam=t');
    assert.equal(
      urlBelow(new URL('https://sso.example.com'), '/token').href,
      'https://sso.example.com/token',
    );
  });

  const refused: readonly (readonly [string, EndpointOptions])[] = [
    ['no region', {}],
    ['an empty region', { region: '' }],
    ['a region that would change the host', { region: 'evil.example/#' }],
    ['a region with a trailing hyphen', { region: 'eu-' }],
    ['FIPS with a custom endpoint', { endpoint: 'https://a.example', useFips: true }],
    ['dual-stack with a custom endpoint', { endpoint: 'https://a.example', useDualStack: true }],
    ['what is not a URL', { endpoint: 'sso.example.com' }],
    ['http to another machine', { endpoint: 'http://sso.example.com' }],
    ['http to a host that only looks like loopback', { endpoint: 'http://127.0.0.1.example.com' }],
    ['http to a host that only ends like localhost', { endpoint: 'http://evil-localhost' }],
    ['another scheme', { endpoint: 'file:///etc/passwd' }],
    ['a password', { endpoint: 'https://user:hunter2hunter2@a.example' }],
    ['a query', { endpoint: 'https://a.example/?token=hunter2hunter2' }],
    ['a fragment', { endpoint: 'https://a.example/#hunter2hunter2' }],
  ];
  for (const [what, options] of refused) {
    it(`refuses ${what}, without repeating it`, () => {
      assert.throws(
        () => resolvePortalEndpoint(options),
        (error) => {
          assert(error instanceof SsoOidcError);
          assert.equal(error.code, 'InvalidEndpoint');
          assert.equal(error.sent, 'no');
          assert.doesNotMatch(error.message, /hunter2|evil/);
          return true;
        },
      );
    });
  }

  it('never leaves the domains of AWS, whatever the region', () => {
    fc.assert(
      fc.property(fc.string(), (region) => {
        try {
          assert.match(resolveOidcEndpoint({ region }).href, /^https:\/\/oidc\.[a-z0-9-]+\.[a-z.-]+\/$/);
        } catch (error) {
          assert(error instanceof SsoOidcError);
        }
      }),
    );
  });
});
