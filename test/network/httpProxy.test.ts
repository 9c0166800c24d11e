import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';
import { listen } from '../support/listen.ts';
import { bothFetches, errorOf, refresh, secondFetch } from './client.ts';
import { startProxy } from './forwardingProxy.ts';
import { createAuthority, startService, TIMEOUT_MS } from './service.ts';
import type { Authority, Service } from './service.ts';

const hasIPv6 = (): boolean =>
  Object.values(networkInterfaces())
    .flat()
    .some((found) => found?.family === 'IPv6');

const PASSWORD = 'p@ss:w/rd%';

describe('an HTTP proxy', function () {
  this.timeout(TIMEOUT_MS);

  let ca: Authority;
  let service: Service;

  before(async () => {
    ca = await createAuthority('Well-Known Authority');
    service = await startService(ca);
  });
  after(() => service[Symbol.asyncDispose]());

  it('is used when http.proxy names it', async () => {
    await using proxy = await startProxy();
    const fetch = bothFetches({ trusted: [ca], settings: { httpProxy: proxy.url.href } });
    assert.equal(await refresh(service, fetch), 'token');
    assert.equal(proxy.requests, 1);
  });

  for (const name of ['HTTPS_PROXY', 'https_proxy']) {
    it(`is used when ${name} names it`, async () => {
      await using proxy = await startProxy();
      const fetch = bothFetches({ trusted: [ca], settings: { environment: { [name]: proxy.url.href } } });
      assert.equal(await refresh(service, fetch), 'token');
      assert.equal(proxy.requests, 1);
    });
  }

  it('may have an IPv6 address', async function () {
    if (!hasIPv6()) this.skip();
    await using proxy = await startProxy({ host: '::1' });
    const fetch = bothFetches({ trusted: [ca], settings: { httpProxy: proxy.url.href } });
    assert.equal(await refresh(service, fetch), 'token');
    assert.equal(proxy.requests, 1);
  });

  it('gets the credentials in its URL', async () => {
    await using proxy = await startProxy({ password: PASSWORD });
    const fetch = bothFetches({ trusted: [ca], settings: { httpProxy: proxy.url.href } });
    assert.equal(await refresh(service, fetch), 'token');
  });

  it('is what the error names when it refuses the credentials, which the error does not show', async () => {
    await using proxy = await startProxy({ password: PASSWORD });
    const wrong = new URL(proxy.url);
    wrong.password = 'wrong-password';
    const fetch = bothFetches({ trusted: [ca], settings: { httpProxy: wrong.href } });
    const before = service.bodies.length;
    const error = await errorOf(refresh(service, fetch), 'wrong-password');
    assert.equal(error.code, 'NetworkProxy', error.message);
    assert.equal(error.sent, 'no');
    assert.match(error.message, /407.* Check the proxy settings and credentials\.$/);
    assert.equal(service.bodies.length, before);
  });

  it('is what the error names when its setting is not a URL', async () => {
    const fetch = bothFetches({ trusted: [ca], settings: { httpProxy: 'proxy.example:3128' } });
    const error = await errorOf(refresh(service, fetch));
    assert.equal(error.code, 'NetworkProxy', error.message);
    assert.match(error.message, /The value of http\.proxy isn't a proxy URL/);
  });

  const exemptions = [
    ['http.noProxy', (httpProxy: string) => ({ httpProxy, noProxy: ['.service.example'] })],
    ['NO_PROXY', (httpProxy: string) => ({ httpProxy, environment: { NO_PROXY: 'service.example' } })],
    ['no_proxy', (httpProxy: string) => ({ httpProxy, environment: { no_proxy: 'service.example' } })],
  ] as const;
  for (const [name, settings] of exemptions) {
    it(`is left aside for a host that ${name} exempts`, async () => {
      await using proxy = await startProxy();
      const fetch = bothFetches({ trusted: [ca], settings: settings(proxy.url.href) });
      // The host has no address here, so without the proxy it is not found.
      assert.equal((await errorOf(refresh(service, fetch))).code, 'NetworkDns');
      assert.equal(proxy.requests, 0);
    });
  }
});

describe('without a proxy', function () {
  this.timeout(TIMEOUT_MS);

  for (const host of ['127.0.0.1', '::1'] as const) {
    it(`a service on ${host} is found`, async function () {
      if (host === '::1' && !hasIPv6()) this.skip();
      await using server = await listen(
        createServer((_, response) => response.end('found')),
        { host },
      );
      assert.equal(await (await secondFetch({ trusted: [] })(server.url)).text(), 'found');
    });
  }

  it('a name that does not exist is NetworkDns, and nothing was sent', async () => {
    const ca = await createAuthority('Well-Known Authority');
    await using service = await startService(ca);
    const error = await errorOf(refresh(service, bothFetches({ trusted: [ca] })));
    assert.equal(error.code, 'NetworkDns', error.message);
    assert.equal(error.sent, 'no');
  });
});
