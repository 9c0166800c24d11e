import assert from 'node:assert/strict';
import { isDualStackHost, isOwnedHost } from '../../../../src/connections/startUrl/hosts.ts';

const OWNED = [
  'acme.awsapps.com',
  'start.us-gov-home.awsapps.com',
  'start.home.awsapps.cn',
  'ssoins-1.portal.eu-west-1.app.aws',
  'ssoins-1.eu-west-1.portal.amazonaws.com',
  'ssoins-1.cn-north-1.portal.amazonaws.com.cn',
  'ssoins-1.portal.cn-north-1.app.amazonwebservices.com.cn',
  'ssoins-1.eusc-de-east-1.portal.amazonaws.eu',
  'ssoins-1.portal.eusc-de-east-1.api.amazonwebservices.eu',
  'identitycenter.amazonaws.com',
  'identitycenter.us-gov.amazonaws.com',
  'identitycenter.amazonaws.com.cn',
  'identitycenter.amazonaws.eu',
];

describe('a host', () => {
  for (const host of OWNED) {
    it(`is AWS's own: ${host}`, () => assert.ok(isOwnedHost(host)));
  }

  for (const host of [
    'awsapps.com',
    '.awsapps.com',
    'acmeawsapps.com',
    'acme.awsapps.com.evil.example',
    'acme.awsapps.com.',
    'awsapps.com.evil.example',
    'identitycenter.amazonaws.com.evil.example',
    'x.identitycenter.amazonaws.com',
    's3.amazonaws.com',
    'bucket.s3.amazonaws.com',
    'xn--awsapps-5fg.com',
    'localhost',
    '',
  ]) {
    it(`is not AWS's own: ${JSON.stringify(host)}`, () => assert.ok(!isOwnedHost(host)));
  }

  it('is a dual-stack portal under the three dual-stack suffixes only', () => {
    assert.deepEqual(OWNED.filter(isDualStackHost), [
      'ssoins-1.portal.eu-west-1.app.aws',
      'ssoins-1.portal.cn-north-1.app.amazonwebservices.com.cn',
      'ssoins-1.portal.eusc-de-east-1.api.amazonwebservices.eu',
    ]);
  });
});
