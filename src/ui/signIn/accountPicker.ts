import * as vscode from 'vscode';

import type { Connection } from '../../connections/connection.ts';
import type { ChosenAccount } from '../../sessions/signIn/accounts.ts';
import type { Account } from '../../sessions/session.ts';
import { answered, withToken } from '../cancellation.ts';
import { withoutIcons } from '../plainText.ts';

/**
 * Asks whose sign-in it will be. The service does not say who signed in unless the scopes ask for that, and the same
 * user must not become a second account.
 * @throws vscode.CancellationError when the user closes the picker; the signal's reason when it aborts
 */
export async function chooseAccount(
  accounts: readonly Account[],
  { name }: Connection,
  signal: AbortSignal,
): Promise<ChosenAccount> {
  const { l10n } = vscode;
  const items: (vscode.QuickPickItem & { readonly choice: ChosenAccount })[] = [
    ...accounts.map((account) => ({
      label: `$(account) ${withoutIcons(account.label)}`,
      description: l10n.t('Sign in again'),
      choice: account,
    })),
    { label: `$(add) ${l10n.t('Another Account')}`, choice: 'another' },
  ];
  const picked = await withToken(signal, (token) =>
    vscode.window.showQuickPick(
      items,
      {
        title: l10n.t('Sign In to {0}', name),
        placeHolder: l10n.t('Select the account to sign in to'),
        ignoreFocusOut: true,
      },
      token,
    ),
  );
  return answered(picked, signal).choice;
}
