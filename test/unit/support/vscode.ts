/**
 * Stands for the module `vscode` where a test loads code that imports it, with {@link loadWithVscode}: remembers what is
 * shown in notifications, and picks what it is told to.
 */
import { registerHooks } from 'node:module';

interface Progress {
  report(step: { readonly message?: string }): void;
}

const nothing = { dispose: () => undefined };

/** The texts of all notifications, oldest first. */
export const notifications: string[] = [];

/** What the next pick lists are answered with: whatever has a label that holds this text. */
export const picks: string[] = [];

async function show(text: string): Promise<undefined> {
  notifications.push(text);
}

export const window = {
  showInformationMessage: show,
  showWarningMessage: show,
  showErrorMessage: show,
  setStatusBarMessage: () => nothing,
  async showQuickPick<T extends { readonly label: string }>(items: readonly T[]): Promise<T | undefined> {
    const text = picks.shift() ?? '';
    return items.find(({ label }) => label.includes(text));
  },
  async withProgress<T>(
    { title }: { readonly title?: string },
    work: (progress: Progress, token: object) => Promise<T>,
  ): Promise<T> {
    if (title !== undefined) {
      notifications.push(title);
    }
    const progress: Progress = {
      report: ({ message }) => void (message !== undefined && notifications.push(message)),
    };
    return work(progress, { onCancellationRequested: () => nothing });
  },
};

export const l10n = {
  t: (phrase: string | { message: string; args?: readonly unknown[] }, ...values: readonly unknown[]) => {
    const { message, args = [] } = typeof phrase === 'string' ? { message: phrase, args: values } : phrase;
    return message.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)]));
  },
};

export const commands = { registerCommand: () => nothing, executeCommand: async () => undefined };
export const env = { clipboard: { writeText: async () => undefined }, openExternal: async () => true };
export const Uri = { parse: (text: string) => ({ toString: () => text }) };
export const ProgressLocation = { Window: 10, Notification: 15 };

export class CancellationError extends Error {
  override readonly name = 'Canceled';

  constructor() {
    super('Canceled');
  }
}

export class EventEmitter {
  readonly event = () => nothing;
  readonly fire = () => undefined;
  readonly dispose = () => undefined;
}

/** Loads a module, named by its URL, that imports `vscode`. */
export async function loadWithVscode<T>(url: URL): Promise<T> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode' ? { url: import.meta.url, shortCircuit: true } : next(specifier, context),
  });
  try {
    return (await import(url.href)) as T;
  } finally {
    hooks.deregister();
  }
}
