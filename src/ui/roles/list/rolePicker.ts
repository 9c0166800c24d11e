import * as vscode from 'vscode';

import { delay } from '../../../common/clock.ts';
import type { Clock } from '../../../common/clock.ts';
import { DisposableStore } from '../../../common/disposable.ts';
import { l10n } from '../../../common/words.ts';
import { listFailureWords, progressWords } from '../../../roles/list/listStatus.ts';
import type { ListStatus } from '../../../roles/list/listStatus.ts';
import { RoleListView } from '../../../roles/list/roleListView.ts';
import type { RoleLists } from '../../../roles/list/roleLists.ts';
import { accountsWithoutScope } from '../../../roles/list/rolesOwner.ts';
import { accountTitle } from '../../../roles/role.ts';
import type { Session } from '../../../sessions/session.ts';
import { localized } from '../../localized.ts';
import { withoutIcons } from '../../plainText.ts';
import type { RoleListChoice } from '../roleChoice.ts';
import { missingScopeWords } from '../scopeOffer.ts';
import { firstFound, isSameLine, keyOf, moreLine, roleLine, separated } from './roleLines.ts';
import type { Line } from './roleLines.ts';
import { SeenLines } from './seenLines.ts';

/** Nobody reads more lines than that: to find another role, users type a part of its name. */
const MAX_LINES = 300;
/** What is found by a part of a name is sent anew with each key. */
const MAX_FOUND_LINES = 100;
const MAX_FAILURES = 3;
/** After this, VS Code has sent what was set. */
const SENT_MS = 10;

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
  readonly #seen: SeenLines<Line>;
  /** The line on which the cursor was kept in the newest list. */
  #kept: Line | undefined;
  readonly #refresh = {
    iconPath: new vscode.ThemeIcon('refresh'),
    tooltip: vscode.l10n.t('Refresh Roles'),
  };

  constructor(parts: RolePickerParts, title: string, query: string) {
    this.#parts = parts;
    this.#view = this.#disposables.add(new RoleListView(parts.lists, parts.clock));
    this.#seen = new SeenLines(() => whenShown(parts.clock), isSameLine);
    this.#picker.title = title;
    this.#picker.value = query;
    this.#picker.buttons = [this.#refresh];
    this.#picker.matchOnDescription = true;
    this.#picker.matchOnDetail = true;
    this.#picker.keepScrollPosition = true;
  }

  /** @returns `undefined` when the user cancels */
  async choose(): Promise<RoleListChoice | undefined> {
    const { promise, resolve } = Promise.withResolvers<RoleListChoice | undefined>();
    const { lists } = this.#parts;
    const add = (listening: vscode.Disposable): void => void this.#disposables.add(listening);
    add(this.#view.onDidChange(() => this.#update()));
    add(
      this.#picker.onDidChangeValue(() => {
        this.#seen.type();
        this.#update();
      }),
    );
    add(this.#picker.onDidChangeActive(([line]) => this.#onActive(line)));
    add(this.#picker.onDidTriggerButton(() => lists.refresh()));
    add(this.#picker.onDidTriggerItemButton(({ item }) => void this.#togglePin(item)));
    add(
      this.#picker.onDidAccept(() => {
        const line = this.#selected();
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
    const entries = found.slice(0, query === '' ? MAX_LINES : MAX_FOUND_LINES);
    const active = keyOf(this.#picker.activeItems[0]);
    const items = this.#view.items(entries);
    const lines = items.flatMap((item, index) => {
      const entry = entries[index];
      return entry === undefined ? [] : [roleLine(entry, item)];
    });
    this.#showProgress(progress);
    const all = [
      ...(query === '' ? separated(lines) : lines),
      ...moreLine(found.length - entries.length),
      ...this.#failures(),
      ...this.#missing(),
    ];
    this.#picker.items = all;
    this.#seen.replace(all);
    this.#kept = lines.find((line) => active !== undefined && keyOf(line) === active);
    // VS Code moves to the first one by itself.
    if (this.#kept !== undefined && this.#kept !== firstFound(all)) {
      this.#picker.activeItems = [this.#kept];
    }
  }

  /** Sets only what has changed: for each property that is set, VS Code lays out the whole list once more. */
  #showProgress(progress: ListStatus['progress']): void {
    const busy = progress.kind === 'loadingAccounts' || progress.kind === 'loadingRoles';
    const placeholder = localized([
      vscode.l10n.t('Search by account, ID, email, or role.'),
      ' ',
      progressWords(progress, (at) => new Date(at).toLocaleTimeString(vscode.env.language)),
    ]);
    if (busy !== this.#picker.busy) {
      this.#picker.busy = busy;
    }
    if (placeholder !== this.#picker.placeholder) {
      this.#picker.placeholder = placeholder;
    }
  }

  #onActive(line: Line | undefined): void {
    if (line !== this.#kept && line !== firstFound(this.#picker.items)) {
      this.#seen.move();
    }
    if (line?.found !== undefined) {
      this.#view.focus(line.found.entry);
    }
  }

  /** Nothing where it isn't certain what the user means: the list stays, as they see it by now. */
  #selected(): Line | undefined {
    const { selectedItems, activeItems, items } = this.#picker;
    const [line] = selectedItems;
    if (line !== undefined && this.#seen.isCertain(line)) {
      return line;
    }
    // Enter right after typing means what stands first then, though it isn't shown yet.
    const active = items.find((item) => item.found !== undefined && isSameLine(item, activeItems[0]));
    return this.#seen.isTyped ? (active ?? firstFound(items)) : undefined;
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

  async #togglePin(line: Line): Promise<void> {
    const { found } = line;
    if (found?.item.role !== undefined && this.#seen.isCertain(line)) {
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

/** VS Code sends what was set in its next turn; what it is asked after that it answers after that. */
async function whenShown(clock: Clock): Promise<void> {
  await delay(clock, SENT_MS);
  await vscode.commands.executeCommand('setContext', 'awsSso.areRolesShown', true);
}
