import assert from 'node:assert/strict';
import { chooseRoute, hostAndPort, withoutCredentials } from '../../../src/network/route.ts';
import type { Route } from '../../../src/network/route.ts';
import type { NetworkSettings } from '../../../src/network/networkSettings.ts';

const TARGET = 'https://oidc.eu-west-1.amazonaws.com/token';
const PROXY = 'http://proxy.example:3128';

function route(settings: Partial<NetworkSettings>, target = TARGET): Route {
  const none = { httpProxy: '', noProxy: [], strictSSL: true, systemCertificates: true, environment: {} };
  return chooseRoute(new URL(target), { ...none, ...settings });
}

/** The source of the proxy, or why there is none. */
function verdict(found: Route): string {
  return found.kind === 'direct' ? found.because : `${found.kind} ${found.source}`;
}

describe('the route to a host', () => {
  it('is direct when nobody names a proxy', () => {
    assert.deepEqual(route({}), { kind: 'direct', because: 'noProxy' });
  });

  it('is the proxy of http.proxy before any of the environment', () => {
    const environment = { HTTPS_PROXY: 'http://other.example', https_proxy: 'http://other.example' };
    const expected = { kind: 'proxy', proxy: new URL(PROXY), source: 'http.proxy' };
    assert.deepEqual(route({ httpProxy: ` ${PROXY} `, environment }), expected);
  });

  for (const name of ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const) {
    it(`is the proxy of the environment's ${name}`, () => {
      const expected = { kind: 'proxy', proxy: new URL(PROXY), source: name };
      assert.deepEqual(route({ environment: { [name]: PROXY } }), expected);
    });
  }

  it('treats an empty variable as absent', () => {
    assert.equal(verdict(route({ environment: { https_proxy: '', HTTP_PROXY: PROXY } })), 'proxy HTTP_PROXY');
  });

  for (const proxy of [
    'proxy.example:3128',
    'proxy.example',
    'ftp://proxy.example',
    'http://',
    'http://user:100%@proxy.example',
  ]) {
    it(`is invalid when http.proxy is ${proxy}`, () => {
      assert.deepEqual(route({ httpProxy: proxy }), { kind: 'invalid', source: 'http.proxy' });
    });
  }

  for (const target of [
    'http://localhost:8080',
    'http://127.0.0.1:8080',
    'http://127.8.9.1',
    'http://[::1]:8080',
  ]) {
    it(`is direct to ${target}, whatever the proxy`, () => {
      assert.equal(verdict(route({ httpProxy: PROXY }, target)), 'loopback');
    });
  }

  const exempting: readonly (readonly [entry: string, target?: string])[] = [
    ['*'],
    ['amazonaws.com'],
    ['.amazonaws.com'],
    ['*.amazonaws.com'],
    ['OIDC.eu-west-1.AmazonAWS.com'],
    ['amazonaws.com:443'],
    ['::2', 'https://[::2]:8443'],
    ['[::2]:8443', 'https://[::2]:8443'],
    ['[::2]', 'https://[::2]'],
    ['10.0.0.7', 'https://10.0.0.7'],
  ];
  for (const [entry, target] of exempting) {
    it(`is direct to ${target ?? TARGET} when http.noProxy has ${entry}`, () => {
      const expected = { kind: 'direct', because: 'excepted', source: 'http.noProxy' };
      assert.deepEqual(
        route({ httpProxy: PROXY, noProxy: ['other.example', ` ${entry} `] }, target),
        expected,
      );
    });
  }

  for (const entry of ['', 'aws.com', 'amazonaws.com:8443', 'x.oidc.eu-west-1.amazonaws.com', '.', 'com.']) {
    it(`is the proxy when http.noProxy has "${entry}"`, () => {
      assert.equal(verdict(route({ httpProxy: PROXY, noProxy: [entry] })), 'proxy http.proxy');
    });
  }

  for (const name of ['no_proxy', 'NO_PROXY'] as const) {
    it(`is direct when the environment's ${name} has the host among others`, () => {
      const environment = { [name]: 'a.example, amazonaws.com' };
      assert.deepEqual(route({ httpProxy: PROXY, environment }), {
        kind: 'direct',
        because: 'excepted',
        source: name,
      });
    });
  }

  it("leaves the environment's exceptions aside when http.noProxy has some, as VS Code does", () => {
    const settings = { httpProxy: PROXY, noProxy: ['a.example'], environment: { NO_PROXY: 'amazonaws.com' } };
    assert.equal(verdict(route(settings)), 'proxy http.proxy');
  });
});

describe('a URL', () => {
  it('is shown without credentials and path', () => {
    assert.equal(withoutCredentials(new URL('http://user:secret@proxy.example:3128/x')), PROXY);
  });

  it('has a host and a port, for sockets', () => {
    assert.deepEqual(hostAndPort(new URL('https://[::1]/')), { host: '::1', port: 443 });
    assert.deepEqual(hostAndPort(new URL('http://p.example')), { host: 'p.example', port: 80 });
    assert.deepEqual(hostAndPort(new URL('socks5://p.example')), { host: 'p.example', port: 1080 });
    assert.deepEqual(hostAndPort(new URL('http://p.example:8')), { host: 'p.example', port: 8 });
  });
});
