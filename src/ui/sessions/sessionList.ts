import * as vscode from 'vscode';

import { isExchangeConnection } from '../../connections/connection.ts';
import type { Session } from '../../sessions/session.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';
import { refreshFailure } from '../../sessions/sessionState.ts';
import type { NextStep } from '../errorMessage.ts';
import { localized } from '../localized.ts';
import { plain, withoutIcons } from '../plainText.ts';
import { sessionItem } from './sessionItems.ts';

/** What the user can have done with a session in the list, apart from what the list does itself. */
export interface SessionActions {
  signInAgain(session: Session): Promise<void>;
  signOutOf(sessions: readonly Session[]): Promise<void>;
  runDiagnostics(): Promise<void>;
  /** Says for a moment that something was done. */
  confirm(session: Session, text: string): void;
}

/**
 * Lets the user choose one of `sessions`, and what to do with it.
 * @param now milliseconds since the epoch
 */
export async function showSessionList(
  sessions: SessionManager,
  now: number,
  actions: SessionActions,
): Promise<void> {
  const items = sessions.sessions.map((session) => sessionItem(session, now));
  const title = vscode.l10n.t('AWS SSO Sessions');
  const placeHolder = vscode.l10n.t('Select a session');
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
  if (picked !== undefined) {
    await chooseAction(sessions, picked.session, actions);
  }
}

async function chooseAction(
  sessions: SessionManager,
  session: Session,
  actions: SessionActions,
): Promise<void> {
  const { l10n } = vscode;
  const { connection, state } = session;
  const steps: NextStep[] = [
    ...(state.kind === 'signedIn' && state.refreshable
      ? [{ label: `$(refresh) ${l10n.t('Refresh Now')}`, run: () => refresh(sessions, session, actions) }]
      : []),
    { label: `$(sign-in) ${l10n.t('Sign In Again')}`, run: () => actions.signInAgain(session) },
    { label: `$(sign-out) ${l10n.t('Sign Out')}`, run: () => actions.signOutOf([session]) },
    ...(isExchangeConnection(connection)
      ? []
      : [
          {
            label: `$(copy) ${l10n.t('Copy Start URL')}`,
            run: () => vscode.env.clipboard.writeText(connection.startUrl),
          },
        ]),
  ];
  const picked = await vscode.window.showQuickPick(steps, { title: session.account.label });
  await picked?.run();
}

async function refresh(sessions: SessionManager, session: Session, actions: SessionActions): Promise<void> {
  const { l10n } = vscode;
  const { id, account } = session;
  const { label } = account;
  const title = withoutIcons(l10n.t('Refreshing {0}…', label));
  const location = vscode.ProgressLocation.Window;
  const outcome = await vscode.window.withProgress({ location, title }, () => sessions.refreshNow(id));
  switch (outcome.kind) {
    case 'fresh':
      actions.confirm(
        session,
        l10n.t({
          message: 'Refreshed {0}',
          args: [label],
          comment: ['{0} is an account, such as jane@example.com (acme)'],
        }),
      );
      return;
    case 'failed':
      await explainRefresh(label, localized(refreshFailure(outcome.code)), actions);
      return;
    case 'noToken':
    case 'postponed':
      await explainRefresh(label, l10n.t("The session couldn't be saved."), actions);
      return;
    case 'busy':
    case 'notDue':
    case 'over':
    // Another window is refreshing it, or the end of the session is announced by itself.
  }
}

async function explainRefresh(label: string, why: string, actions: SessionActions): Promise<void> {
  const { l10n } = vscode;
  const text = [
    l10n.t("Couldn't refresh {0}.", label),
    why,
    l10n.t("You're still signed in. AWS SSO will retry automatically."),
  ].join(' ');
  const diagnostics = l10n.t('Run Diagnostics');
  if ((await vscode.window.showWarningMessage(plain(text), diagnostics)) === diagnostics) {
    await actions.runDiagnostics();
  }
}
