import * as vscode from 'vscode';

import type { Clock } from '../../common/clock.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { Session } from '../../sessions/session.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';
import { withoutIcons } from '../plainText.ts';

const SHOWN_MS = 5000;

/** Says in the status bar for a moment that something was done with `session`; no longer than there is the session. */
export function showBriefly(sessions: SessionManager, { id }: Session, text: string, clock: Clock): void {
  const shown = new DisposableStore();
  shown.add(vscode.window.setStatusBarMessage(`$(check) ${withoutIcons(text)}`));
  shown.add(clock.schedule(() => shown.dispose(), SHOWN_MS));
  shown.add(
    sessions.onDidUpdate(() => {
      if (!sessions.sessions.some((session) => session.id === id)) {
        shown.dispose();
      }
    }),
  );
}
