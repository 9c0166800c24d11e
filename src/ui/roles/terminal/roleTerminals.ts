import * as vscode from 'vscode';

import type { Clock } from '../../../common/clock.ts';
import { DisposableStore } from '../../../common/disposable.ts';
import type { Disposable } from '../../../common/disposable.ts';
import { Emitter } from '../../../common/event.ts';
import { errorCode } from '../../../common/log.ts';
import type { Log } from '../../../common/log.ts';
import { untilAborted } from '../../../common/timeout.ts';
import type { Words } from '../../../common/words.ts';
import type { CredentialsSource } from '../../../roles/credentials/credentialsSource.ts';
import type { RoleEnded } from '../../../roles/credentials/unavailable.ts';
import { roleKey } from '../../../roles/credentials/roleCredentials.ts';
import type { CredentialsGrant } from '../../../roles/endpoint/credentialsEndpoint.ts';
import type { ShellCheck } from '../../../roles/shell/shellCheck.ts';
import { CREDENTIALS_URL, roleTerminalEnvironment } from '../../../roles/terminal/environment.ts';
import type { TerminalEnvironment } from '../../../roles/terminal/environment.ts';
import type { RoleAccess } from '../../../roles/terminal/roleAccess.ts';
import type { RoleFiles } from '../../../roles/terminal/roleFiles.ts';
import { plain, withoutIcons } from '../../plainText.ts';
import { titleOf } from '../chosenRole.ts';
import type { ShownRole } from '../chosenRole.ts';
import { tellOverridden } from './shellNotice.ts';

export interface RoleTerminalsParts {
  readonly access: RoleAccess;
  readonly source: Pick<CredentialsSource, 'endOf' | 'onDidEnd' | 'onDidReturn'>;
  readonly files: RoleFiles;
  /** What a terminal would inherit. */
  readonly inherited: () => Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly shellCheck: Pick<ShellCheck, 'overridden'>;
  readonly log: Log;
}

/** VS Code opens the terminal of a profile at once, or not at all. */
const OPENING_MS = 60_000;
const COLORS = ['Blue', 'Magenta', 'Cyan', 'Green', 'Yellow', 'Red'] as const;

interface OpenRole {
  readonly shown: ShownRole;
  readonly grant: CredentialsGrant;
  readonly environment: TerminalEnvironment;
  /** Ends its access if no terminal was opened by then. */
  readonly opening: Disposable;
}

/** The terminals that are a role: each has access to it for as long as it is open. */
export class RoleTerminals implements Disposable {
  readonly #parts: RoleTerminalsParts;
  /** By the URL that the terminal's environment has. */
  readonly #open = new Map<string, OpenRole>();
  readonly #disposables = new DisposableStore();
  readonly #ended = new AbortController();
  readonly #onDidChange = this.#disposables.add(new Emitter<void>());
  /** A terminal was opened, closed, or became the active one; or its role ended, or can be taken again. */
  readonly onDidChange = this.#onDidChange.event;

  constructor(parts: RoleTerminalsParts) {
    this.#parts = parts;
    this.#disposables.add(vscode.window.onDidOpenTerminal((terminal) => this.#onOpen(terminal)));
    this.#disposables.add(vscode.window.onDidCloseTerminal((terminal) => this.#onClose(terminal)));
    this.#disposables.add(vscode.window.onDidChangeActiveTerminal(() => this.#onDidChange.fire()));
    this.#disposables.add(parts.source.onDidEnd((ended) => this.#onEnd(ended)));
    this.#disposables.add(parts.source.onDidReturn(() => this.#onDidChange.fire()));
  }

  /** The role of the active terminal. */
  get active(): ShownRole | undefined {
    const terminal = vscode.window.activeTerminal;
    return terminal && this.#open.get(urlOf(terminal) ?? '')?.shown;
  }

  /** Why the role of the active terminal can't be used any more; `undefined` while it can. */
  get activeEnd(): Words | undefined {
    const { active } = this;
    return active && this.#parts.source.endOf(active.role);
  }

