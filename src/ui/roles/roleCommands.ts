import * as vscode from 'vscode';

import { untilAborted } from '../../common/timeout.ts';
import { l10n, WordedError } from '../../common/words.ts';
import { isExchangeConnection } from '../../connections/connection.ts';
import { consoleUrl } from '../../roles/consoleUrl.ts';
import type { CredentialsSource } from '../../roles/credentials/credentialsSource.ts';
import { openBrowser } from '../signIn/openBrowser.ts';
import { chooseFormat } from './copyCredentials.ts';
import type { CredentialsClipboard } from './copyCredentials.ts';
import { sessionRoleOf } from './chosenRole.ts';
import type { ChosenRole } from './chosenRole.ts';
import { whileGettingCredentials } from './credentialsProgress.ts';
import { copyInstead, explain } from './explain.ts';
import { parseRoleArgument } from './roleArgument.ts';
import type { RoleChoice } from './roleChoice.ts';
import type { RoleTerminals } from './terminal/roleTerminals.ts';

export interface RoleCommandsParts {
  readonly choice: RoleChoice;
  /** The region of the role's terminals, where nobody has to be asked for it. */
  readonly knownRegion: (role: ChosenRole) => Promise<string | undefined>;
  /** Notes which region and role were used last. */
  readonly used: (role: ChosenRole, region: string | undefined) => Promise<void>;
  /** Lists all roles again, in the background. */
  readonly refresh: () => void;
  readonly source: CredentialsSource;
  readonly terminals: RoleTerminals;
  readonly clipboard: CredentialsClipboard;
  /** Whether terminals run on the machine that this runs on. */
  readonly isTerminalHere: boolean;
  readonly showLog: () => void;
}

/** What the user does with a role: the commands. */
export class RoleCommands {
  readonly #parts: RoleCommandsParts;

  constructor(parts: RoleCommandsParts) {
    this.#parts = parts;
  }

  /** Opens a terminal that is a role. @param argument see `RoleArgument`; the user chooses where there is none */
  async openTerminal(argument: unknown): Promise<void> {
    await this.#explain(async () => {
      const options = await this.#terminalOptions(argument, new AbortController().signal);
      if (options !== undefined) {
        vscode.window.createTerminal(options).show();
      }
    });
  }

  /**
   * For the terminal's "+" menu.
   * @throws Error without a message where nothing is to be opened, of which the user knows why: VS Code shows an error of
   *   its own where it is given nothing, and none where that has no words (VS Code 1.105 to 1.139)
   */
  async provideTerminalProfile(token: vscode.CancellationToken): Promise<vscode.TerminalProfile> {
    const cancelled = new AbortController();
    const listening = token.onCancellationRequested(() => cancelled.abort(new vscode.CancellationError()));
    try {
      const options = await this.#explain(() => this.#terminalOptions(undefined, cancelled.signal));
      if (options === undefined) {
        throw new Error('');
      }
      return new vscode.TerminalProfile(options);
    } finally {
      listening.dispose();
    }
  }

  async #terminalOptions(argument: unknown, outer: AbortSignal): Promise<vscode.TerminalOptions | undefined> {
    if (!this.#parts.isTerminalHere) {
      throw copyInstead(
        l10n.t(
          "Role terminals aren't available in this remote window: its terminals run on another machine, which can't reach AWS SSO here. Use AWS SSO: Copy Role Credentials instead.",
        ),
      );
    }
    const { choice, terminals, used } = this.#parts;
    const title = vscode.l10n.t('Open a Terminal as an AWS Role');
    const found = await choice.chooseWithRegion(parseRoleArgument(argument), title);
    if (found === undefined) {
      return undefined;
    }
    const { chosen, shown } = found;
    const options = await whileGettingCredentials(chosen, outer, (signal) =>
      terminals.prepare(shown, signal),
    );
    await used(chosen, shown.region);
    return options;
  }

  /** Lists all roles again. */
  refresh(): void {
    this.#parts.refresh();
  }

  /** Opens the console of a role in the browser. */
  async openConsole(argument: unknown): Promise<void> {
    await this.#explain(async () => {
      const wanted = parseRoleArgument(argument);
      const chosen = await this.#parts.choice.choose(wanted, vscode.l10n.t('Open the AWS Console as a Role'));
      if (chosen === undefined) {
        return;
      }
      const { connection } = chosen.session;
      if (isExchangeConnection(connection)) {
        throw new WordedError(
          l10n.t({
            message: "The console can't be opened through {0}: this connection has no start URL.",
            args: [connection.name],
            comment: ['{0} is the name of a connection'],
          }),
        );
      }
      const { startUrl } = connection;
      const { accountId, roleName } = chosen;
      const region = wanted?.region;
      const url = consoleUrl(
        { startUrl, accountId, roleName },
        region === undefined ? undefined : { region },
      );
      openBrowser(url);
      await this.#parts.used(chosen, undefined);
    });
  }

  /** Copies credentials of a role, for what can't ask for them. */
  async copyCredentials(argument: unknown): Promise<void> {
    await this.#explain(async () => {
      const wanted = parseRoleArgument(argument);
      const chosen = await this.#parts.choice.choose(wanted, vscode.l10n.t('Copy Role Credentials'));
      const format = chosen && (await chooseFormat());
      if (chosen === undefined || format === undefined) {
        return;
      }
      const { source, clipboard } = this.#parts;
      const role = sessionRoleOf(chosen);
      const using = source.use(role);
      try {
        const found = await whileGettingCredentials(chosen, new AbortController().signal, (signal) =>
          untilAborted(signal, source.read(role, undefined)),
        );
        if (found.kind === 'unavailable') {
          throw new WordedError(found.words);
        }
        const region = wanted?.region ?? (await this.#parts.knownRegion(chosen));
        await clipboard.copy(format, found.credentials, region);
        await this.#parts.used(chosen, undefined);
      } finally {
        using.dispose();
      }
    });
  }

  #explain<T>(work: () => Promise<T>): Promise<T | undefined> {
    return explain(this.#parts.showLog, work);
  }
}
