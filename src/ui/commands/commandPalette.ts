import * as vscode from 'vscode';

import type { Commands } from './commands.ts';

/** Registers the palette's commands, and what opens our links; what they do is loaded when the first one runs. */
export function registerCommands(load: () => Promise<Commands>): vscode.Disposable {
  const actions: Readonly<Record<string, (commands: Commands) => unknown>> = {
    'awsSso.signIn': (commands) => commands.signIn(),
    'awsSso.signOut': (commands) => commands.signOut(),
    'awsSso.signOutAll': (commands) => commands.signOutAll(),
    'awsSso.showSessions': (commands) => commands.showSessions(),
    'awsSso.runDiagnostics': (commands) => commands.runDiagnostics(),
    'awsSso.showLog': (commands) => commands.showLog(),
    'awsSso.copySetupLink': (commands) => commands.copySetupLink(),
  };
  return vscode.Disposable.from(
    vscode.window.registerUriHandler({ handleUri: async (uri) => (await load()).openSetupLink(uri) }),
    ...Object.entries(actions).map(([id, run]) =>
      vscode.commands.registerCommand(id, async () => run(await load())),
    ),
  );
}
