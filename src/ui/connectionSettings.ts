import * as vscode from 'vscode';

import { parseConnections } from '../connections/settings.ts';
import type { ParsedConnections } from '../connections/settings.ts';
import type { Connection } from '../connections/connection.ts';
import type { InteractiveFlow } from '../flows/chooseFlow.ts';

const SECTION = 'awsSso';
const CONNECTIONS = 'connections';
const SIGN_IN_FLOW = 'signInFlow';

/** The person's own setting: what a workspace says about connections does not count. */
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

/** How the person prefers to sign in, where a connection does not say. */
export function readSignInFlow(): InteractiveFlow {
  return userValue(SIGN_IN_FLOW) === 'authorizationCode' ? 'authorizationCode' : 'deviceCode';
}

function userValue(name: string): unknown {
  return vscode.workspace.getConfiguration(SECTION).inspect(name)?.globalValue;
}
