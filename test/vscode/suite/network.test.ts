import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { startProxy } from '../../network/forwardingProxy.ts';
import type { Proxy } from '../../network/forwardingProxy.ts';
import { getSession, signIn, signOutAll } from './consumer.ts';
import { readSuiteOptions } from './options.ts';

const { connection } = readSuiteOptions(process.env);

/** The same Identity Center under a name that only the proxy resolves. VS Code asks no proxy for `localhost`. */
const endpointUrl = connection.endpointUrl.replace('127.0.0.1', 'behind-the-proxy.localhost');

/** Changes the user's settings; `undefined` removes one. */
async function configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [key, value] of Object.entries(settings)) {
    await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
  }
}

describe('Behind a proxy', () => {
  let proxy: Proxy;

  before(async () => {
    proxy = await startProxy({ password: 'p@ssword' });
  });
  after(() => proxy[Symbol.asyncDispose]());

  beforeEach(async () => {
    const startUrl = connection.startUrl.replace('127.0.0.1', 'behind-the-proxy.localhost');
    await configure({ 'awsSso.connections': [{ ...connection, startUrl, endpointUrl }] });
  });
  afterEach(async () => {
    await signOutAll();
    await configure({
      'http.proxy': undefined,
      'http.proxySupport': undefined,
      'awsSso.connections': [connection],
    });
  });

  it("signs in through http.proxy, with VS Code's own fetch", async () => {
    await configure({ 'http.proxy': proxy.url.href });
    const before = proxy.requests;
    await fetch(endpointUrl);
    assert.ok(proxy.requests > before, 'the proxy was asked');
    // Over the connection that VS Code has kept.
    await signIn();
  });

  it('signs in with the second transport where that fetch takes no proxy', async () => {
    await configure({ 'http.proxySupport': 'off', 'http.proxy': proxy.url.href });
    await assert.rejects(fetch(endpointUrl));
    const before = proxy.requests;
    await signIn();
    assert.ok(proxy.requests > before, 'the proxy was asked');
  });

  it('does not sign in without the proxy, and says why', async () => {
    await assert.rejects(signIn(), /Can't resolve the host name/);
    assert.equal(await getSession(), null);
  });
});
