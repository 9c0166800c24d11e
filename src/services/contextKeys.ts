import * as vscode from 'vscode';

import { DisposableStore } from '../common/disposable.ts';
import type { SessionManager } from '../sessions/sessionManager.ts';
import type { InteractiveSignIn } from '../ui/signIn/signIn.ts';

/** Keeps the context keys up to date that decide what the command palette offers. */
export function keepContextKeys(sessions: SessionManager, signIn: InteractiveSignIn): vscode.Disposable {
  const update = (): void => {
    void vscode.commands.executeCommand('setContext', 'awsSso.hasSessions', sessions.sessions.length > 0);
    void vscode.commands.executeCommand('setContext', 'awsSso.isSigningIn', signIn.isPending);
  };
  update();
  const disposables = new DisposableStore();
  disposables.add(sessions.onDidUpdate(update));
  disposables.add(signIn.onDidChangePending(update));
  return disposables;
}
