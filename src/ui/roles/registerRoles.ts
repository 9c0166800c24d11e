import * as vscode from 'vscode';

import type { RoleCommands } from './roleCommands.ts';
import type { WindowRoleCommands } from './window/windowRoleCommands.ts';

/** What the user does with roles. */
export interface RoleActions {
  readonly commands: RoleCommands;
  readonly windowRole: WindowRoleCommands;
}

/** Registers what the user does with roles; it is loaded when first used. */
export function registerRoles(load: () => Promise<RoleActions>): vscode.Disposable {
  const actions: Readonly<Record<string, (roles: RoleActions, argument: unknown) => unknown>> = {
    'awsSso.openRoleTerminal': ({ commands }, argument) => commands.openTerminal(argument),
    'awsSso.openConsole': ({ commands }, argument) => commands.openConsole(argument),
    'awsSso.copyRoleCredentials': ({ commands }, argument) => commands.copyCredentials(argument),
    'awsSso.refreshRoles': ({ commands }) => commands.refresh(),
    'awsSso.useRoleInWindow': ({ windowRole }, argument) => windowRole.use(argument),
    'awsSso.stopUsingRoleInWindow': ({ windowRole }) => windowRole.stop(),
  };
  return vscode.Disposable.from(
    ...Object.entries(actions).map(([id, run]) =>
      vscode.commands.registerCommand(id, async (argument: unknown) => run(await load(), argument)),
    ),
    vscode.window.registerTerminalProfileProvider('awsSso.roleTerminal', {
      provideTerminalProfile: async (token) => (await load()).commands.provideTerminalProfile(token),
    }),
  );
}
