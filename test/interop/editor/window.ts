import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

import type { RoleArgument } from '../../../src/ui/roles/roleArgument.ts';
import type { FromWindow, ToWindow, WindowSession } from './messages.ts';
import type { Settings } from './vscode.ts';

const PROGRAM = new URL('./windowProcess.ts', import.meta.url);
/** The extension as it is built here, run by this Node. */
const BUILT: EditorProgram = {
  executable: process.execPath,
  extensionPath: resolve(import.meta.dirname, '..', '..', '..'),
};
const USER_CODE = /^(?<code>[A-Z0-9]{4}-?[A-Z0-9]{4}) /;

/** What runs a window. */
export interface EditorProgram {
  /** Takes what Node does. */
  readonly executable: string;
  /** The folder of the extension. */
  readonly extensionPath: string;
}

interface WindowOptions {
  /** Default: this Node, and the extension as it is built here. */
  readonly program?: EditorProgram;
  /** What the editor inherits besides, and its terminals with it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the editor keeps what is its own: the next window finds it there. */
  readonly folder: string;
  /** The user's home folder. */
  readonly home: string;
  /** The origin of the Identity Center, as this window reaches it. */
  readonly url: string;
  /** The connection in the settings. */
  readonly connection: { readonly name: string; readonly startUrl: string; readonly region: string };
}

/** A window of the editor, with the extension in it. */
export class Window implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** Everything that the user was shown, oldest first. */
  readonly shown: string[] = [];

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: FromWindow) => {
      if (message.kind === 'shown') {
        this.shown.push(message.text);
      }
    });
  }

  static async open(options: WindowOptions): Promise<Window> {
    const { program = BUILT, environment, folder, home, url, connection } = options;
    const settings: Settings = {
      connections: [{ ...connection, endpointUrl: url }],
      shareWithAwsCli: true,
    };
    const child = fork(PROGRAM, [folder, program.extensionPath], {
      execPath: program.executable,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        AWS_ENDPOINT_URL_SSO_OIDC: url,
        AWS_ENDPOINT_URL_SSO: url,
        EDITOR_SETTINGS: JSON.stringify(settings),
        ...environment,
      },
    });
    const window = new Window(child);
    await window.#answer('open');
    return window;
  }

  /** Signs in by device code, or again where the session needs it. @param approve does what the user does in the browser */
  async signIn(approve: (userCode: string) => Promise<void>): Promise<void> {
    const onMessage = (message: FromWindow): void => {
      const code = message.kind === 'shown' ? USER_CODE.exec(message.text)?.groups?.['code'] : undefined;
      if (code !== undefined) {
        this.#child.off('message', onMessage);
        void approve(code);
      }
    };
    this.#child.on('message', onMessage);
    await this.#ask({ kind: 'signIn' });
  }

  /** Refreshes the session, as the list of sessions offers it. @returns how that ended */
  async refresh(): Promise<string> {
    return (await this.#ask({ kind: 'refresh' })).outcome;
  }

  async read(): Promise<WindowSession> {
    return (await this.#ask({ kind: 'read' })).session;
  }

  async signOut(): Promise<void> {
    await this.#ask({ kind: 'signOut' });
  }

  /**
   * Opens a terminal that is the role.
   * @returns its environment as VS Code has it: `null` removes a variable
   * @throws Error with what the user was shown where none was opened
   */
  async openRoleTerminal(role: RoleArgument): Promise<Readonly<Record<string, string | null>>> {
    const { environment } = await this.#ask({ kind: 'openRoleTerminal', role });
    if (environment === undefined) {
      throw new Error(this.shown.at(-1) ?? 'No terminal was opened.');
    }
    return environment;
  }

  async closeTerminals(): Promise<void> {
    await this.#ask({ kind: 'closeTerminals' });
  }

  /** Copies the role's credentials, to be pasted into Bash. @returns what is on the clipboard then */
  async copyRoleCredentials(role: RoleArgument): Promise<string> {
    return (await this.#ask({ kind: 'copyRoleCredentials', role })).text;
  }

  async #ask<K extends ToWindow['kind']>(
    message: ToWindow & { readonly kind: K },
  ): Promise<Extract<FromWindow, { readonly kind: K }>> {
    const answered = this.#answer(message.kind);
    this.#child.send(message);
    return answered as Promise<Extract<FromWindow, { readonly kind: K }>>;
  }

  /** The next message of this kind. @throws Error when the window fails at it, or ends */
  #answer<K extends FromWindow['kind']>(kind: K): Promise<FromWindow & { readonly kind: K }> {
    return new Promise((resolve, reject) => {
      const settle = (message: FromWindow | undefined): void => {
        this.#child.off('message', onMessage);
        this.#child.off('exit', onExit);
        if (message?.kind === kind) {
          resolve(message as FromWindow & { readonly kind: K });
        } else {
          reject(new Error(message?.kind === 'failed' ? message.message : 'The window has ended.'));
        }
      };
      const onMessage = (message: FromWindow): void => {
        if (message.kind === kind || message.kind === 'failed') {
          settle(message);
        }
      };
      const onExit = (): void => settle(undefined);
      this.#child.on('message', onMessage);
      this.#child.once('exit', onExit);
    });
  }

  /** Ends the window without a word to it, as a crash does. */
  async kill(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  /** Closes the window, as the user does. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.connected) {
      const exited = once(this.#child, 'exit');
      await this.#ask({ kind: 'close' });
      await exited;
    }
  }
}
