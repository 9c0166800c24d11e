import * as vscode from 'vscode';
import type { AwsSsoExports } from '../api/aws-sso-auth.d.ts';

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand('example.registerClient', async () => {
      const extension = vscode.extensions.getExtension<AwsSsoExports>('identity-center-tools.aws-sso-auth');
      const api = await (await extension?.activate())?.getApi(1);
      const [connection] = (await api?.getConnections()) ?? [];
      if (api === undefined || connection === undefined) {
        return;
      }
      const { region, endpointUrl: endpoint } = connection;
      const client = api.createOidcClient({ region, endpoint });
      const { clientId } = await client.registerClient({ clientName: 'example', clientType: 'public' });
      vscode.window.showInformationMessage(`${connection.name} registered ${clientId}`);
    }),
  );
}
