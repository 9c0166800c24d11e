import assert from 'node:assert/strict';

import { systemClock } from '../../../src/common/clock.ts';
import { deviceCodeFlow } from '../../../src/flows/deviceCode/deviceCode.ts';
import { refreshTokens } from '../../../src/flows/refreshToken.ts';
import type { IssuedTokens } from '../../../src/flows/tokens.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { IdentityCenter } from '../../identity-center/server.ts';
import { flowContext, oidcClient, scriptedUser, SCOPES } from './support.ts';

describe('The requests to the service', function () {
  this.timeout(20_000);
  const { signal } = new AbortController();
  let center: IdentityCenter;
  let context: ReturnType<typeof flowContext>;

  beforeEach(async () => {
    center = await startIdentityCenter();
    context = flowContext();
  });
  afterEach(() => center.close());

  const signIn = (): Promise<IssuedTokens> => {
    const approve = scriptedUser({ showUserCode: ({ userCode }) => void center.approve(userCode) });
    return deviceCodeFlow(context)(center.connection, SCOPES, approve, signal);
  };

  async function requestsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = center.requests.records.length;
    await work();
    return center.requests.records.slice(before).map(({ path }) => path);
  }

  it('at a first sign-in: a registration, a code, one poll once it is approved, never a burst (leapp#281)', async () => {
    assert.deepEqual(await requestsOf(signIn), ['/client/register', '/device_authorization', '/token']);
  });

  it('at a later sign-in: a code and one poll', async () => {
    await signIn();
    assert.deepEqual(await requestsOf(signIn), ['/device_authorization', '/token']);
  });

  it('at a refresh: one request', async () => {
    const { refreshToken, client } = await signIn();
    assert(refreshToken !== undefined && client !== undefined);
    const oidc = oidcClient(center.connection);
    const refresh = (): Promise<IssuedTokens> =>
      refreshTokens({ oidc, clock: systemClock }, { refreshToken, client }, signal);
    assert.deepEqual(await requestsOf(refresh), ['/token']);
  });
});