  /**
   * The options of a terminal that is the role. One that isn't opened within a minute has no access any more.
   * @throws WordedError when AWS gives no credentials of it; the signal's reason; what the system says
   */
  async prepare(shown: ShownRole, signal: AbortSignal): Promise<vscode.TerminalOptions> {
    const { access, files, inherited, clock } = this.#parts;
    const grant = await access.open(shown.role, signal);
    try {
      const paths = await untilAborted(signal, files.write(signal));
      const { url, token } = grant;
      const terminal = { url, token, region: shown.region, ...paths };
      const opening = clock.schedule(() => this.#endUnopened(url), OPENING_MS);
      const env = roleTerminalEnvironment(terminal, inherited());
      this.#open.set(url, { shown, grant, environment: env, opening });
      return { ...appearance(shown), isTransient: true, env };
    } catch (error) {
      grant.dispose();
      throw error;
    }
  }

  /**
   * Notifies the user when a role of an open terminal can't be used any more. A sign-in that ended is reported
   * elsewhere.
   */
  #onEnd({ role, why }: RoleEnded): void {
    this.#onDidChange.fire();
    const open = [...this.#open.values()].find(({ shown }) => roleKey(shown.role) === roleKey(role));
    if (open !== undefined && why.reason === 'forbidden') {
      const { roleName } = role;
      const text = vscode.l10n.t({
        message:
          "AWS no longer lets you use the role {0} in {1}. Its terminals can't get credentials any more.",
        args: [roleName, open.shown.accountName],
        comment: ['{0} is the name of a role, {1} that of an AWS account'],
      });
      void vscode.window.showWarningMessage(plain(text));
    }
  }

  #onOpen(terminal: vscode.Terminal): void {
    this.#onDidChange.fire();
    const open = this.#open.get(urlOf(terminal) ?? '');
    if (open !== undefined) {
      // VS Code leaves the one before active where this one is of a profile: a command would run as another role.
      terminal.show();
      void this.#checkShell(terminal, open);
    }
  }

  /** The startup files of the user's shell run after VS Code has set the environment: what they set wins. */
  async #checkShell(terminal: vscode.Terminal, { shown, environment }: OpenRole): Promise<void> {
    const { shellCheck, log } = this.#parts;
    try {
      const overridden = await shellCheck.overridden(environment, this.#ended.signal);
      if (overridden !== undefined && terminal.exitStatus === undefined) {
        await tellOverridden(terminal, shown, overridden);
      }
    } catch (error) {
      log.warn({ operation: 'check startup files', outcome: 'failed', code: errorCode(error) });
    }
  }

  /** Another terminal that VS Code has given the same environment goes on. */
  #onClose(terminal: vscode.Terminal): void {
    this.#endUnopened(urlOf(terminal) ?? '', terminal);
  }

  /** @param closed VS Code may still list it */
  #endUnopened(url: string, closed?: vscode.Terminal): void {
    if (!vscode.window.terminals.some((terminal) => terminal !== closed && urlOf(terminal) === url)) {
      this.#end(url);
    }
  }

  #end(url: string): void {
    const open = this.#open.get(url);
    if (open !== undefined) {
      this.#open.delete(url);
      open.opening.dispose();
      open.grant.dispose();
      this.#onDidChange.fire();
    }
  }

  dispose(): void {
    this.#ended.abort(new Error('The window closes.'));
    for (const url of this.#open.keys()) {
      this.#end(url);
    }
    this.#disposables.dispose();
  }
}

function appearance(shown: ShownRole): vscode.TerminalOptions {
  const { role, accountName, connectionName } = shown;
  const { accountId, roleName } = role;
  const color = COLORS[Number(BigInt(accountId) % BigInt(COLORS.length))] ?? 'Blue';
  return {
    name: withoutIcons(titleOf(shown)),
    iconPath: new vscode.ThemeIcon('cloud'),
    color: new vscode.ThemeColor(`terminal.ansi${color}`),
    message: vscode.l10n.t({
      message: 'This terminal is the role {0} in the AWS account {1} ({2}), signed in with {3}.',
      args: [roleName, accountName, accountId, connectionName],
      comment: ["{1} is the account's name, {2} its id, {3} the name of the connection"],
    }),
  };
}

function urlOf({ creationOptions }: vscode.Terminal): string | undefined {
  const env = 'env' in creationOptions ? creationOptions.env : undefined;
  return env?.[CREDENTIALS_URL] ?? undefined;
}
