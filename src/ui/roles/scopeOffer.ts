import * as vscode from 'vscode';

import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { DEFAULT_SCOPE } from '../../sessions/scopes.ts';
import type { Account } from '../../sessions/session.ts';
import { localized } from '../localized.ts';
import { plain } from '../plainText.ts';

/** Why the roles of these accounts aren't there. */
export function missingScopeWords(accounts: readonly Account[]): Words {
  return l10n.t({
    message: "You're signed in as {0} without the scope {1}, which AWS requires to list accounts and roles.",
    args: [accounts.map(({ label }) => label).join(', '), DEFAULT_SCOPE],
    comment: ['{0} is one or more accounts that the user is signed in to, {1} a scope'],
  });
}

/** Tells the user why there are no roles. @returns whether to sign in with the scope that is missing */
export async function offerScope(accounts: readonly Account[]): Promise<boolean> {
  const signIn = vscode.l10n.t('Sign In');
  const message = localized([
    missingScopeWords(accounts),
    ' ',
    l10n.t('Sign in with it to go on. The sign-in that you have stays as it is.'),
  ]);
  return (await vscode.window.showWarningMessage(plain(message), signIn)) === signIn;
}
