import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bothFetches, errorOf, refresh } from './client.ts';
import { startCaptivePortal, startInterceptingProxy } from './interceptingProxy.ts';
import { createAuthority, startService, TIMEOUT_MS } from './service.ts';
import type { Authority, Service } from './service.ts';

/** Runs `askOnce.ts` where the system trusts `ca` too. @returns what it printed */
async function askWhereSystemTrusts(ca: Authority, url: URL, httpProxy: string, systemCertificates: boolean) {
  const folder = await mkdtemp(join(tmpdir(), 'aws-sso-auth-'));
  try {
    const SSL_CERT_FILE = join(folder, 'system.pem');
    await writeFile(SSL_CERT_FILE, ca.cert);
    const program = join(import.meta.dirname, 'askOnce.ts');
    const question = JSON.stringify({ url, httpProxy, systemCertificates });
    const env = { ...process.env, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS: '' };
    const { stdout } = await promisify(execFile)(process.execPath, [program, question], { env });
    return stdout.trim();
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('a proxy that re-signs TLS', function () {
  this.timeout(TIMEOUT_MS);

  let wellKnown: Authority;
  let company: Authority;
  let service: Service;

  before(async () => {
    wellKnown = await createAuthority('Well-Known Authority');
    company = await createAuthority('Company');
    service = await startService(wellKnown);
  });
  after(() => service[Symbol.asyncDispose]());

  it('works when its authority is trusted by the system only (aws-toolkit-vscode#3417, aws-toolkit-vscode#8125, vscode#170292)', async function () {
    if (process.platform !== 'linux') this.skip(); // Elsewhere a test cannot add to what the system trusts.
    await using proxy = await startInterceptingProxy(company, service);
    assert.equal(await askWhereSystemTrusts(company, service.url, proxy.url.href, true), 'HTTP 200');
    assert.equal(
      await askWhereSystemTrusts(company, service.url, proxy.url.href, false),
      'SELF_SIGNED_CERT_IN_CHAIN',
      'http.systemCertificates is off',
    );
  });

  it('is recognized by its untrusted certificate, and gets no token (aws-toolkit-vscode#3637)', async () => {
    await using proxy = await startInterceptingProxy(company, service);
    const fetch = bothFetches({ trusted: [wellKnown], settings: { httpProxy: proxy.url.href } });
    const before = service.bodies.length;
    const error = await errorOf(refresh(service, fetch));
    assert.equal(error.code, 'NetworkTls', error.message);
    assert.equal(error.sent, 'no');
    assert.match(error.message, /If your network inspects TLS, add its certificate authority/);
    assert.equal(service.bodies.length, before);
  });

  it('may speak TLS itself, with the same certificate authority', async () => {
    await using proxy = await startInterceptingProxy(company, service);
    const httpProxy = `https://localhost:${proxy.url.port}`;
    const trusting = bothFetches({ trusted: [company], settings: { httpProxy } });
    assert.equal(await refresh(service, trusting), 'token');
    const error = await errorOf(
      refresh(service, bothFetches({ trusted: [wellKnown], settings: { httpProxy } })),
    );
    assert.equal(error.code, 'NetworkTls', error.message);
  });

  it('is let through unverified only with http.proxyStrictSSL off (vscode#181642)', async () => {
    await using proxy = await startInterceptingProxy(company, service);
    const settings = { httpProxy: proxy.url.href, strictSSL: false };
    assert.equal(await refresh(service, bothFetches({ trusted: [wellKnown], settings })), 'token');
  });
});

describe('a captive portal', function () {
  this.timeout(TIMEOUT_MS);

  it('is recognized by its page, which the error explains', async () => {
    const ca = await createAuthority('Hotel');
    await using service = await startService(ca);
    await using portal = await startCaptivePortal(ca);
    const fetch = bothFetches({ trusted: [ca], settings: { httpProxy: portal.url.href } });
    const error = await errorOf(refresh(service, fetch));
    assert.equal(error.code, 'NotJson', error.message);
    assert.match(error.message, /If the network requires a sign-in/);
    assert.equal(service.bodies.length, 0);
  });
});
