import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { parseSetupLink } from '../../../src/connections/setupLink.ts';
import { readSuiteOptions } from './options.ts';

const { connection } = readSuiteOptions(process.env);

describe('The command awsSso.copySetupLink', () => {
  it("copies the connection's link, which VS Code hands over so that it is read as it was made", async () => {
    await vscode.commands.executeCommand('awsSso.copySetupLink');
    const uri = vscode.Uri.parse(await vscode.env.clipboard.readText());
    assert.equal(uri.scheme, vscode.env.uriScheme);
    assert.equal(uri.authority, 'identity-center-tools.aws-sso-auth');
    const { name, startUrl, region } = connection;
    // Not its endpointUrl, which no link can set.
    assert.deepEqual(parseSetupLink(uri.path, uri.query), {
      ok: true,
      linked: { name, startUrl, region },
      ignored: [],
    });
  });

  it('makes links that VS Code does not take apart before we do', async () => {
    const settings = vscode.workspace.getConfiguration('awsSso');
    const before = settings.inspect('connections')?.globalValue;
    const odd = {
      name: `R&D + 100% (#1) "a=b"`,
      startUrl: 'https://sso.acme.example/aws?a=1&b=2%263',
      region: 'us-east-1',
    };
    try {
      await settings.update('connections', [odd], vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('awsSso.copySetupLink');
      const uri = vscode.Uri.parse(await vscode.env.clipboard.readText());
      assert.deepEqual(parseSetupLink(uri.path, uri.query), { ok: true, linked: odd, ignored: [] });
    } finally {
      await settings.update('connections', before, vscode.ConfigurationTarget.Global);
    }
  });
});
