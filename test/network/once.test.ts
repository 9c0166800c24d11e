import assert from 'node:assert/strict';
import { fallbackFetch } from '../../src/network/fallbackFetch.ts';
import { bothFetches, errorOf, refresh, REFRESH_TOKEN, secondFetch } from './client.ts';
import { startProxy } from './forwardingProxy.ts';
import type { Proxy } from './forwardingProxy.ts';
import { createAuthority, startService, TIMEOUT_MS } from './service.ts';
import type { Authority } from './service.ts';

/** A fetch whose both transports work through a proxy of its own. */
function overTwoProxies(ca: Authority, first: Proxy, second: Proxy): typeof globalThis.fetch {
  const through = ({ url }: Proxy) => secondFetch({ trusted: [ca], settings: { httpProxy: url.href } });
  return fallbackFetch(through(first), through(second));
}

describe('a refresh token', function () {
  this.timeout(TIMEOUT_MS);

  let ca: Authority;

  before(async () => {
    ca = await createAuthority('Well-Known Authority');
  });

  it('is sent once when the proxy dies while the service works on it', async () => {
    await using first = await startProxy();
    await using second = await startProxy();
    await using service = await startService(ca, () => first.breakConnections());
    const error = await errorOf(refresh(service, overTwoProxies(ca, first, second)));
    assert.equal(error.sent, 'maybe', error.message);
    assert.equal(service.bodies.length, 1);
    assert.equal(second.requests, 0);
  });

  it('is sent once when the service dies instead of answering', async () => {
    await using first = await startProxy();
    await using second = await startProxy();
    await using service = await startService(ca, ({ socket }) => socket.destroy());
    const error = await errorOf(refresh(service, overTwoProxies(ca, first, second)));
    assert.equal(error.sent, 'maybe', error.message);
    assert.equal(service.bodies.length, 1);
    assert.equal(second.requests, 0);
  });

  it('is sent once when the response breaks off', async () => {
    await using first = await startProxy();
    await using second = await startProxy();
    await using service = await startService(ca, (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"accessToken":', () => response.destroy());
    });
    const error = await errorOf(refresh(service, overTwoProxies(ca, first, second)));
    assert.equal(error.code, 'TruncatedBody', error.message);
    assert.equal(service.bodies.length, 1);
    assert.equal(second.requests, 0);
  });

  it('goes through the second transport, once, when the first one has lost its proxy', async () => {
    const gone = await startProxy();
    await gone[Symbol.asyncDispose]();
    await using second = await startProxy();
    await using service = await startService(ca);
    assert.equal(await refresh(service, overTwoProxies(ca, gone, second)), 'token');
    assert.equal(service.bodies.length, 1);
    assert.match(service.bodies[0] ?? '', new RegExp(REFRESH_TOKEN));
  });

  it('is not sent while the proxy is down, and sent when it is back', async () => {
    await using service = await startService(ca);
    const proxy = await startProxy();
    const fetch = bothFetches({ trusted: [ca], settings: { httpProxy: proxy.url.href } });
    assert.equal(await refresh(service, fetch), 'token');
    await proxy[Symbol.asyncDispose]();
    const error = await errorOf(refresh(service, fetch));
    assert.equal(error.sent, 'no', error.message);
    assert.match(error.message, /ECONNREFUSED/);
    assert.equal(service.bodies.length, 1);
    await using _ = await startProxy({ port: Number(proxy.url.port) });
    assert.equal(await refresh(service, fetch), 'token');
    assert.equal(service.bodies.length, 2);
  });
});
