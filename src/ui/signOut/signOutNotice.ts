import * as vscode from 'vscode';

import { PROVIDER_ID } from '../../provider/authenticationProvider.ts';
import { plain, withoutIcons } from '../plainText.ts';

/** In the command palette, and behind each account of the Accounts menu, from VS Code 1.105 on at least. */
const MANAGE_TRUSTED_EXTENSIONS = '_manageTrustedExtensionsForAccount';

/**
 * Says that a sign-out is done, and what it leaves: VS Code keeps by label which extensions may use an account, and
 * forgets that only through its own Sign Out. Offers to change it.
 * @param labels of the accounts, at least one
 */
export async function announceSignOut(labels: readonly string[]): Promise<void> {
  const { l10n } = vscode;
  const text = l10n.t(
    "Signed out of {0}. Extensions you've allowed to access the account can access it again after the next sign-in. Sign Out in the Accounts menu also removes their access.",
    labels.join(', '),
  );
  const manage = l10n.t('Manage Trusted Extensions');
  if ((await vscode.window.showInformationMessage(plain(text), manage)) !== manage) {
    return;
  }
  const [only] = labels;
  const items = labels.map((accountLabel) => ({ label: withoutIcons(accountLabel), accountLabel }));
  const accountLabel =
    labels.length === 1 ? only : (await vscode.window.showQuickPick(items, { title: manage }))?.accountLabel;
  if (accountLabel !== undefined) {
    const account = { providerId: PROVIDER_ID, accountLabel };
    await vscode.commands.executeCommand(MANAGE_TRUSTED_EXTENSIONS, account);
  }
}
