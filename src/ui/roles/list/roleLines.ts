import * as vscode from 'vscode';

import type { RoleEntry } from '../../../roles/list/roleEntry.ts';
import type { RoleItem } from '../../../roles/list/roleItem.ts';
import { localized } from '../../localized.ts';
import { withoutIcons } from '../../plainText.ts';

/** Of a role, or of an account whose roles aren't known, or of those missing; a separator and a failure are none. */
export interface Line extends vscode.QuickPickItem {
  readonly found?: { readonly entry: RoleEntry; readonly item: RoleItem };
  /** Signs in for roles that are missing. */
  readonly signsIn?: boolean;
}

/** The line of what is found. */
export function roleLine(entry: RoleEntry, item: RoleItem): Line {
  const { role, isPinned } = item;
  return {
    label: withoutIcons(localized(item.label)),
    description: withoutIcons(localized(item.description)),
    detail: withoutIcons(localized(item.detail)),
    // What is found is found by us: by words in any order.
    alwaysShow: true,
    found: { entry, item },
    ...(role !== undefined && { buttons: [pinButton(isPinned)] }),
  };
}

/** The line after those that are shown, where `count` more are not; none where all are. */
export function moreLine(count: number): readonly Line[] {
  const { l10n } = vscode;
  const detail = l10n.t('Type more of a name to find them.');
  return count > 0 ? [{ label: l10n.t('More roles: {0}', count), detail, alwaysShow: true }] : [];
}

/** What tells a line from all others: several users of one connection may have the same role. */
export function keyOf(line: Line | undefined): string | undefined {
  if (line?.found === undefined) {
    return undefined;
  }
  const { owner, account, roleName } = line.found.entry;
  return JSON.stringify([owner.key, account.accountId, roleName]);
}

/** The first of the lines that stands for a role or an account: where VS Code has the cursor, if nothing else is said. */
export function firstFound(lines: readonly Line[]): Line | undefined {
  return lines.find(({ found }) => found !== undefined);
}

/** Whether both stand for the same role, account or offer, in whatever list they are. */
export function isSameLine(one: Line | undefined, other: Line | undefined): boolean {
  return keyOf(one) === keyOf(other) && one?.signsIn === other?.signsIn;
}

/** The lines in their groups: pinned, recently used, all others. */
export function separated(lines: readonly Line[]): readonly Line[] {
  const { l10n } = vscode;
  const pinned = lines.filter(({ found }) => found?.item.isPinned === true);
  const recent = lines.filter(({ found }) => found?.item.isRecent === true && !found.item.isPinned);
  const others = lines.filter((line) => !pinned.includes(line) && !recent.includes(line));
  return [
    ...group(l10n.t('pinned'), pinned),
    ...group(l10n.t('recently used'), recent),
    ...group(l10n.t('all roles'), others),
  ];
}

function group(label: string, lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...lines];
}

function pinButton(isPinned: boolean): vscode.QuickInputButton {
  return isPinned
    ? { iconPath: new vscode.ThemeIcon('pinned'), tooltip: vscode.l10n.t('Unpin') }
    : { iconPath: new vscode.ThemeIcon('pin'), tooltip: vscode.l10n.t('Pin') };
}
