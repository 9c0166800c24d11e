import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { SsoOidcClient } from '../../../src/oidc/client.ts';
import { SsoPortalClient } from '../../../src/portal/client.ts';
import { HastyClock } from '../../support/hastyClock.ts';
import type { Listening } from '../../support/listen.ts';
import {
  answering,
  clientOf,
  DEVICE_POLL,
  errorOf,
  httpServer,
  mostJitter,
  REFRESH,
  REGISTRATION,
  SECRETS,
} from '../oidc/support.ts';

/** A server that answers one request after the other, and counts them; the last answer is for all further ones. */
async function sequence(
  ...answers: RequestListener[]
): Promise<Listening & { readonly count: () => number }> {
  let count = 0;
  const server = await httpServer((request, response) => {
    answers[Math.min(count, answers.length - 1)]?.(request, response);
    count++;
  });
  return { ...server, count: () => count };
}

const ok: RequestListener = (_, response) => response.end('{"clientId":"id"}');
const reset: RequestListener = (request) => request.socket.resetAndDestroy();
const status =
  (code: number, headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end('{}');

/** A `fetch` whose first `times` calls fail before anything is sent. */
function unsent(times: number): { readonly fetch: typeof fetch; readonly count: () => number } {
  let count = 0;
  return {
    count: () => count,
    fetch: async (input, init) => {
      count++;
      if (count <= times) {
        throw new TypeError('fetch failed', {
          cause: Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' }),
        });
      }
      return fetch(input, init);
    },
  };
}

describe('repeating a request', () => {
  it('counts what it repeated', async () => {
    await using server = await sequence(status(503), reset, ok);
    const clock = new HastyClock();
    const result = await clientOf(server, clock).registerClient(REGISTRATION);
    assert.equal(result.clientId, 'id');
    assert.equal(result.ResponseMetadata.RetryAttempts, 2);
    assert.deepEqual(clock.waits, [400, 800]);
  });

  it('gives up after three attempts, with the last error', async () => {
    await using server = await sequence(status(503), status(502), status(500));
    const start = {
      clientId: 'id',
      clientSecret: SECRETS.clientSecret,
      startUrl: 'https://acme.awsapps.com/start',
    };
    const error = await errorOf(clientOf(server).startDeviceAuthorization(start));
    assert.equal(error.status, 500);
    assert.equal(error.ResponseMetadata?.RetryAttempts, 2);
    assert.equal(server.count(), 3);
  });

  it('waits any share of the backoff', async () => {
    await using server = await sequence(status(500), ok);
    const clock = new HastyClock();
    const random = { ...mostJitter, uniform: () => 0 };
    await new SsoOidcClient({ endpoint: server.url, clock, random }).registerClient(REGISTRATION);
    assert.deepEqual(clock.waits, [0]);
  });

  it('waits as long as the server asks', async () => {
    await using server = await sequence(status(429, { 'retry-after': '7' }), ok);
    const clock = new HastyClock();
    await clientOf(server, clock).registerClient(REGISTRATION);
    assert.deepEqual(clock.waits, [7000]);
  });

  it('leaves a longer wait to the caller', async () => {
    await using server = await sequence(status(429, { 'retry-after': '60' }), ok);
    const error = await errorOf(clientOf(server).registerClient(REGISTRATION));
    assert.equal(error.retryAfterMs, 60_000);
    assert.equal(server.count(), 1);
  });

  it('is not tried where nothing can change', async () => {
    for (const answer of [status(400), status(403), status(302, { location: '/' })]) {
      await using server = await sequence(answer);
      await errorOf(clientOf(server).registerClient(REGISTRATION));
      assert.equal(server.count(), 1);
    }
  });

  it('is for the portal too', async () => {
    await using server = await sequence(status(500), ok);
    const portal = new SsoPortalClient({ endpoint: server.url, clock: new HastyClock() });
    assert.equal((await portal.logout({ accessToken: 'token' })).ResponseMetadata.RetryAttempts, 1);
  });

  for (const answer of [status(500), status(429), reset]) {
    it('never sends a refresh token twice, once it may have arrived', async () => {
      await using server = await sequence(answer);
      await errorOf(clientOf(server).createToken(REFRESH));
      assert.equal(server.count(), 1);
    });
  }

  it('sends a refresh token again when it never left', async () => {
    await using server = await answering(200, '{"accessToken":"a"}');
    const { fetch } = unsent(2);
    const client = new SsoOidcClient({ endpoint: server.url, clock: new HastyClock(), fetch });
    assert.equal((await client.createToken(REFRESH)).ResponseMetadata.RetryAttempts, 2);
  });

  it('leaves polling to the poller', async () => {
    await using server = await answering(200, '{"accessToken":"a"}');
    const { fetch, count } = unsent(1);
    const client = new SsoOidcClient({ endpoint: server.url, clock: new HastyClock(), fetch });
    assert.equal((await errorOf(client.createToken(DEVICE_POLL))).code, 'NetworkDns');
    assert.equal(count(), 1);
  });
});
