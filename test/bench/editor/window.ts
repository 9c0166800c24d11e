import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { startBrowser } from '../../vscode/host/browser.ts';
import { packageFolder } from '../../vscode/host/packageConsumer.ts';
import { createHome, installExtensions, startWorkbench } from '../../vscode/host/servers.ts';
import type { ServerProcess } from '../../vscode/host/serverProcess.ts';
import { provideVsCode, RELEASES } from '../../vscode/host/vscode.ts';

const OUT = resolve(import.meta.dirname, '..', '..', '..', 'dist', 'bench');
const POLL_MS = 100;

/** What the probe is to measure, in each window. */
export interface Task {
  readonly name: 'activation' | 'getSession' | 'idle' | 'memory' | 'signIn';
  readonly [option: string]: unknown;
}

/** What a VS Code is measured with. */
export interface EditorOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Packed extensions beside the probe. */
  readonly extensions: readonly string[];
  /** The ids of built-in extensions that the user has disabled. */
  readonly disabled?: readonly string[];
  readonly task: Task;
}

/** A real VS Code with a probe in it. */
export interface MeasuredEditor {
  /** Opens a fresh window and waits for what the probe in it measures. @throws Error with the probe's words */
  openWindow<T>(timeoutMs: number): Promise<T>;
  /** Opens a fresh window for `use` to look at and to use as a user does. */
  useWindow<T>(use: (window: MeasuredWindow) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A window of a user, whose sessions stay when it is loaded again. */
export interface MeasuredWindow {
  readonly page: Page;
  /** Loads it and waits for what the probe in it measures. @throws Error with the probe's words */
  load<T>(timeoutMs: number): Promise<T>;
}

/** Starts the newest VS Code for a new user. */
export async function startEditor({
  settings = {},
  extensions,
  disabled = [],
  task,
}: EditorOptions): Promise<MeasuredEditor> {
  await using cleanUp = new AsyncDisposableStack();
  const vscode = await provideVsCode(RELEASES.newest);
  const home = cleanUp.adopt(createHome(settings), (made) => made.remove());
  const probe = await packageTestExtension('probe');
  await installExtensions(vscode, home, [...extensions, probe]);
  const results = join(home.folder, 'results.jsonl');
  const env = { BENCH_TASK: JSON.stringify(task), BENCH_RESULTS: results };
  const log = join(home.folder, 'server.log');
  const server = cleanUp.adopt(await startWorkbench(vscode, home, log, env), (started) => started.close());
  const launched = cleanUp.adopt(await startBrowser(), (started) => started.close());
  const browser = await chromium.connect(launched.wsEndpoint());
  const owned = cleanUp.move();
  const useWindow: MeasuredEditor['useWindow'] = async (use) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    try {
      const page = await context.newPage();
      if (disabled.length > 0) await disableExtensions(page, server, disabled);
      return await use({
        page,
        load: async <T>(timeoutMs: number) => (await nextResult(page, server, results, timeoutMs)) as T,
      });
    } finally {
      await context.close();
    }
  };
  return {
    openWindow: <T>(timeoutMs: number) =>
      useWindow(async (window) => {
        const result = await window.load<T>(timeoutMs);
        await leave(window.page);
        return result;
      }),
    useWindow,
    close: () => owned.disposeAsync(),
  };
}

/** What Disable in the Extensions view would write, before the first window reads it. */
async function disableExtensions(page: Page, { url }: ServerProcess, ids: readonly string[]): Promise<void> {
  await page.goto(new URL('healthz', url).href);
  const value = JSON.stringify(JSON.stringify(ids.map((id) => ({ id }))));
  await page.evaluate(`new Promise((resolve, reject) => {
    const opening = indexedDB.open('vscode-web-state-db-global', 1);
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => opening.result.createObjectStore('ItemTable');
    opening.onsuccess = () => {
      const writing = opening.result.transaction('ItemTable', 'readwrite');
      writing.objectStore('ItemTable').put(${value}, 'extensionsIdentifiers/disabled');
      writing.onerror = () => reject(writing.error);
      writing.oncomplete = () => resolve(opening.result.close());
    };
  })`);
}

/** Leaving the page ends its extension host; closing the tab would leave it waiting. */
async function leave(page: Page): Promise<void> {
  await page.goto('about:blank');
}

/** Packs one of the extensions beside this file. Returns the path of the package. */
export function packageTestExtension(name: 'probe' | 'empty'): Promise<string> {
  mkdirSync(OUT, { recursive: true });
  return packageFolder(join(import.meta.dirname, name), join(OUT, `${name}.vsix`));
}

type Result = { readonly value: unknown } | { readonly error: string };

async function nextResult(
  page: Page,
  { url }: ServerProcess,
  file: string,
  timeoutMs: number,
): Promise<unknown> {
  const before = readResults(file).length;
  await leave(page);
  await page.goto(url.href);
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    const result = readResults(file)[before];
    if (result !== undefined) {
      if ('error' in result) throw new Error(`The probe failed: ${result.error}`);
      return result.value;
    }
    await delay(POLL_MS);
  }
  await page.screenshot({ path: join(OUT, 'timeout.png') });
  throw new Error(`The probe said nothing for ${timeoutMs / 1000} s; see ${join(OUT, 'timeout.png')}.`);
}

function readResults(file: string): readonly Result[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Result);
}
