import * as vscode from 'vscode';

import { REGIONS } from '../../connections/regions.ts';

/** Asks for the region of a role's terminals. @param first the region that stands first @returns `undefined` when the user cancels */
export async function chooseRegion(roleName: string, first: string): Promise<string | undefined> {
  const known = REGIONS.toSorted((a, b) => Number(b.id === first) - Number(a.id === first));
  const items = known.map(({ id, name }) => ({ label: id, description: name }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Region for {0}', roleName),
    placeHolder: vscode.l10n.t('Choose the region for terminals of this role. AWS SSO remembers it.'),
    matchOnDescription: true,
  });
  return chosen?.label;
}
