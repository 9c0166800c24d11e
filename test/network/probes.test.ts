import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { systemClock } from '../../src/common/clock.ts';
import { inEnglish } from '../../src/common/words.ts';
import type { Authorities } from '../../src/network/authorities.ts';
import type { Probe } from '../../src/network/probe.ts';
import { probeHttp } from '../../src/network/probeHttp.ts';
import { firstHop, probeName, probeProxy, probeTcp } from '../../src/network/probes.ts';
import { probeTls } from '../../src/network/probeTls.ts';
import type { Route } from '../../src/network/route.ts';
import { listen } from '../support/listen.ts';
import { secondFetch } from './client.ts';
import { startProxy } from './forwardingProxy.ts';
import { startCaptivePortal, startInterceptingProxy } from './interceptingProxy.ts';
import { createAuthority, startService, TIMEOUT_MS } from './service.ts';
import type { Authority, Service } from './service.ts';

const CONTEXT = { clock: systemClock };
const DIRECT: Route = { kind: 'direct', because: 'noProxy' };

function through(proxy: URL): Route {
  return { kind: 'proxy', proxy, source: 'http.proxy' };
}

function ok<Facts>(result: Probe<Facts>) {
  const summary = inEnglish(result.summary);
  assert(result.outcome === 'ok', summary);
  return { ...result, summary };
}

function failed<Facts>(result: Probe<Facts>) {
  const summary = inEnglish(result.summary);
  assert(result.outcome === 'failed', summary);
  return { ...result, summary, advice: inEnglish(result.advice) };
}

function skipped(result: Probe<object>): string {
  const summary = inEnglish(result.summary);
  assert(result.outcome === 'skipped', summary);
  return summary;
}

