import * as vscode from 'vscode';

import type { Clock } from '../../common/clock.ts';
import { DisposableStore } from '../../common/disposable.ts';
import { l10n } from '../../common/words.ts';
import { listFailureWords, progressWords } from '../../roles/list/listStatus.ts';
import type { RoleEntry } from '../../roles/list/roleEntry.ts';
import type { RoleItem } from '../../roles/list/roleItem.ts';
import { RoleListView } from '../../roles/list/roleListView.ts';
import type { RoleLists } from '../../roles/list/roleLists.ts';
import { accountsWithoutScope } from '../../roles/list/rolesOwner.ts';
import { accountTitle } from '../../roles/role.ts';
import type { Session } from '../../sessions/session.ts';
import { localized } from '../localized.ts';
import { withoutIcons } from '../plainText.ts';
import type { RoleListChoice } from './roleChoice.ts';
import { missingScopeWords } from './scopeOffer.ts';

/** Of a role, or of an account whose roles aren't known, or of those missing; a separator and a failure are none. */
interface Line extends vscode.QuickPickItem {
  readonly found?: { readonly entry: RoleEntry; readonly item: RoleItem };
  /** Signs in for roles that are missing. */
  readonly signsIn?: boolean;
}

/** Nobody reads more lines than that: to find another role, users type a part of its name. */
const MAX_LINES = 300;
const MAX_FAILURES = 3;

export interface RolePickerParts {
  readonly lists: RoleLists;
  readonly clock: Clock;
  readonly sessions: () => readonly Session[];
}

/** Lets the user choose a role from what is known at once, while the list is renewed behind. @param query to begin with */
export function chooseRole(
  parts: RolePickerParts,
  title: string,
  query = '',
): Promise<RoleListChoice | undefined> {
  return new RolePicker(parts, title, query).choose();
}

class RolePicker {
  readonly #parts: RolePickerParts;
  readonly #disposables = new DisposableStore();
  readonly #view: RoleListView;
  readonly #picker = this.#disposables.add(vscode.window.createQuickPick<Line>());
  readonly #refresh = {
    iconPath: new vscode.ThemeIcon('refresh'),
    tooltip: vscode.l10n.t('Refresh Roles'),
  };

  constructor(parts: RolePickerParts, title: string, query: string) {
    this.#parts = parts;
    this.#view = this.#disposables.add(new RoleListView(parts.lists, parts.clock));
    this.#picker.title = title;
    this.#picker.value = query;
    this.#picker.buttons = [this.#refresh];
    this.#picker.matchOnDescription = true;
    this.#picker.matchOnDetail = true;
  }

  /** @returns `undefined` when the user cancels */
  async choose(): Promise<RoleListChoice | undefined> {
    const { promise, resolve } = Promise.withResolvers<RoleListChoice | undefined>();
    const { lists } = this.#parts;
    const add = (listening: vscode.Disposable): void => void this.#disposables.add(listening);
    add(this.#view.onDidChange(() => this.#update()));
    add(this.#picker.onDidChangeValue(() => this.#update()));
    add(this.#picker.onDidChangeActive(([line]) => line?.found && this.#view.focus(line.found.entry)));
    add(this.#picker.onDidTriggerButton(() => lists.refresh()));
    add(this.#picker.onDidTriggerItemButton(({ item }) => void this.#togglePin(item)));
    add(
      this.#picker.onDidAccept(() => {
        const [line] = this.#picker.selectedItems;
        const chosen = line && this.#chosen(line);
        if (chosen !== undefined) {
          resolve(chosen);
        }
      }),
    );
    add(this.#picker.onDidHide(() => resolve(undefined)));
    this.#update();
    this.#picker.show();
    try {
      return await promise;
    } finally {
      this.#disposables.dispose();
    }
  }

  #update(): void {
    const { progress } = this.#view.status;
    const query = this.#picker.value;
    const found = this.#view.find(query);
    const entries = found.slice(0, MAX_LINES);
    const active = keyOf(this.#picker.activeItems[0]);
    const items = this.#view.items(entries);
    const lines = items.flatMap((item, index) => {
      const entry = entries[index];
      return entry === undefined ? [] : [roleLine(entry, item)];
    });
    this.#picker.busy = progress.kind === 'loadingAccounts' || progress.kind === 'loadingRoles';
    this.#picker.placeholder = localized([
      vscode.l10n.t('Search by account, ID, email, or role.'),
      ' ',
      progressWords(progress, (at) => new Date(at).toLocaleTimeString(vscode.env.language)),
    ]);
    this.#picker.keepScrollPosition = true;
    this.#picker.items = [
      ...(query === '' ? separated(lines) : lines),
      ...this.#failures(),
      ...this.#missing(),
    ];
    const stillActive = lines.find((line) => active !== undefined && keyOf(line) === active);
    if (stillActive !== undefined) {
      this.#picker.activeItems = [stillActive];
    }
  }

  #failures(): readonly Line[] {
    const { failures } = this.#view.status;
    return failures.slice(0, MAX_FAILURES).map((failure) => ({
      label: `$(warning) ${vscode.l10n.t('Some roles are missing')}`,
      detail: withoutIcons(localized(listFailureWords(failure))),
      alwaysShow: true,
    }));
  }

  #missing(): readonly Line[] {
    const accounts = accountsWithoutScope(this.#parts.sessions());
    const detail = localized([missingScopeWords(accounts), ' ', l10n.t('Select this to sign in with it.')]);
    return accounts.length === 0
      ? []
      : [
          {
            label: `$(warning) ${vscode.l10n.t('Some roles are missing')}`,
            detail: withoutIcons(detail),
            alwaysShow: true,
            signsIn: true,
          },
        ];
  }

  async #togglePin({ found }: Line): Promise<void> {
    if (found?.item.role !== undefined) {
      const { role, isPinned } = found.item;
      // Where it can't be saved it holds in this window.
      await this.#parts.lists.pins.setPinned(role, !isPinned).catch(() => undefined);
    }
  }

  #chosen({ found, signsIn }: Line): RoleListChoice | undefined {
    if (signsIn === true) {
      return 'missingScope';
    }
    const session = this.#parts.sessions().find(({ id }) => id === found?.item.owner.sessionId);
    if (session === undefined || found?.item.role === undefined) {
      return undefined;
    }
    const { accountId, roleName } = found.item.role;
    return { session, accountName: accountTitle(found.entry.account), accountId, roleName };
  }
}

function roleLine(entry: RoleEntry, item: RoleItem): Line {
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

/** What tells a line from all others: several users of one connection may have the same role. */
function keyOf(line: Line | undefined): string | undefined {
  if (line?.found === undefined) {
    return undefined;
  }
  const { owner, account, roleName } = line.found.entry;
  return JSON.stringify([owner.key, account.accountId, roleName]);
}

function separated(lines: readonly Line[]): readonly Line[] {
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
