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

/** What the last pick list offered. */
let offer: readonly { readonly label: string }[] = [];
export const offered = (): typeof offer => offer;

/** What the status bar says at the moment. */
const messages = new Set<string>();
export const statusMessages = (): readonly string[] => [...messages];

/** The texts of the progress notifications that are open. */
const progresses = new Set<{ message: string }>();
export const openProgresses = (): readonly string[] => [...progresses].map(({ message }) => message);

/** The commands that were executed, with their arguments. */
export const executed: unknown[][] = [];

/** The documents that were shown as text, by their URIs. */
export const shownDocuments: unknown[] = [];

/** The ids of extensions that are not there. */
export const disabledExtensions = new Set<string>();

/** The buttons of notifications that the user clicks. */
export const clicks = new Set<unknown>();

async function show(text: string, ...buttons: readonly unknown[]): Promise<unknown> {
  notifications.push(text);
  return buttons.find((button) => clicks.has(button));
}

/** A pick list that stays open: what it shows and who listens. */
class QuickPick {
  items: readonly unknown[] = [];
  activeItems: readonly unknown[] = [];
  selectedItems: readonly unknown[] = [];
  value = '';
  readonly #hidden = new Set<() => void>();
  readonly #accepted = new Set<() => void>();
  readonly #typed = new Set<() => void>();
  readonly onDidChangeValue = (listener: () => void) => {
    this.#typed.add(listener);
    return nothing;
  };
  readonly #activated = new Set<(items: readonly unknown[]) => void>();
  readonly onDidChangeActive = (listener: (items: readonly unknown[]) => void) => {
    this.#activated.add(listener);
    return nothing;
  };
  readonly onDidTriggerButton = () => nothing;
  readonly onDidTriggerItemButton = () => nothing;
  readonly onDidAccept = (listener: () => void) => {
    this.#accepted.add(listener);
    return nothing;
  };
  readonly onDidHide = (listener: () => void) => {
    this.#hidden.add(listener);
    return nothing;
  };
  readonly show = () => undefined;
  readonly dispose = () => undefined;

  type(value: string): void {
    this.value = value;
    for (const listener of this.#typed) {
      listener();
    }
  }

  /** The user, or VS Code itself for another list, moves the cursor to this place. */
  activate(place: number): void {
    this.activeItems = [this.items[place]];
    for (const listener of this.#activated) {
      listener(this.activeItems);
    }
  }

  /** VS Code tells the place in the list that the user sees, and takes the item that is there by now. */
  acceptAt(place: number): void {
    this.accept(this.items[place]);
  }

  accept(item: unknown): void {
    this.selectedItems = [item];
    for (const listener of this.#accepted) {
      listener();
    }
  }

  hide(): void {
    for (const listener of this.#hidden) {
      listener();
    }
  }
}

/** The pick lists that were opened, the last one last. */
export const openPicks: QuickPick[] = [];

export const window = {
  createQuickPick: () => {
    const pick = new QuickPick();
    openPicks.push(pick);
    return pick;
  },
  terminals: [] as unknown[],
  createStatusBarItem: () => ({ show: () => undefined, hide: () => undefined, ...nothing }),
  onDidOpenTerminal: () => nothing,
  onDidCloseTerminal: () => nothing,
  onDidChangeActiveTerminal: () => nothing,
  showInformationMessage: show,
  showWarningMessage: show,
  showErrorMessage: show,
  setStatusBarMessage(text: string) {
    messages.add(text);
    return { dispose: () => void messages.delete(text) };
  },
  showTextDocument: async (uri: unknown) => void shownDocuments.push(uri),
  async showQuickPick<T extends { readonly label: string }>(items: readonly T[]): Promise<T | undefined> {
    const text = picks.shift() ?? '';
    offer = items;
    return items.find(({ label }) => label.includes(text));
  },
  async withProgress<T>(
    { title }: { readonly title?: string },
    work: (progress: Progress, token: object) => Promise<T>,
  ): Promise<T> {
    if (title !== undefined) {
      notifications.push(title);
    }
    const open = { message: title ?? '' };
    progresses.add(open);
    const progress: Progress = {
      report: ({ message }) => {
        if (message !== undefined) {
          notifications.push(message);
          open.message = message;
        }
      },
    };
    try {
      return await work(progress, { onCancellationRequested: () => nothing });
    } finally {
      progresses.delete(open);
    }
  },
};

export const l10n = {
  t: (phrase: string | { message: string; args?: readonly unknown[] }, ...values: readonly unknown[]) => {
    const { message, args = [] } = typeof phrase === 'string' ? { message: phrase, args: values } : phrase;
    return message.replaceAll(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)]));
  },
};

export const commands = {
  registerCommand: () => nothing,
  executeCommand: async (...command: unknown[]) => void executed.push(command),
};
export const workspace = { registerTextDocumentContentProvider: () => nothing };
export const extensions = {
  getExtension: (id: string) => (disabledExtensions.has(id) ? undefined : { id }),
};
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ExtensionKind = { UI: 1, Workspace: 2 };
export const QuickPickItemKind = { Separator: -1, Default: 0 };
/** What is on the clipboard, and why it can't be read. */
export const clipboard: { text: string; refusal?: Error } = { text: '' };
export const env = {
  language: 'en',
  clipboard: {
    writeText: async (text: string) => void (clipboard.text = text),
    readText: async () => {
      if (clipboard.refusal !== undefined) {
        throw clipboard.refusal;
      }
      return clipboard.text;
    },
  },
  openExternal: async () => true,
};
export const Uri = {
  parse: (text: string) => ({ toString: () => text }),
  from: (parts: { readonly scheme: string; readonly path: string }) => ({ ...parts }),
};
export class ThemeIcon {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}
export class ThemeColor {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

/** The debug configuration providers that are registered. */
export const debugProviders = new Set<object>();
export const debug = {
  registerDebugConfigurationProvider: (_type: string, provider: object) => {
    debugProviders.add(provider);
    return { dispose: () => void debugProviders.delete(provider) };
  },
};
export const ProgressLocation = { Window: 10, Notification: 15 };

export class CancellationError extends Error {
  override readonly name = 'Canceled';

  constructor() {
    super('Canceled');
  }
}

export class CancellationTokenSource {
  readonly token = {};
  readonly cancel = () => undefined;
  readonly dispose = () => undefined;
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