describe('the probe of a name', () => {
  it('lists the addresses', async () => {
    const { addresses, summary } = ok(await probeName(new URL('https://localhost'), CONTEXT));
    assert.ok(addresses.includes('127.0.0.1') || addresses.includes('::1'), summary);
    assert.match(summary, /^localhost resolves to .*\.$/);
  });

  it('names a host that does not exist', async () => {
    const { code, summary } = failed(await probeName(new URL('https://oidc.service.example'), CONTEXT));
    assert.match(code, /^(?:ENOTFOUND|EAI_AGAIN)$/);
    assert.match(summary, /^Can't resolve oidc\.service\.example\. System error: .*\.$/);
  });

  it('has nothing to look up for an address', async () => {
    assert.equal(
      skipped(await probeName(new URL('https://[::1]'), CONTEXT)),
      '::1 is an IP address, not a name.',
    );
  });
});

describe('the probe of a TCP connection', () => {
  it('tells the address that answers, and where nothing listens', async () => {
    const { port, close } = await listen(createServer());
    const hop = new URL(`http://localhost:${port}`);
    assert.equal(ok(await probeTcp(hop, CONTEXT)).address, '127.0.0.1');
    await close();
    const { code, summary } = failed(await probeTcp(hop, CONTEXT));
    assert.equal(code, 'ECONNREFUSED');
    assert.match(
      summary,
      new RegExp(`^Can't connect to localhost on port ${port}\\. System error: .*ECONNREFUSED`),
    );
  });

  it('goes to the proxy when there is one', () => {
    const target = new URL('https://oidc.service.example');
    assert.equal(firstHop(target, DIRECT).host, 'oidc.service.example');
    assert.equal(firstHop(target, through(new URL('http://proxy.example:3128'))).host, 'proxy.example:3128');
  });
});

describe('the probes on the way to the service', function () {
  this.timeout(TIMEOUT_MS);

  let wellKnown: Authority;
  let company: Authority;
  let authorities: Authorities;
  let service: Service;

  before(async () => {
    wellKnown = await createAuthority('Well-Known Authority');
    company = await createAuthority('Company');
    authorities = { wellKnown: [wellKnown.cert], local: [company.cert], unread: [] };
    service = await startService(wellKnown);
  });
  after(() => service[Symbol.asyncDispose]());

  it('name the proxy and who set it, never its password', async () => {
    await using proxy = await startProxy({ password: 'proxy-password' });
    const { summary } = ok(await probeProxy(service.url, through(proxy.url), authorities, CONTEXT));
    assert.equal(
      summary,
      `http.proxy sets the proxy http://${proxy.url.host}, with credentials. The proxy connects to ${service.url.host}.`,
    );
  });

  it('say that the proxy refuses the credentials', async () => {
    await using proxy = await startProxy({ password: 'proxy-password' });
    const wrong = new URL(proxy.url);
    wrong.password = 'wrong-password';
    const result = failed(await probeProxy(service.url, through(wrong), authorities, CONTEXT));
    assert.equal(result.code, 'HTTP 407');
    assert.equal(result.advice, 'Correct the user name and password in http.proxy.');
    assert.doesNotMatch(JSON.stringify(result), /password"|wrong-password|proxy-user/);
  });

  it('say that the proxy is not there', async () => {
    const proxy = await startProxy();
    await proxy[Symbol.asyncDispose]();
    const { code } = failed(await probeProxy(service.url, through(proxy.url), authorities, CONTEXT));
    assert.equal(code, 'ECONNREFUSED');
  });

  it('say that the proxy is not a URL, or why there is none', async () => {
    const invalid: Route = { kind: 'invalid', source: 'HTTPS_PROXY' };
    const { code } = failed(await probeProxy(service.url, invalid, authorities, CONTEXT));
    assert.equal(code, 'InvalidProxy');
    const none = skipped(await probeProxy(service.url, DIRECT, authorities, CONTEXT));
    assert.match(none, /^Neither http\.proxy nor an environment variable/);
    const excepted: Route = { kind: 'direct', because: 'excepted', source: 'NO_PROXY' };
    const exempted = skipped(await probeProxy(service.url, excepted, authorities, CONTEXT));
    assert.match(exempted, /^NO_PROXY exempts/);
  });

  it('see the certificate of a well-known authority through the proxy', async () => {
    await using proxy = await startProxy();
    const result = ok(await probeTls(service.url, through(proxy.url), authorities, CONTEXT));
    assert.equal(result.trustedBy, 'wellKnown', result.summary);
    assert.equal(result.issuer, 'Well-Known Authority Inc., Well-Known Authority');
    assert.match(result.protocol, /^TLSv1\.[23]$/);
  });

  it('see that a proxy re-signs TLS, and who', async () => {
    await using proxy = await startInterceptingProxy(company, service);
    const result = ok(await probeTls(service.url, through(proxy.url), authorities, CONTEXT));
    assert.equal(result.trustedBy, 'local');
    assert.match(result.summary, /issued by Company Inc\., Company .*your company's proxy intercepts TLS/);
  });

  it('see that nobody here trusts the certificate, and who issued it', async () => {
    await using proxy = await startInterceptingProxy(company, service);
    const trusted = { ...authorities, local: [], unread: [] };
    const result = failed(await probeTls(service.url, through(proxy.url), trusted, CONTEXT));
    assert.equal(result.code, 'SELF_SIGNED_CERT_IN_CHAIN');
    assert.match(
      result.summary,
      /issued by Company Inc\., Company, isn't trusted \(SELF_SIGNED_CERT_IN_CHAIN\)/,
    );
    assert.match(result.advice, /add its certificate authority/);
  });

  it('see a certificate that is for another host', async () => {
    const target = new URL(`https://127.0.0.1:${service.port}`);
    const result = failed(await probeTls(target, DIRECT, authorities, CONTEXT));
    assert.equal(result.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
    assert.match(result.advice, /Another server responded instead of this host/);
  });

  it('see who answers, and a clock that is wrong', async () => {
    await using proxy = await startProxy();
    const fetch = secondFetch({ trusted: [wellKnown], settings: { httpProxy: proxy.url.href } });
    const right = ok(await probeHttp(service.url, fetch, CONTEXT));
    assert.equal(right.status, 200);
    assert.equal(right.requestId, 'request-1');
    assert.match(right.summary, /This computer's clock agrees/);
    const ahead = { clock: { ...systemClock, now: () => Date.now() + 300_000 } };
    const wrong = ok(await probeHttp(service.url, fetch, ahead));
    assert.match(wrong.summary, /clock is (?:299|300|301) seconds ahead of/);
  });

  it('see a captive portal', async () => {
    await using portal = await startCaptivePortal(company);
    const fetch = secondFetch({ trusted: [company], settings: { httpProxy: portal.url.href } });
    const { code, advice } = failed(await probeHttp(service.url, fetch, CONTEXT));
    assert.equal(code, 'NotJson');
    assert.match(advice, /sign in to the network/);
  });
});

describe('every probe', function () {
  this.timeout(TIMEOUT_MS);

  it('gives up in time where the server sends nothing', async () => {
    await using silent = await listen(createServer(), { scheme: 'https' });
    const target = silent.url;
    const inNoTime = {
      clock: { ...systemClock, schedule: (callback: () => void) => systemClock.schedule(callback, 50) },
    };
    const nobody = { wellKnown: [], local: [], unread: [] };
    for (const result of [
      await probeTls(target, DIRECT, nobody, inNoTime),
      await probeProxy(target, through(new URL(`http://${target.host}`)), nobody, inNoTime),
      await probeHttp(new URL(`http://${target.host}`), globalThis.fetch, inNoTime),
    ]) {
      const { code, summary } = failed<object>(result);
      assert.equal(code, 'Timeout', summary);
    }
  });

  it('ends with the reason of whoever aborts it', async () => {
    const reason = new Error('closed');
    const context = { clock: systemClock, signal: AbortSignal.abort(reason) };
    await assert.rejects(probeName(new URL('https://localhost'), context), reason);
  });
});
