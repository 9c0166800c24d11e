import * as vscode from 'vscode';

const SCOPES = ['sso:account:access'];

export function activate(context: vscode.ExtensionContext): void {
  let account: vscode.AuthenticationSessionAccountInformation | undefined;
  context.subscriptions.push(
    vscode.commands.registerCommand('example.showAccount', async () => {
      const session = await vscode.authentication.getSession('aws-sso', SCOPES, { createIfNone: true });
      // An access token of the Identity Center, for its portal API or any service that takes one.
      const { accessToken } = session;
      // The account to go on with.
      ({ account } = session);
      vscode.window.showInformationMessage(`${account.label}: a token of ${accessToken.length} characters`);
    }),
    vscode.authentication.onDidChangeSessions(async ({ provider }) => {
      if (provider.id === 'aws-sso' && account !== undefined) {
        const options = { silent: true, account };
        const session = await vscode.authentication.getSession('aws-sso', SCOPES, options);
        if (session === undefined) {
          vscode.window.showInformationMessage(`${options.account.label} is signed out`);
          account = undefined;
        }
      }
    }),
  );
}
