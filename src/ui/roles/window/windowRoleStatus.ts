import * as vscode from 'vscode';

import { DisposableStore } from '../../../common/disposable.ts';
import type { Disposable } from '../../../common/disposable.ts';
import { withoutIcons } from '../../plainText.ts';
import { titleOf } from '../chosenRole.ts';
import type { WindowRole } from './windowRole.ts';

/** Says which role this window uses, and stops that with a click; nothing where it uses none. */
export class WindowRoleStatus implements Disposable {
  readonly #role: WindowRole;
  readonly #disposables = new DisposableStore();
  readonly #item: vscode.StatusBarItem;

  constructor(role: WindowRole) {
    this.#role = role;
    this.#item = this.#disposables.add(
      vscode.window.createStatusBarItem('awsSso.windowRole', vscode.StatusBarAlignment.Left, 99),
    );
    this.#item.name = vscode.l10n.t('AWS Role of This Window');
    this.#item.command = 'awsSso.stopUsingRoleInWindow';
    this.#item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
    this.#disposables.add(role.onDidChange(() => this.#update()));
  }

  #update(): void {
    const { current } = this.#role;
    void vscode.commands.executeCommand('setContext', 'awsSso.usesRoleInWindow', current !== undefined);
    if (current === undefined) {
      this.#item.hide();
      return;
    }
    const { role, accountName, connectionName, region } = current;
    this.#item.text = vscode.l10n.t({
      message: '$(cloud) Window: {0}',
      args: [withoutIcons(titleOf(current))],
      comment: ['{0} is a role and an account, such as "Developer @ Production"'],
    });
    this.#item.tooltip = vscode.l10n.t({
      message:
        'Tasks, debugging and new terminals of this window use the role {0} in the AWS account {1} ({2}), in the region {3}, signed in with {4}. Click to stop using it.',
      args: [role.roleName, accountName, role.accountId, region, connectionName],
      comment: ["{1} is the account's name, {2} its id, {4} the name of the connection"],
    });
    this.#item.accessibilityInformation = {
      label: vscode.l10n.t({
        message: 'AWS role of this window: {0}. Stop using it.',
        args: [titleOf(current)],
        comment: ['{0} is a role and an account, such as "Developer @ Production"'],
      }),
      role: 'button',
    };
    this.#item.show();
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
