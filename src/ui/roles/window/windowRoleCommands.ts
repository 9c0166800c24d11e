import * as vscode from 'vscode';

import { l10n } from '../../../common/words.ts';
import type { Words } from '../../../common/words.ts';
import type { RoleEnded } from '../../../roles/credentials/unavailable.ts';
import type { ShellCheck } from '../../../roles/shell/shellCheck.ts';
import { windowTerminalEnvironment, winningOverWindowRole } from '../../../roles/terminal/environment.ts';
import { localized } from '../../localized.ts';
import { plain } from '../../plainText.ts';
import { titleOf } from '../chosenRole.ts';
import type { ChosenRole, ShownRole } from '../chosenRole.ts';
import { whileGettingCredentials } from '../credentialsProgress.ts';
import { copyInstead, ErrorWithStep, explain } from '../explain.ts';
import { parseRoleArgument } from '../roleArgument.ts';
import type { RoleChoice } from '../roleChoice.ts';
import { tellOverriddenInWindow } from '../terminal/shellNotice.ts';
import type { WindowRole } from './windowRole.ts';

export interface WindowRoleCommandsParts {
  readonly choice: RoleChoice;
  readonly windowRole: WindowRole;
  readonly shellCheck: ShellCheck;
  /** Notes which region and role were used last. */
  readonly used: (role: ChosenRole, region: string) => Promise<void>;
  /** What terminals and tasks of this window inherit. */
  readonly inherited: () => Readonly<Record<string, string | undefined>>;
  /** Whether terminals run on the machine that this runs on. */
  readonly isTerminalHere: boolean;
  readonly showLog: () => void;
}

/** The commands for a role that the tasks and the debugging of this window use. */
export class WindowRoleCommands {
  readonly #parts: WindowRoleCommandsParts;

  constructor(parts: WindowRoleCommandsParts) {
    this.#parts = parts;
  }

  /** Uses a role in this window, once the user agrees. @param argument see `RoleArgument` */
  async use(argument: unknown): Promise<void> {
    const { choice, windowRole, used, inherited, showLog } = this.#parts;
    await explain(showLog, async () => {
      this.#check();
      const title = vscode.l10n.t('Use an AWS Role in This Window');
      const found = await choice.chooseWithRegion(parseRoleArgument(argument), title);
      if (found === undefined) {
        return;
      }
      const { chosen, shown } = found;
      const { region } = shown;
      const winning = winningOverWindowRole(inherited(), region);
      if (winning.credentials.length > 0) {
        throw terminalInstead(winning.credentials);
      }
      if (await agrees(shown, winning.region)) {
        await whileGettingCredentials(chosen, new AbortController().signal, (signal) =>
          windowRole.start(shown, signal),
        );
        await used(chosen, region);
        await this.#checkShell(shown);
      }
    });
  }

  async #checkShell(shown: ShownRole): Promise<void> {
    const { windowRole, shellCheck } = this.#parts;
    const environment = windowTerminalEnvironment(windowRole.environment);
    const overridden = await shellCheck.overridden(environment, new AbortController().signal);
    if (overridden !== undefined && windowRole.current === shown) {
      tellOverriddenInWindow(shown, overridden);
    }
  }

  /** @throws WordedError where this window must not use a role */
  #check(): void {
    if (!this.#parts.isTerminalHere) {
      throw copyInstead(
        l10n.t(
          "A role can't be used in this remote window: its terminals and tasks run on another machine, which can't reach AWS SSO here. Use AWS SSO: Copy Role Credentials instead.",
        ),
      );
    }
    if (!vscode.workspace.isTrusted) {
      throw new ErrorWithStep(
        l10n.t(
          "A role can't be used in a window in Restricted Mode, because tasks and debugging run the workspace's code. Trust the workspace first.",
        ),
        {
          label: vscode.l10n.t('Manage Workspace Trust'),
          run: () => vscode.commands.executeCommand('workbench.trust.manage'),
        },
      );
    }
  }

  /** Ends it at once. */
  stop(): void {
    this.#parts.windowRole.stop();
  }

  /** Tells the user that this window no longer uses a role that can't be taken any more. */
  end(ended: RoleEnded): void {
    const was = this.#parts.windowRole.end(ended);
    if (was !== undefined) {
      void vscode.window.showWarningMessage(
        plain(
          vscode.l10n.t({
            message: 'This window no longer uses the role {0}. {1}',
            args: [titleOf(was), localized(reason(ended))],
            comment: [
              '{0} is a role and an account, such as "Developer @ Production"',
              '{1} is one or more sentences',
            ],
          }),
        ),
      );
    }
  }
}

function reason({ why }: RoleEnded): Words {
  return why.reason === 'signedOut'
    ? l10n.t("You're signed out of AWS SSO.")
    : l10n.t('AWS no longer lets you use it.');
}

/** Where the window's own environment would win over the role. */
function terminalInstead(names: readonly string[]): ErrorWithStep {
  return new ErrorWithStep(
    l10n.t({
      message:
        "A role can't be used in this window, because VS Code was started with {0} in its environment: terminals and tasks would use that instead. Start VS Code without it, or open a role terminal.",
      args: [names.join(', ')],
      comment: ['{0} is one or more names of environment variables'],
    }),
    {
      label: vscode.l10n.t('Open Role Terminal'),
      run: () => vscode.commands.executeCommand('awsSso.openRoleTerminal'),
    },
  );
}

/** Asks whether to go on, with what that means. @param regions the variables that win over the role's region */
async function agrees(shown: ShownRole, regions: readonly string[]): Promise<boolean> {
  const use = vscode.l10n.t('Use Role');
  const detail = [
    vscode.l10n.t({
      message: 'Account: {0} ({1})\nRegion: {2}',
      args: [shown.accountName, shown.role.accountId, shown.region],
      comment: ["{0} is the account's name, {1} its id"],
    }),
    vscode.l10n.t(
      'All tasks, debugging and new terminals of this window will use this role, whoever starts them: you, an extension, or an agent. Only role terminals keep their own.',
    ),
    vscode.l10n.t(
      'VS Code restarts terminals that you have not used yet. Others get the role when you relaunch them, and not before.',
    ),
    ...(regions.length === 0
      ? []
      : [
          vscode.l10n.t({
            message: 'The region is that of {0} in the environment that VS Code was started with.',
            args: [regions.join(', ')],
            comment: ['{0} is one or two names of environment variables'],
          }),
        ]),
    vscode.l10n.t('It ends when you stop it in the Status Bar, sign out, or close or reload the window.'),
  ].join('\n\n');
  const message = vscode.l10n.t({
    message: 'Use the role {0} in this window?',
    args: [titleOf(shown)],
    comment: ['{0} is a role and an account, such as "Developer @ Production"'],
  });
  return (await vscode.window.showWarningMessage(message, { modal: true, detail }, use)) === use;
}
