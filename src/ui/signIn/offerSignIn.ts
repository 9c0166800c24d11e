import * as vscode from 'vscode';

import { PROVIDER_ID } from '../../provider/authenticationProvider.ts';
import { DEFAULT_SCOPE } from '../../sessions/scopes.ts';
import type { SessionManager } from '../../sessions/sessionManager.ts';

/**
 * While nobody is signed in, asks VS Code for a session without a dialog: that makes the Accounts menu offer the
 * sign-in. Not after the user has signed out of everything: they know, and a badge would only ask them to undo it.
 */
export function offerSignIn(sessions: SessionManager): vscode.Disposable {
  const offer = (): void => {
    if (!sessions.sessions.some(({ state }) => state.kind === 'signedIn')) {
      const asked = vscode.authentication.getSession(PROVIDER_ID, [DEFAULT_SCOPE], { createIfNone: false });
      // Refused while the window closes, for one. Then nothing is offered.
      asked.then(undefined, () => undefined);
    }
  };
  offer();
  return sessions.onDidChange(() => {
    // A session that ended by itself is still there; only a sign-out leaves none.
    if (sessions.sessions.length > 0) {
      offer();
    }
  });
}
