import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import type { FromWindow, ToWindow, WindowSession } from './messages.ts';
import type { Settings } from './vscode.ts';

const PROGRAM = new URL('./windowProcess.ts', import.meta.url);
const USER_CODE = /^(?<code>[A-Z0-9]{4}-?[A-Z0-9]{4}) /;

interface WindowOptions {
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

  static async open({ folder, home, url, connection }: WindowOptions): Promise<Window> {
    const settings: Settings = {
      connections: [{ ...connection, endpointUrl: url }],
      shareWithAwsCli: true,
    };
    const child = fork(PROGRAM, [folder], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        AWS_ENDPOINT_URL_SSO_OIDC: url,
        AWS_ENDPOINT_URL_SSO: url,
        EDITOR_SETTINGS: JSON.stringify(settings),
      },
    });
    const window = new Window(child);
    await window.#answer('open');
    return window;
  }

  /** Signs in by device code. @param approve does what the user does in the browser */
  async signIn(approve: (userCode: string) => Promise<void>): Promise<void> {
    const onMessage = (message: FromWindow): void => {
      const code = message.kind === 'shown' ? USER_CODE.exec(message.text)?.groups?.['code'] : undefined;
      if (code !== undefined) {
        this.#child.off('message', onMessage);
        void approve(code);
      }
    };
    this.#child.on('message', onMessage);
    await this.#ask('signIn');
  }

  /** Refreshes the session, as the list of sessions offers it. @returns how that ended */
  async refresh(): Promise<string> {
    return (await this.#ask('refresh')).outcome;
  }

  async read(): Promise<WindowSession> {
    return (await this.#ask('read')).session;
  }

  async #ask<K extends ToWindow['kind']>(kind: K): Promise<FromWindow & { readonly kind: K }> {
    const answered = this.#answer(kind);
    this.#child.send({ kind } satisfies ToWindow);
    return answered;
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

  /** Closes the window, as the user does. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.connected) {
      const exited = once(this.#child, 'exit');
      await this.#ask('close');
      await exited;
    }
  }
}
