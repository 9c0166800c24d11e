import * as vscode from 'vscode';

import type { CliQuestions } from '../../awsCli/cliQuestions.ts';
import type { InteractiveConnection } from '../../connections/connection.ts';
import { answered, withToken } from '../cancellation.ts';
import { plain } from '../plainText.ts';
import type { WhileAsking } from '../signIn/signInNotification.ts';

/** {@link CliQuestions} as VS Code asks: in the sign-in by a pick, else by a notification that nothing waits for. */
export const cliQuestions = (whileAsking: WhileAsking): CliQuestions => ({
  use: (...asked) => whileAsking(() => offerCliSignIn(...asked)),
  isSameUser: async (connectionName) => {
    const { l10n } = vscode;
    const same = l10n.t('Same User');
    const another = l10n.t('Another User');
    const answer = await vscode.window.showWarningMessage(
      plain(
        l10n.t(
          "The AWS CLI has a new token for {0}. Is it still the same user? Until you answer, AWS SSO won't renew its own token, which may no longer be valid.",
          connectionName,
        ),
      ),
      same,
      another,
    );
    return answer === undefined ? undefined : answer === same;
  },
  replace: (connectionName) =>
    confirm(
      vscode.l10n.t('The AWS CLI has its own sign-in to {0} and keeps using it.', connectionName),
      vscode.l10n.t('Use This Sign-In Instead'),
    ),
  remove: (connectionName) =>
    confirm(
      vscode.l10n.t(
        'The AWS CLI has another token for {0}, which may belong to the sign-in you just removed.',
        connectionName,
      ),
      vscode.l10n.t('Sign Out of the AWS CLI Too'),
    ),
});

async function confirm(text: string, action: string): Promise<boolean> {
  return (await vscode.window.showInformationMessage(plain(text), action)) === action;
}

async function offerCliSignIn(
  connection: InteractiveConnection,
  expiresAt: number,
  signal: AbortSignal,
): Promise<boolean> {
  const { l10n } = vscode;
  const until = new Date(expiresAt).toLocaleTimeString(vscode.env.language, { timeStyle: 'short' });
  const items = [
    {
      label: l10n.t("Use the AWS CLI's Sign-In"),
      detail: l10n.t({
        message: 'No browser needed. Its token is valid until {0} and then renewed.',
        args: [until],
        comment: ["{0} is a time, such as 10:15 AM. It is the AWS CLI's token"],
      }),
      use: true,
    },
    { label: l10n.t('Sign In with the Browser'), use: false },
  ];
  const picked = await withToken(signal, (token) =>
    vscode.window.showQuickPick(
      items,
      {
        title: l10n.t('Sign In to {0}', connection.name),
        placeHolder: l10n.t('The AWS CLI is already signed in to {0}', connection.name),
        ignoreFocusOut: true,
      },
      token,
    ),
  );
  return answered(picked, signal).use;
}
