import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AwsSsoApi, AwsSsoExports } from '../../../api/aws-sso-auth.d.ts';
import { readSuiteOptions } from './options.ts';

const { connection } = readSuiteOptions(process.env);

async function getApi(): Promise<AwsSsoApi> {
  const extension = vscode.extensions.getExtension<AwsSsoExports>('identity-center-tools.aws-sso-auth');
  assert.ok(extension !== undefined, 'the extension is not there');
  return (await extension.activate()).getApi(1);
}

describe('The API that the extension exports', () => {
  it('lists the connections, and tells when they change', async () => {
    const api = await getApi();
    const names = async (): Promise<readonly string[]> =>
      (await api.getConnections()).map(({ name }) => name);
    assert.deepEqual(await names(), [connection.name]);
    const settings = vscode.workspace.getConfiguration('awsSso');
    const before = settings.inspect('connections')?.globalValue;
    const { promise: changed, resolve } = Promise.withResolvers<void>();
    const listener = api.onDidChangeConnections(() => resolve());
    try {
      const more = [connection, { ...connection, name: 'another' }];
      await settings.update('connections', more, vscode.ConfigurationTarget.Global);
      await changed;
      assert.deepEqual(await names(), [connection.name, 'another']);
    } finally {
      listener.dispose();
      await settings.update('connections', before, vscode.ConfigurationTarget.Global);
    }
  });

  it("gives a client for the caller's own registration", async () => {
    const client = (await getApi()).createOidcClient({ endpoint: connection.endpointUrl });
    const request = { clientName: 'another extension', clientType: 'public' } as const;
    const { clientId, clientSecret, ResponseMetadata } = await client.registerClient(request);
    assert.ok(clientId !== undefined && clientSecret !== undefined);
    assert.equal(ResponseMetadata.HTTPStatusCode, 200);
  });

  it("gives a client of the portal for the caller's own access token", async () => {
    const client = (await getApi()).createPortalClient({ endpoint: connection.endpointUrl });
    await assert.rejects(client.listAccounts({ accessToken: 'made-up' }), {
      code: 'UnauthorizedException',
      operation: 'ListAccounts',
    });
  });
});
