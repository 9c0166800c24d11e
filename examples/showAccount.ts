import * as vscode from 'vscode';

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand('example.showAccount', async () => {
      const scopes = ['sso:account:access'];
      const session = await vscode.authentication.getSession('aws-sso', scopes, { createIfNone: true });
      // A valid access token of the Identity Center, for its portal API or any service that takes one.
      const { accessToken, account } = session;
      vscode.window.showInformationMessage(`${account.label}: a token of ${accessToken.length} characters`);
    }),
  );
}
