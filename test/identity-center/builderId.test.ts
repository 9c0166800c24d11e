import assert from 'node:assert/strict';
import { BUILDER_ID } from '../../src/connections/startUrl/builderId.ts';
import { SdkClient } from './sdk.ts';
import type { IdentityCenter } from './server.ts';
import { startIdentityCenter } from './server.ts';

describe("the embedded Identity Center as AWS Builder ID's", () => {
  let center: IdentityCenter;
  beforeEach(async () => {
    center = await startIdentityCenter({ startUrls: [BUILDER_ID.startUrl] });
  });
  afterEach(() => center.close());

  it("signs in for the scopes of a product, with a token that opens no AWS account's list", async () => {
    const client = await SdkClient.register(center, { scopes: ['codewhisperer:completions'] });
    const authorization = await client.startDeviceAuthorization();
    await center.approve(authorization.userCode);
    const { accessToken } = await client.poll(authorization);
    const headers = { 'x-amz-sso_bearer_token': accessToken ?? '' };
    assert.equal((await fetch(`${center.url}/assignment/accounts`, { headers })).status, 401);
    client.dispose();
  });

  for (const scopes of [
    ['sso:account:access'],
    ['codewhisperer:completions', 'sso:account:access'],
    undefined,
  ]) {
    it(`refuses the scopes ${scopes?.join(' ') ?? 'of a registration without any'}`, async () => {
      const client = await SdkClient.register(center, { scopes });
      await assert.rejects(client.startDeviceAuthorization(), { name: 'UnauthorizedClientException' });
      client.dispose();
    });
  }

  it('refuses to register a client for it that asks for AWS accounts', async () => {
    const request = { issuerUrl: BUILDER_ID.startUrl, scopes: ['sso:account:access'] };
    await assert.rejects(SdkClient.register(center, request), { name: 'InvalidScopeException' });
  });
});
