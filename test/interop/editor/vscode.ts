/**
 * Stands for the module `vscode`, of a desktop editor whose user sees {@link shown}, answers no question and chooses the
 * connection of the settings, or what is to be pasted into Bash: as much of it as the extension touches while it signs
 * in, shares, refreshes and takes roles. The settings are in the variable `EDITOR_SETTINGS`.
 */
import { EventEmitter as Events } from 'node:events';
import type { TerminalOptions } from 'vscode';

import { Emitter } from '../../../src/common/event.ts';

export { CancellationError, EventEmitter, l10n } from '../../unit/support/vscode.ts';

/** The user's settings. */
export interface Settings {
  readonly connections: readonly { readonly name: string; readonly endpointUrl: string }[];
  readonly shareWithAwsCli: boolean;
}

const settings = JSON.parse(process.env['EDITOR_SETTINGS'] ?? '{}') as Settings;
const nothing = { dispose: () => undefined };

/** Emits `text` for everything that the user is shown. */
export const shown = new Events<{ text: [string] }>();

async function show(text: string): Promise<undefined> {
  shown.emit('text', text);
}

interface Progress {
  report(step: { readonly message?: string }): void;
}

/** A terminal that runs nothing: its environment is for others to start something with. */
interface Terminal {
  readonly creationOptions: TerminalOptions;
  show(): void;
}

/** Those that are open, oldest first. */
export const terminals: Terminal[] = [];
const opened = new Emitter<Terminal>();
const closed = new Emitter<Terminal>();

/** Closes all terminals, as the user does. */
export function closeTerminals(): void {
  for (const terminal of terminals.splice(0)) {
    closed.fire(terminal);
  }
}

let clipboard = '';

export const window = {
  terminals,
  createTerminal(creationOptions: TerminalOptions): Terminal {
    const terminal = { creationOptions, show: () => undefined };
    terminals.push(terminal);
    opened.fire(terminal);
    return terminal;
  },
  onDidOpenTerminal: opened.event,
  onDidCloseTerminal: closed.event,
  onDidChangeActiveTerminal: () => nothing,
  createOutputChannel: () => ({ info: () => undefined, warn: () => undefined, ...nothing }),
  createStatusBarItem: () => ({ show: () => undefined, hide: () => undefined, ...nothing }),
  onDidChangeWindowState: () => nothing,
  showInformationMessage: show,
  showWarningMessage: show,
  showErrorMessage: show,
  async showQuickPick<T extends { readonly label: string }>(items: readonly T[]): Promise<T | undefined> {
    const wanted = new Set(['Bash, Zsh', ...settings.connections.map(({ name }) => name)]);
    return items.find(({ label }) => wanted.has(label));
  },
  async withProgress<T>(
    _options: object,
    work: (progress: Progress, token: object) => Promise<T>,
  ): Promise<T> {
    const progress: Progress = { report: ({ message }) => void (message !== undefined && show(message)) };
    return work(progress, { onCancellationRequested: () => nothing });
  },
};

export const workspace = {
  getConfiguration: (section: string) => ({
    get: (_name: string, otherwise?: unknown) => otherwise,
    inspect: (name: string) => ({
      globalValue: section === 'awsSso' ? (settings as object as Record<string, unknown>)[name] : undefined,
    }),
  }),
  onDidChangeConfiguration: () => nothing,
};

export const UIKind = { Desktop: 1, Web: 2 };
export const ExtensionKind = { UI: 1, Workspace: 2 };
export const ProgressLocation = { Window: 10, Notification: 15 };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const env = {
  uiKind: UIKind.Desktop,
  remoteName: undefined,
  language: 'en',
  clipboard: {
    readText: async () => clipboard,
    writeText: async (text: string) => void (clipboard = text),
  },
};
export const authentication = { getSession: async () => undefined };
export const commands = { registerCommand: () => nothing, executeCommand: async () => undefined };
export const ThemeColor = String;
export const ThemeIcon = String;

export class CancellationTokenSource {
  readonly token = { isCancellationRequested: false, onCancellationRequested: () => nothing };
  readonly cancel = () => undefined;
  readonly dispose = () => undefined;
}
