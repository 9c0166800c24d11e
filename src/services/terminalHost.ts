import * as vscode from 'vscode';

/** What terminals and tasks of this window inherit from the editor, and from the user's settings. */
export function inherited(): Readonly<Record<string, string | undefined>> {
  const platform = { win32: 'windows', darwin: 'osx' }[process.platform as string] ?? 'linux';
  const configured = vscode.workspace.getConfiguration('terminal.integrated.env').get<object>(platform);
  return { ...process.env, ...configured };
}

/** Whether the terminals of this window run on the machine that this runs on. */
export function isTerminalHere({ extensionKind }: vscode.Extension<unknown>): boolean {
  return vscode.env.remoteName === undefined || extensionKind === vscode.ExtensionKind.Workspace;
}
