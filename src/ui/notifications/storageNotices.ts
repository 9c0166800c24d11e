import * as vscode from 'vscode';

import type { Session } from '../../sessions/session.ts';
import { plain } from '../plainText.ts';

/** Says that a sign-in lives in this window only, because the editor's secret storage does not take it. */
export async function warnOfUnsavedSignIn(): Promise<void> {
  const { l10n } = vscode;
  const text = l10n.t(
    "VS Code's secret storage can't save the AWS sign-in. You stay signed in while this window is open. When the keychain is unlocked or repaired, the sign-in is saved automatically.",
  );
  const help = l10n.t('Learn More');
  if ((await vscode.window.showWarningMessage(text, help)) === help) {
    const page =
      'https://code.visualstudio.com/docs/configure/settings-sync#_troubleshooting-keychain-issues';
    await vscode.env.openExternal(vscode.Uri.parse(page));
  }
}

/** Says that a sign-out is known to this window only, because neither the disk nor the secret storage takes it. */
export async function warnOfUnsavedSignOut({ account: { label } }: Session): Promise<void> {
  const text = vscode.l10n.t(
    "You're signed out of {0}, but the sign-out couldn't be saved: neither the disk nor the editor's secret storage accepts it. Keep this window open until one of them does. Otherwise, {0} may be listed again in the next window.",
    label,
  );
  await vscode.window.showWarningMessage(plain(text));
}

/** Offers to reload a window that was opened before the sign-in in another tab, and cannot read it. */
export async function offerReload(): Promise<void> {
  const { l10n } = vscode;
  const text = l10n.t('You signed in to AWS in another tab. Reload this window to use that sign-in here.');
  const reload = l10n.t('Reload Window');
  if ((await vscode.window.showInformationMessage(text, reload)) === reload) {
    await reloadWindow();
  }
}

export async function reloadWindow(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.reloadWindow');
}
