import * as vscode from 'vscode';

import type { Session } from '../../sessions/session.ts';
import { withoutIcons } from '../plainText.ts';
import { sessionItem } from '../sessions/sessionItems.ts';
import type { PendingSignIn } from '../signIn/signIn.ts';
import { signOutChoices } from './signOutChoices.ts';

/** One thing that Sign Out can end. */
export type SignOutChoice =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'signIn'; readonly signIn: PendingSignIn };

/**
 * Asks what to end: a session or a sign-in in progress. Nobody is asked where there is only one of them.
 * @param now milliseconds since the epoch
 * @returns `undefined` where there is nothing, or the user closes the picker
 */
export async function chooseSignOut(
  pending: readonly PendingSignIn[],
  sessions: readonly Session[],
  now: number,
): Promise<SignOutChoice | undefined> {
  const { l10n } = vscode;
  const items: (vscode.QuickPickItem & { readonly choice: SignOutChoice })[] = [
    ...signOutChoices(pending).map((signIn) => ({
      label: `$(close) ${withoutIcons(cancelText(signIn))}`,
      choice: { kind: 'signIn', signIn } as const,
    })),
    ...sessions.map((session) => ({
      ...sessionItem(session, now),
      choice: { kind: 'session', session } as const,
    })),
  ];
  if (items.length <= 1) {
    return items[0]?.choice;
  }
  const title = l10n.t('Sign Out of AWS');
  const placeHolder = l10n.t('Select a session');
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
  return picked?.choice;
}

function cancelText({ connection }: PendingSignIn): string {
  return connection === undefined
    ? vscode.l10n.t('Cancel Sign-In')
    : vscode.l10n.t('Cancel Sign-In to {0}', connection);
}
