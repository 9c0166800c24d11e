import * as vscode from 'vscode';

import { plain } from '../../plainText.ts';

/**
 * Tells the user that these role terminals have no access any more, and how to go on. Resolves once they have answered.
 */
export async function tellThatAccessEnded(left: readonly vscode.Terminal[]): Promise<void> {
  const open = vscode.l10n.t('Open Role Terminal');
  const close = vscode.l10n.t('Close These Terminals');
  const text = vscode.l10n.t({
    message:
      "These role terminals can't get credentials any more, because the extensions were restarted: {0}. Open a new role terminal to go on.",
    args: [[...new Set(left.map(({ name }) => name))].join(', ')],
    comment: ['{0} is one or more names of terminals, such as "Developer @ Production"'],
  });
  const chosen = await vscode.window.showWarningMessage(plain(text), open, close);
  if (chosen === open) {
    await vscode.commands.executeCommand('awsSso.openRoleTerminal');
  } else if (chosen === close) {
    for (const terminal of left) {
      terminal.dispose();
    }
  }
}
