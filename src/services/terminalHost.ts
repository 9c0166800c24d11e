import * as vscode from 'vscode';

/** What terminals and tasks of this window inherit from the editor, and from the user's settings. */
export function inherited(): Readonly<Record<string, string | undefined>> {
  const platform = { win32: 'windows', darwin: 'osx' }[process.platform as string] ?? 'linux';
  const configured = vscode.workspace.getConfiguration('terminal.integrated.env').get<object>(platform);
  const values = Object.entries(configured ?? {}).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'string' ? expanded(value) : undefined,
  ]);
  return { ...process.env, ...Object.fromEntries(values) };
}

/** VS Code's variables of the environment in a setting; it has others, which are left. */
function expanded(value: string): string {
  return value.replaceAll(/\$\{env:([^}]*)\}/g, (_, name: string) => process.env[name] ?? '');
}

/** Whether the terminals of this window run on the machine that this runs on. */
export function isTerminalHere({ extensionKind }: vscode.Extension<unknown>): boolean {
  return vscode.env.remoteName === undefined || extensionKind === vscode.ExtensionKind.Workspace;
}
