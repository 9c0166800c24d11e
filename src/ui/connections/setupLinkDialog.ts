import * as vscode from 'vscode';

import type { Connection } from '../../connections/connection.ts';
import type { LinkedConnection } from '../../connections/setupLink.ts';
import { localized } from '../localized.ts';
import { plain } from '../plainText.ts';
import { defaultName, freeName } from './newConnection.ts';
import { linkDetail } from './setupLinkDetail.ts';

/**
 * Shows what a link would add, and asks whether to. A dialog, because a pick list cuts off what is longer than its line.
 * @returns `undefined` where the user does not agree
 */
export async function confirmSetupLink(
  linked: LinkedConnection,
  ignored: readonly string[],
  existing: readonly Connection[],
): Promise<'add' | 'signIn' | undefined> {
  const { l10n } = vscode;
  const name = freeName(linked.name ?? defaultName(linked.startUrl), existing);
  const answers: readonly (vscode.MessageItem & { readonly answer: 'add' | 'signIn' })[] = [
    { title: l10n.t('Add and Sign In'), answer: 'signIn' },
    { title: l10n.t('Add'), answer: 'add' },
  ];
  const detail = linkDetail(name, linked, ignored).map((line) => plain(localized(line)));
  const picked = await vscode.window.showWarningMessage(
    l10n.t('A link wants to add an IAM Identity Center to your settings.'),
    { modal: true, detail: detail.join('\n') },
    ...answers,
  );
  return picked?.answer;
}
