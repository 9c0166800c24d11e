import * as vscode from 'vscode';

import { isExchangeConnection } from '../connections/connection.ts';
import type { Connection, InteractiveConnection } from '../connections/connection.ts';
import { isSelected } from '../sessions/scopes.ts';
import type { RequestedScopes } from '../sessions/scopes.ts';
import { answered, withToken } from './cancellation.ts';
import { askForConnection } from './connectionInput.ts';
import { readConnections, saveConnection } from './connectionSettings.ts';

/**
 * The connection to sign in to: the one the scopes select, the only one there is, the one the person picks,
 * or a new one, which is saved in the user's settings.
 * @throws vscode.CancellationError when the person closes a picker; the signal's reason when it aborts
 */
export async function chooseConnection(
  requested: RequestedScopes,
  signal: AbortSignal,
): Promise<InteractiveConnection> {
  const { connections, problems } = readConnections();
  for (const { message } of problems) {
    void vscode.window.showWarningMessage(message);
  }
  const candidates = connections.filter(
    (connection): connection is InteractiveConnection =>
      !isExchangeConnection(connection) && isSelected(connection, requested),
  );
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) {
    return only;
  }
  const picked = candidates.length === 0 ? 'new' : await pickConnection(candidates, signal);
  return picked === 'new' ? addConnection(requested, connections, signal) : picked;
}

async function pickConnection(
  candidates: readonly InteractiveConnection[],
  signal: AbortSignal,
): Promise<InteractiveConnection | 'new'> {
  const { t } = vscode.l10n;
  const items: (vscode.QuickPickItem & { readonly choice: InteractiveConnection | 'new' })[] = [
    ...candidates.map((choice) => ({
      label: choice.name,
      description: choice.region,
      detail: choice.startUrl,
      choice,
    })),
    { label: '', kind: vscode.QuickPickItemKind.Separator, choice: 'new' },
    { label: `$(add) ${t('Another Identity Center…')}`, choice: 'new' },
  ];
  const picked = await withToken(signal, (token) =>
    vscode.window.showQuickPick(
      items,
      { title: t('Sign in to AWS'), placeHolder: t('Choose an Identity Center'), ignoreFocusOut: true },
      token,
    ),
  );
  return answered(picked, signal).choice;
}

async function addConnection(
  { startUrl, region }: RequestedScopes,
  existing: readonly Connection[],
  signal: AbortSignal,
): Promise<InteractiveConnection> {
  const hint = { ...(startUrl !== undefined && { startUrl }), ...(region !== undefined && { region }) };
  const names = existing.map(({ name }) => name);
  const connection = await askForConnection(hint, names, signal);
  await saveConnection(connection);
  return connection;
}
