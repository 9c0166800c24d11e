import assert from 'node:assert/strict';

import { cliEndpoint } from '../../../../src/awsCli/files/cliEndpoint.ts';

describe('the service that the AWS CLI calls', () => {
  const own = 'https://oidc.example';
  const all = 'https://aws.example';
  const cases = [
    ["is AWS's where nothing else is said", {}, undefined],
    ['is that of its own variable', { AWS_ENDPOINT_URL_SSO_OIDC: own, AWS_ENDPOINT_URL: all }, own],
    ['is that of all services', { AWS_ENDPOINT_URL_SSO_OIDC: '', AWS_ENDPOINT_URL: all }, all],
    [
      "is AWS's where the variables are to be ignored",
      { AWS_ENDPOINT_URL: all, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'TRUE' },
      undefined,
    ],
  ] as const;
  for (const [what, environment, expected] of cases) {
    it(what, () => assert.equal(cliEndpoint(environment), expected));
  }
});
