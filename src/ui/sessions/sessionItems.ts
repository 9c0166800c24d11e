import * as vscode from 'vscode';

import { fitToShow } from '../../common/outsideText.ts';
import { needsUser } from '../../sessions/session.ts';
import type { Session } from '../../sessions/session.ts';
import { localized } from '../localized.ts';
import { withoutIcons } from '../plainText.ts';
import { stateWords } from '../../sessions/sessionState.ts';

/** A session as a line of a pick list: all a user may want to know of it, nothing secret. */
export interface SessionItem extends vscode.QuickPickItem {
  readonly session: Session;
}

/** Longer than a line that is read; extensions choose the scopes. */
const MAX_SCOPES = 200;

/** @param now milliseconds since the epoch */
export function sessionItem(session: Session, now: number): SessionItem {
  const { account, connection, scopes } = session;
  const { l10n } = vscode;
  const place = [
    ...(connection.name === account.label ? [] : [connection.name]),
    connection.region,
    scopes.length === 0
      ? l10n.t({ message: 'Default scope', comment: ['The value of a row: which scopes were requested'] })
      : fitToShow(scopes.join(' '), MAX_SCOPES),
  ];
  const icon = needsUser(session) ? '$(warning)' : '$(account)';
  return {
    label: `${icon} ${withoutIcons(account.label)}`,
    description: withoutIcons(place.join(' · ')),
    detail: withoutIcons(stateText(session, now)),
    session,
  };
}

/** How the session is doing, on one line. @param now milliseconds since the epoch */
export function stateText(session: Session, now: number): string {
  return localized(stateWords(session, now, (at) => timeText(at, now)));
}

/** Without the date where that is today's. */
function timeText(at: number, now: number): string {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date(now).toDateString();
  return time.toLocaleString(vscode.env.language, {
    timeStyle: 'short',
    ...(!isToday && { dateStyle: 'short' }),
  });
}
