import * as vscode from 'vscode';

/** Whether a browser that this opens can be expected to reach this machine's loopback address. */
export function isLoopbackReachable({ extensionKind }: vscode.Extension<unknown>): boolean {
  const isRemote = vscode.env.remoteName !== undefined && extensionKind === vscode.ExtensionKind.Workspace;
  return vscode.env.uiKind === vscode.UIKind.Desktop && !isRemote;
}
