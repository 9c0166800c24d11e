import assert from 'node:assert/strict';
import { ListAccountsCommand } from '@aws-sdk/client-sso';
import { GRANT_TYPES } from './grants.ts';
import type { RequestSummary } from './requestLog.ts';
import { SdkClient } from './sdk.ts';
import type { IdentityCenter } from './server.ts';
import { startIdentityCenter } from './server.ts';

const isRefresh = ({ grantType }: RequestSummary): boolean => grantType === GRANT_TYPES.refreshToken;

describe("the embedded Identity Center's faults", () => {
  let center: IdentityCenter;
  let client: SdkClient;
  let refreshToken: string;

  beforeEach(async () => {
    center = await startIdentityCenter();
    client = await SdkClient.register(center);
    ({ refreshToken } = await client.signIn(center));
  });

  afterEach(async () => {
    client.dispose();
    await center.close();
  });

  it('answers with an AWS exception, once, and leaves the refresh token unused', async () => {
    center.failNext(isRefresh, {
      kind: 'exception',
      status: 500,
      exception: 'InternalServerException',
      error: 'server_error',
    });
    await assert.rejects(client.refresh(refreshToken), {
      name: 'InternalServerException',
      error: 'server_error',
    });
    assert.equal((await client.refresh(refreshToken)).tokenType, 'Bearer');
  });

  it("answers with the portal's kind of exception", async () => {
    center.failNext(({ path }) => path === '/assignment/accounts', {
      kind: 'exception',
      status: 429,
      exception: 'TooManyRequestsException',
    });
    await assert.rejects(client.portal.send(new ListAccountsCommand({ accessToken: 'any' })), {
      name: 'TooManyRequestsException',
      message: 'This failure was asked for.',
    });
  });

  it("responds with a gateway's page as often as configured, and stops when that is reset", async () => {
    const outage = center.failNext(isRefresh, { kind: 'html', status: 502 }, Infinity);
    for (let i = 0; i < 3; i++) {
      const response = await refreshOverHttp();
      assert.equal(response.status, 502);
      assert.equal(response.headers.get('content-type'), 'text/html');
    }
    outage.dispose();
    center.failNext(isRefresh, { kind: 'html', status: 503 }, 2);
    const statuses = [];
    for (let i = 0; i < 3; i++) {
      statuses.push((await refreshOverHttp()).status);
    }
    assert.deepEqual(statuses, [503, 503, 200]);
  });

  it('answers as a policy or a gateway in front of it does, and leaves the refresh token unused', async () => {
    const headers = { 'x-amzn-errortype': 'AccessDeniedException' };
    center.failNext(isRefresh, { kind: 'frontDoor', status: 403, body: { Message: 'Denied.' }, headers });
    const response = await refreshOverHttp();
    assert.equal(response.status, 403);
    assert.equal(response.headers.get('x-amzn-errortype'), 'AccessDeniedException');
    assert.deepEqual(await response.json(), { Message: 'Denied.' });
    assert.equal((await refreshOverHttp()).status, 200);
  });

  it('answers with odd members after the refresh token was used up', async () => {
    center.failNext(isRefresh, { kind: 'oddMembers', members: { expiresIn: '3600', idToken: undefined } });
    const answer = (await (await refreshOverHttp()).json()) as Record<string, unknown>;
    assert.equal(answer['expiresIn'], '3600');
    assert.equal('idToken' in answer, false);
    assert.equal(await center.isTokenActive(String(answer['accessToken'])), true);
    await assert.rejects(client.refresh(refreshToken), { name: 'InvalidGrantException' });
  });

  it('tells why AWS KMS refused', async () => {
    center.failNext(isRefresh, {
      kind: 'exception',
      status: 400,
      exception: 'AccessDeniedException',
      error: 'access_denied',
      reason: 'KMS_AccessDeniedException',
    });
    await assert.rejects(client.refresh(refreshToken), {
      name: 'AccessDeniedException',
      reason: 'KMS_AccessDeniedException',
    });
  });

  it('breaks the connection before the refresh token is used up', async () => {
    center.failNext(isRefresh, { kind: 'dropBefore' });
    await assert.rejects(refreshOverHttp());
    assert.equal((await refreshOverHttp()).status, 200);
  });

  it('loses the response after the refresh token was used up', async () => {
    center.failNext(isRefresh, { kind: 'dropAfter' });
    await assert.rejects(refreshOverHttp());
    await assert.rejects(client.refresh(refreshToken), { name: 'InvalidGrantException' });
  });

  it('hangs until the client gives up, with the request logged at once', async () => {
    center.failNext(isRefresh, { kind: 'hang' });
    const logged = center.requests.next(isRefresh);
    const giveUp = new AbortController();
    const refresh = refreshOverHttp(giveUp.signal);
    const { fault, status } = await logged;
    assert.deepEqual({ fault, status }, { fault: 'hang', status: undefined });
    giveUp.abort();
    await assert.rejects(refresh, { name: 'AbortError' });
  });

  it('answers late', async () => {
    center.failNext(isRefresh, { kind: 'delay', delayMs: 300 });
    const sent = performance.now();
    assert.equal((await refreshOverHttp()).status, 200);
    assert.ok(performance.now() - sent >= 295, 'it came at once');
  });

  it('answers with the clock it was told to have', async () => {
    center.failNext(isRefresh, { kind: 'clockSkew', skewMs: 3_600_000 });
    const date = (await refreshOverHttp()).headers.get('date') ?? '';
    const skewMs = Date.parse(date) - Date.now();
    assert.ok(Math.abs(skewMs - 3_600_000) < 5000, `the skew is ${skewMs} ms`);
  });

  it('logs what was asked and answered, without secrets', async () => {
    await assert.rejects(client.refresh('made-up'), { name: 'InvalidGrantException' });
    const record = center.requests.records.at(-1);
    assert.deepEqual(
      { ...record, time: 0, requestId: '' },
      {
        method: 'POST',
        path: '/token',
        grantType: GRANT_TYPES.refreshToken,
        status: 400,
        exception: 'InvalidGrantException',
        time: 0,
        requestId: '',
      },
    );
    assert.equal(JSON.stringify(center.requests.records).includes(client.registration.clientSecret), false);
  });

  it('closes while requests hang, and frees its port', async () => {
    center.failNext(isRefresh, { kind: 'hang' });
    const logged = center.requests.next(isRefresh);
    const refresh = refreshOverHttp();
    await Promise.all([logged, assert.rejects(refresh), logged.then(() => center.close())]);
    center = await startIdentityCenter({ port: Number(new URL(center.url).port) });
  });

  function refreshOverHttp(signal?: AbortSignal): Promise<Response> {
    return fetch(`${center.url}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...client.registration,
        grantType: GRANT_TYPES.refreshToken,
        refreshToken,
      }),
      signal: signal ?? null,
    });
  }
});
