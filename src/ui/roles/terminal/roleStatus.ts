import * as vscode from 'vscode';

import { DisposableStore } from '../../../common/disposable.ts';
import type { Disposable } from '../../../common/disposable.ts';
import { localized } from '../../localized.ts';
import { withoutIcons } from '../../plainText.ts';
import { titleOf } from '../chosenRole.ts';
import type { RoleTerminals } from './roleTerminals.ts';

/** Which role the active terminal is; nothing where it is none. */
export class RoleStatus implements Disposable {
  readonly #terminals: RoleTerminals;
  readonly #disposables = new DisposableStore();
  readonly #item: vscode.StatusBarItem;

  constructor(terminals: RoleTerminals) {
    this.#terminals = terminals;
    this.#item = this.#disposables.add(
      vscode.window.createStatusBarItem('awsSso.role', vscode.StatusBarAlignment.Right, 99),
    );
    this.#item.name = vscode.l10n.t('AWS Role of the Terminal');
    this.#item.command = 'awsSso.openRoleTerminal';
    this.#disposables.add(terminals.onDidChange(() => this.#update()));
  }

  #update(): void {
    const { active, activeEnd } = this.#terminals;
    if (active === undefined) {
      this.#item.hide();
      return;
    }
    const { role, accountName, connectionName, region } = active;
    const name = titleOf(active);
    this.#item.text = `$(${activeEnd === undefined ? 'cloud' : 'warning'}) ${withoutIcons(name)}`;
    this.#item.backgroundColor =
      activeEnd === undefined ? undefined : new vscode.ThemeColor('statusBarItem.warningBackground');
    const identity = vscode.l10n.t({
      message:
        'The active terminal is the role {0} in the AWS account {1} ({2}), in the region {3}, signed in with {4}. Click to open another role terminal.',
      args: [role.roleName, accountName, role.accountId, region, connectionName],
      comment: ["{1} is the account's name, {2} its id, {4} the name of the connection"],
    });
    this.#item.tooltip = activeEnd === undefined ? identity : localized(activeEnd);
    const label = vscode.l10n.t({
      message: 'AWS role of the terminal: {0}',
      args: [name],
      comment: ['{0} is a role and an account, such as "Developer @ Production"'],
    });
    this.#item.accessibilityInformation = {
      label: activeEnd === undefined ? label : localized([label, '. ', activeEnd]),
    };
    this.#item.show();
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
