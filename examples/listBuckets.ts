import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import * as vscode from 'vscode';
import type { AwsSsoExports } from '../api/aws-sso-auth.d.ts';

export function activate(context: vscode.ExtensionContext): void {
  const command = vscode.commands.registerCommand('example.listBuckets', async () => {
    const extension = vscode.extensions.getExtension<AwsSsoExports>('identity-center-tools.aws-sso-auth');
    const api = await (await extension?.activate())?.getApi(1);
    const [{ region, endpointUrl: endpoint } = {}] = (await api?.getConnections()) ?? [];
    if (api === undefined || region === undefined) return;
    const scopes = ['sso:account:access'];
    const { accessToken } = await vscode.authentication.getSession('aws-sso', scopes, { createIfNone: true });
    const portal = api.createPortalClient({ region, endpoint });
    const { accountList: [{ accountId = '' } = {}] = [] } = await portal.listAccounts({ accessToken });
    const account = { accessToken, accountId };
    const { roleList: [{ roleName = '' } = {}] = [] } = await portal.listAccountRoles(account);
    const { roleCredentials = {} } = await portal.getRoleCredentials({ ...account, roleName });
    const { accessKeyId = '', secretAccessKey = '', sessionToken = '' } = roleCredentials;
    const s3 = new S3Client({ region, credentials: { accessKeyId, secretAccessKey, sessionToken } });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    vscode.window.showInformationMessage(Buckets.map(({ Name }) => Name).join(', '));
  });
  context.subscriptions.push(command);
}
