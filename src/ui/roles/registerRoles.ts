import * as vscode from 'vscode';

import type { RoleCommands } from './roleCommands.ts';

/** Registers what the user does with roles; it is loaded when first used. */
export function registerRoles(load: () => Promise<RoleCommands>): vscode.Disposable {
  const actions: Readonly<Record<string, (roles: RoleCommands, argument: unknown) => unknown>> = {
    'awsSso.openRoleTerminal': (roles, argument) => roles.openTerminal(argument),
    'awsSso.openConsole': (roles, argument) => roles.openConsole(argument),
    'awsSso.copyRoleCredentials': (roles, argument) => roles.copyCredentials(argument),
    'awsSso.refreshRoles': (roles) => roles.refresh(),
  };
  return vscode.Disposable.from(
    ...Object.entries(actions).map(([id, run]) =>
      vscode.commands.registerCommand(id, async (argument: unknown) => run(await load(), argument)),
    ),
    vscode.window.registerTerminalProfileProvider('awsSso.roleTerminal', {
      provideTerminalProfile: async (token) => (await load()).provideTerminalProfile(token),
    }),
  );
}
