import * as vscode from 'vscode';
import { eventually } from '../../support/eventually.ts';

/** What the consumer extension got from `getSession`. */
export interface Answer {
  readonly keys: readonly string[];
  readonly session: vscode.AuthenticationSession;
}

export const DEFAULT_SCOPES: readonly string[] = ['sso:account:access'];

const CONSUMER = 'identity-center-tools-test.consumer';

/** Has the consumer ask for a session that is there already. */
export async function getSession(
  scopes: readonly string[] = DEFAULT_SCOPES,
  account?: vscode.AuthenticationSessionAccountInformation,
): Promise<Answer | null> {
  const options = { silent: true, ...(account !== undefined && { account }) };
  return vscode.commands.executeCommand<Answer | null>('consumer.getSession', scopes, options);
}

/** The accounts that the consumer sees. */
export async function getAccounts(): Promise<readonly vscode.AuthenticationSessionAccountInformation[]> {
  return vscode.commands.executeCommand('consumer.getAccounts');
}

/**
 * Has the consumer ask for a sign-in in the Accounts menu, and chooses that entry of the menu. No dialog can be
 * answered in a test of the extension host; this way needs none.
 */
export async function signIn(scopes: readonly string[] = DEFAULT_SCOPES): Promise<Answer> {
  await vscode.commands.executeCommand('consumer.getSession', scopes, {});
  const entries = (await vscode.commands.getCommands()).filter((command) =>
    command.startsWith(`aws-sso:${CONSUMER}:signIn`),
  );
  const newest = entries.toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true })).at(-1);
  if (newest === undefined) throw new Error('The Accounts menu offers the consumer no sign-in.');
  await vscode.commands.executeCommand(newest);
  return eventually(`a session for ${scopes.join(' ')}`, () => getSession(scopes));
}

/** Signs everyone out. */
export async function signOutAll(): Promise<void> {
  await vscode.commands.executeCommand('awsSso.signOutAll');
}
