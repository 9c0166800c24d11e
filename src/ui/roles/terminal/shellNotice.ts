import * as vscode from 'vscode';

import type { Overridden } from '../../../roles/shell/shellCheck.ts';
import { plain } from '../../plainText.ts';
import { titleOf } from '../chosenRole.ts';
import type { ShownRole } from '../chosenRole.ts';

/** Tells the user what the startup files have changed in a role terminal, and offers to change it back there. */
export async function tellOverridden(
  terminal: vscode.Terminal,
  shown: ShownRole,
  { names, correction }: Overridden,
): Promise<void> {
  const fix = vscode.l10n.t('Fix This Terminal');
  const message = vscode.l10n.t({
    message:
      "Your shell's startup files set {0}. AWS tools in this terminal use that instead of the role {1}. Remove it from the startup files to have this right in every terminal.",
    args: [names.join(', '), titleOf(shown)],
    comment: [
      '{0} is one or more names of environment variables',
      '{1} is a role and an account, such as "Developer @ Production"',
    ],
  });
  const chosen = await vscode.window.showWarningMessage(plain(message), fix);
  if (chosen === fix && terminal.exitStatus === undefined) {
    terminal.show();
    terminal.sendText(correction);
  }
}

/** The same of the terminals of a window with a role. Its tasks don't run the startup files. */
export function tellOverriddenInWindow(shown: ShownRole, { names }: Overridden): void {
  void vscode.window.showWarningMessage(
    plain(
      vscode.l10n.t({
        message:
          "Your shell's startup files set {0}. AWS tools in this window's terminals use that instead of the role {1}. Remove it from the startup files, or use a role terminal.",
        args: [names.join(', '), titleOf(shown)],
        comment: [
          '{0} is one or more names of environment variables',
          '{1} is a role and an account, such as "Developer @ Production"',
        ],
      }),
    ),
  );
}
