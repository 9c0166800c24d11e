import * as vscode from 'vscode';

import type { Clock } from '../../common/clock.ts';
import { DisposableStore } from '../../common/disposable.ts';
import type { Disposable } from '../../common/disposable.ts';
import type { Random } from '../../common/random.ts';
import type { BrowserPrompt, Interaction, UserCodePrompt } from '../../flows/flow.ts';
import { openBrowser } from './openBrowser.ts';
import { plain } from '../plainText.ts';
import { SignInProgress } from './signInProgress.ts';

/** What a sign-in shows at the moment. */
type Prompt =
  | { readonly kind: 'contacting' }
  | ({ readonly kind: 'userCode' } & UserCodePrompt)
  | ({ readonly kind: 'browser' } & BrowserPrompt);

const COPY_CODE_AND_OPEN_BROWSER = 'awsSso.copyCodeAndOpenBrowser';
const COPY_CODE = 'awsSso.copyCode';
const OPEN_BROWSER = 'awsSso.openBrowser';
const COPY_LINK = 'awsSso.copyLink';
const USE_DEVICE_CODE = 'awsSso.useDeviceCode';

const MINUTE_MS = 60_000;

/** Asks the user something, with nothing else on the screen that waits for the answer. */
export type WhileAsking = <T>(ask: () => PromiseLike<T>) => Promise<T>;

/**
 * The notification of a sign-in in progress: one, with the code first and one Cancel. It is a progress notification
 * because those stay, and show under Do Not Disturb too; its buttons are command links because it has no others.
 */
