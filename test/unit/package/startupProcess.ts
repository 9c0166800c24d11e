/**
 * `startupProcess.ts <bundle> <folder> <failures>`: starts the extension, as bundled into the folder `bundle`, as VS Code would for a user who never signed
 * in, with the storage in `folder`, and reports what that took. The first `failures` starts fail near
 * their end.
 */
import { mkdirSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join, resolve, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What a start took. Files are named by their path in the folder of the bundle. */
export interface Startup {
  /** Loaded by the time VS Code counts the extension as active. */
  readonly atActivation: readonly string[];
  /** Loaded once everything has started, those at activation included. */
  readonly started: readonly string[];
  readonly secretReads: number;
  readonly secretWrites: number;
  /** Processes and threads that were started. */
  readonly helpers: number;
  /** Whether the extension, told that the window closes, ends at once when nothing is in progress. */
  readonly ends: boolean;
}

const BUNDLE = resolve(process.argv[2] ?? '');
const require = createRequire(import.meta.url);

/** Stands for every part of VS Code that is only called, and never asked anything. */
const anything: unknown = new Proxy(function unused() {}, {
  get: (_target, name) => (typeof name === 'symbol' || name === 'then' ? undefined : anything),
  apply: () => anything,
  construct: () => anything as object,
});
const partly = (members: object): object => Object.setPrototypeOf(members, anything as object) as object;
const nothing = { dispose: () => undefined };
const events = class {
  readonly event = () => nothing;
  readonly fire = () => undefined;
  readonly dispose = () => undefined;
};
const configuration = {
  get: (_name: string, fallback?: unknown) => fallback,
  inspect: () => undefined,
};
const registered = new Set<string>();
function registerCommand(name: string): object {
  if (registered.has(name)) {
    throw new Error(`command '${name}' already exists`);
  }
  registered.add(name);
  return { dispose: () => registered.delete(name) };
}
const injected = Number(process.argv[4] ?? 0);
let failures = injected;
function onDidChangeWindowState(): object {
  failures -= 1;
  if (failures >= 0) {
    throw new Error('injected');
  }
  return nothing;
}
const hasStarted = Promise.withResolvers<void>();
const vscode = partly({
  EventEmitter: events,
  authentication: partly({
    registerAuthenticationProvider: () => nothing,
    getSession: async () => undefined,
  }),
  commands: partly({
    registerCommand,
    // What depends on the sessions is set once they have been read.
    executeCommand: async (name: string) => void (name === 'setContext' && hasStarted.resolve()),
  }),
  workspace: partly({ getConfiguration: () => configuration, onDidChangeConfiguration: () => nothing }),
  window: partly({ onDidChangeWindowState, tabGroups: { all: [] }, terminals: [] }),
});

const loader = Module as unknown as { _load: (name: string, ...more: unknown[]) => unknown };
const load = loader._load;
loader._load = (name, ...more) => (name === 'vscode' ? vscode : load(name, ...more));

let helpers = 0;
const childProcess = require('node:child_process') as Record<string, unknown>;
const threads = require('node:worker_threads') as Record<string, unknown>;
const counted = (): never => {
  helpers += 1;
  throw new Error('Nothing needs a helper yet.');
};
Object.assign(childProcess, { fork: counted, spawn: counted, execFile: counted, exec: counted });
Object.assign(threads, { Worker: counted });
Module.syncBuiltinESMExports();

const folder = process.argv[3] ?? '';
mkdirSync(folder, { recursive: true });
let secretReads = 0;
let secretWrites = 0;
const context = {
  subscriptions: [],
  globalStorageUri: { fsPath: folder },
  extensionPath: resolve(BUNDLE, '..', '..'),
  extension: { extensionKind: 1 },
  environmentVariableCollection: { clear: () => undefined },
  secrets: {
    get: async () => void (secretReads += 1),
    store: async () => void (secretWrites += 1),
    delete: async () => void (secretWrites += 1),
    onDidChange: () => nothing,
  },
};

function loaded(): readonly string[] {
  const inBundle = Object.keys(require.cache).filter((file) => file.startsWith(BUNDLE + sep));
  return inBundle.map((file) => file.slice(BUNDLE.length + 1));
}

const extension = require(join(BUNDLE, 'extension.cjs')) as {
  activate(given: object): { getApi(version: number): Promise<unknown> };
  deactivate(): Promise<void>;
};
const api = extension.activate(context);
const atActivation = loaded();
// Whoever asks starts it again.
for (let left = injected; left > 0; left -= 1) {
  await api.getApi(1).catch(() => undefined);
}
if (injected > 0) {
  await api.getApi(1);
}
await hasStarted.promise;
const started = loaded();
const ends = await Promise.race([extension.deactivate().then(() => true), delay(1000, false)]);
const report: Startup = { atActivation, started, secretReads, secretWrites, helpers, ends };
process.send?.(report);
process.exit();
