import * as vscode from 'vscode';

import { parseConnections } from '../connections/connectionsSetting.ts';
import type { ParsedConnections } from '../connections/connectionsSetting.ts';
import type { Connection } from '../connections/connection.ts';
import { INTERACTIVE_FLOWS } from '../connections/flowNames.ts';
import type { InteractiveFlow } from '../connections/flowNames.ts';

const SECTION = 'awsSso';
const CONNECTIONS = 'connections';
const SIGN_IN_FLOW = 'signInFlow';
const SHARE_WITH_AWS_CLI = 'shareWithAwsCli';
const SHOW_STATUS_BAR_ITEM = 'showStatusBarItem';

/** The user's own setting: what a workspace says about connections does not count. */
export function readConnections(): ParsedConnections {
  return parseConnections(userValue(CONNECTIONS));
}

/** Adds a connection to the user's settings, after those that are there. */
export async function saveConnection(connection: Connection): Promise<void> {
  const value = userValue(CONNECTIONS);
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  await vscode.workspace
    .getConfiguration(SECTION)
    .update(CONNECTIONS, [...entries, connection], vscode.ConfigurationTarget.Global);
}

/** How the user prefers to sign in, where a connection does not say. */
export function readSignInFlow(): InteractiveFlow {
  const value = userValue(SIGN_IN_FLOW);
  return INTERACTIVE_FLOWS.find((name) => name === value) ?? INTERACTIVE_FLOWS[0];
}

/** Whether the user wants the AWS CLI to have the sign-ins made here. */
export function readShareWithAwsCli(): boolean {
  return userValue(SHARE_WITH_AWS_CLI) === true;
}

/** Whether the user wants an entry in the status bar. */
export function readShowStatusBarItem(): boolean {
  return userValue(SHOW_STATUS_BAR_ITEM) !== false;
}

/** Fires when the user has changed one of our settings. */
export function onDidChangeSetting(
  name: typeof CONNECTIONS | typeof SHARE_WITH_AWS_CLI | typeof SHOW_STATUS_BAR_ITEM,
  listener: () => unknown,
): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(`${SECTION}.${name}`)) {
      listener();
    }
  });
}

function userValue(name: string): unknown {
  return vscode.workspace.getConfiguration(SECTION).inspect(name)?.globalValue;
}