export class SignInNotifications implements Disposable {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #commands = new DisposableStore();
  /** What is on show, by the id in its links: a link of a sign-in that is over does nothing. */
  readonly #shown = new Map<string, Prompt>();
  readonly #progresses = new Set<SignInProgress>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
    this.#onLink(COPY_CODE_AND_OPEN_BROWSER, async (prompt) => {
      if (prompt.kind === 'userCode') {
        await copy(prompt.userCode);
        openBrowser(prompt.verificationUri);
      }
    });
    this.#onLink(COPY_CODE, (prompt) => prompt.kind === 'userCode' && copy(prompt.userCode));
    this.#onLink(OPEN_BROWSER, (prompt) => prompt.kind === 'browser' && openBrowser(prompt.url));
    this.#onLink(COPY_LINK, (prompt) => prompt.kind !== 'contacting' && copy(pageOf(prompt)));
    this.#onLink(USE_DEVICE_CODE, (prompt) => prompt.kind === 'browser' && prompt.useDeviceCode?.());
  }

  #onLink(command: string, action: (prompt: Prompt) => unknown): void {
    const run = async (id: unknown): Promise<void> => {
      const prompt = typeof id === 'string' ? this.#shown.get(id) : undefined;
      if (prompt !== undefined) {
        await action(prompt);
      }
    };
    this.#commands.add(vscode.commands.registerCommand(command, run));
  }

  /**
   * Shows the sign-in to `connection` for as long as `work` lasts.
   * @throws vscode.CancellationError when the user cancels it, and what `work` throws
   */
  async show<T>(
    connection: string,
    signal: AbortSignal,
    work: (interaction: Interaction, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const cancel = new AbortController();
    const id = this.#random.uuid();
    const progress = new SignInProgress(this.#clock, () => cancel.abort(new vscode.CancellationError()));
    const text = new NotificationText(connection, id, this.#clock, (message) => progress.report(message));
    const show = (prompt: Prompt): void => {
      this.#shown.set(id, prompt);
      text.show(prompt);
    };
    const interaction: Interaction = {
      showUserCode: (prompt) => {
        show({ kind: 'userCode', ...prompt });
        progress.show();
      },
      showBrowserSignIn: (prompt) => {
        show({ kind: 'browser', ...prompt });
        progress.show();
        openBrowser(prompt.url);
      },
      showTrouble: (trouble) => text.showTrouble(trouble),
    };
    this.#progresses.add(progress);
    try {
      show({ kind: 'contacting' });
      return await work(interaction, AbortSignal.any([signal, cancel.signal]));
    } finally {
      this.#progresses.delete(progress);
      this.#shown.delete(id);
      text.dispose();
      progress.dispose();
    }
  }

  /** Hides the sign-ins in progress while `ask` shows a question. */
  readonly whileAsking = async <T>(ask: () => PromiseLike<T>): Promise<T> => {
    let work = ask;
    for (const progress of this.#progresses) {
      const inner = work;
      work = () => progress.hideWhile(inner);
    }
    return await work();
  };

  dispose(): void {
    this.#shown.clear();
    this.#commands.dispose();
  }
}

/**
 * The text of one notification. The time left of a code changes once a minute only: screen readers announce each
 * report.
 */
class NotificationText implements Disposable {
  readonly #connection: string;
  readonly #id: string;
  readonly #clock: Clock;
  readonly #report: (message: string) => void;
  #prompt: Prompt = { kind: 'contacting' };
  #trouble = false;
  #timer: Disposable | undefined;

  constructor(connection: string, id: string, clock: Clock, report: (message: string) => void) {
    this.#connection = plain(connection);
    this.#id = id;
    this.#clock = clock;
    this.#report = report;
  }

  show(prompt: Prompt): void {
    this.#prompt = prompt;
    this.#update();
  }

  showTrouble(trouble: Error | undefined): void {
    if ((trouble !== undefined) !== this.#trouble) {
      this.#trouble = trouble !== undefined;
      this.#update();
    }
  }

  #update(): void {
    this.#timer?.dispose();
    this.#report(this.#text());
  }

  #text(): string {
    const { l10n } = vscode;
    switch (this.#prompt.kind) {
      case 'contacting':
        return l10n.t('Contacting {0}…', this.#connection);
      case 'userCode':
        return this.#userCodeText(this.#prompt);
      case 'browser':
        return [
          l10n.t('Sign in to {0} in your browser.', this.#connection),
          this.#links([
            [l10n.t('Open Browser'), OPEN_BROWSER],
            [l10n.t('Copy Link'), COPY_LINK],
            ...(this.#prompt.useDeviceCode === undefined
              ? []
              : [[l10n.t('Use a Code Instead'), USE_DEVICE_CODE] as const]),
          ]),
          l10n.t('(If the page shows an error, check the region {0}.)', plain(this.#prompt.region)),
        ].join(' ');
    }
  }

  #userCodeText({ userCode, expiresAt }: UserCodePrompt): string {
    const { l10n } = vscode;
    const leftMs = Math.max(expiresAt - this.#clock.now(), 0);
    const minutes = Math.ceil(leftMs / MINUTE_MS);
    if (minutes > 1) {
      this.#timer = this.#clock.schedule(() => this.#update(), leftMs - (minutes - 1) * MINUTE_MS);
    }
    return [
      l10n.t('{0} is your code for {1}.', userCode, this.#connection),
      this.#links([
        [l10n.t('Copy Code & Open Browser'), COPY_CODE_AND_OPEN_BROWSER],
        [l10n.t('Copy Code'), COPY_CODE],
        [l10n.t('Copy Link'), COPY_LINK],
      ]),
      this.#trouble
        ? l10n.t("(Can't reach the service. Still trying. {0} min left)", minutes)
        : l10n.t('({0} min left)', minutes),
    ].join(' ');
  }

  #links(links: readonly (readonly [label: string, command: string])[]): string {
    const argument = encodeURIComponent(JSON.stringify([this.#id]));
    return links.map(([label, command]) => `[${label}](command:${command}?${argument})`).join(' · ');
  }

  dispose(): void {
    this.#timer?.dispose();
  }
}

function copy(text: string): Thenable<void> {
  return vscode.env.clipboard.writeText(text);
}

function pageOf(prompt: Exclude<Prompt, { readonly kind: 'contacting' }>): string {
  return prompt.kind === 'browser' ? prompt.url : prompt.verificationUri;
}
