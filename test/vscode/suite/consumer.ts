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

/** Signs in from the command palette, and chooses the last entry of the question who it will be: another account. */
export async function signInToAnotherAccount(): Promise<void> {
  let isOver = false;
  const signedIn = vscode.commands.executeCommand('awsSso.signIn').then(() => (isOver = true));
  // In one go: a question that came between the two would be answered with its first entry.
  const commands = ['workbench.action.quickOpenSelectNext', 'workbench.action.acceptSelectedQuickOpenItem'];
  await eventually('the sign-in to another account', async () => {
    await (isOver || vscode.commands.executeCommand('runCommands', { commands }));
    return isOver || undefined;
  });
  await signedIn;
}

/** Signs everyone out. */
export async function signOutAll(): Promise<void> {
  await vscode.commands.executeCommand('awsSso.signOutAll');
}
