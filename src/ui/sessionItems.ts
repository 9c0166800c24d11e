import * as vscode from 'vscode';

import type { NeedsSignInReason, Session } from '../sessions/session.ts';

/** A session as a line of a pick list: all a person may want to know of it, nothing secret. */
export interface SessionItem extends vscode.QuickPickItem {
  readonly session: Session;
}

/** @param now milliseconds since the epoch */
export function sessionItem(session: Session, now: number): SessionItem {
  const { account, connection, scopes, state } = session;
  const { l10n } = vscode;
  const place = [
    ...(connection.name === account.label ? [] : [connection.name]),
    connection.region,
    scopes.length === 0 ? l10n.t('default scope') : scopes.join(' '),
  ];
  const icon = state.kind === 'signedIn' ? '$(account)' : '$(warning)';
  return {
    label: `${icon} ${account.label}`,
    description: place.join(' · '),
    detail: stateText(session, now),
    session,
  };
}

/** How the session is doing, on one line. @param now milliseconds since the epoch */
export function stateText({ state, signedInAt }: Session, now: number): string {
  const { l10n } = vscode;
  if (state.kind === 'needsSignIn') {
    return reasonText(state.reason);
  }
  const { expiresAt, lastRefresh, refreshable } = state;
  const minutes = Math.round((expiresAt - now) / 60_000);
  const left = minutes > 0 ? l10n.t('token valid for {0} min', minutes) : l10n.t('token expired');
  const renewal = !refreshable
    ? l10n.t('not refreshable')
    : lastRefresh === undefined
      ? l10n.t('not refreshed yet')
      : lastRefresh.result === 'refreshed'
        ? l10n.t('refreshed {0}', timeText(lastRefresh.at))
        : l10n.t('refresh failed {0}: {1}', timeText(lastRefresh.at), lastRefresh.result);
  return [l10n.t('signed in {0}', timeText(signedInAt)), left, renewal].join(' · ');
}

/** Why a session cannot go on, in a sentence. */
export function reasonText(reason: NeedsSignInReason): string {
  const { l10n } = vscode;
  switch (reason) {
    case 'rejected':
      return l10n.t(
        'AWS no longer renews this session: it was ended by an administrator, or has reached its full length.',
      );
    case 'rejectedAtOnce':
      return l10n.t(
        'AWS refused to renew this session right after the sign-in. Signing in again would end the same way: check the clock of this machine, and ask your administrator whether the session length or a policy forbids it.',
      );
    case 'answerLost':
      return l10n.t(
        'A renewal was interrupted before its answer arrived, and AWS accepts each renewal only once.',
      );
    case 'expired':
      return l10n.t('The session has expired, and this kind cannot be renewed.');
    case 'tokenMissing':
      return l10n.t("The token is no longer in the editor's secret storage.");
    case 'assertionMissing':
      return l10n.t(
        'The account it was made from is signed out in the editor, or may no longer be used for it.',
      );
  }
}

function timeText(at: number): string {
  return new Date(at).toLocaleString(vscode.env.language, { dateStyle: 'short', timeStyle: 'short' });
}
