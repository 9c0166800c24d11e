import * as vscode from 'vscode';

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
