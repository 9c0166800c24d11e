import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { startBrowser } from '../../vscode/host/browser.ts';
import { packageFolder } from '../../vscode/host/packageConsumer.ts';
import { createHome, installExtensions, startWorkbench } from '../../vscode/host/servers.ts';
import type { ServerProcess } from '../../vscode/host/serverProcess.ts';
import { provideVsCode, RELEASES } from '../../vscode/host/vscode.ts';

const OUT = resolve(import.meta.dirname, '..', '..', '..', 'dist', 'bench');
const POLL_MS = 100;

/** What the probe is to measure, in each window. */
export interface Task {
  readonly name: 'activation' | 'getSession' | 'idle';
  readonly [option: string]: unknown;
}

/** What a VS Code is measured with. */
export interface EditorOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Packed extensions beside the probe. */
  readonly extensions: readonly string[];
  readonly task: Task;
}

/** A real VS Code with a probe in it. */
export interface MeasuredEditor {
  /** Opens a fresh window and waits for what the probe in it measures. @throws Error with the probe's words */
  openWindow<T>(timeoutMs: number): Promise<T>;
  close(): Promise<void>;
}

/** Starts the newest VS Code for a new user. */
export async function startEditor({
  settings = {},
  extensions,
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
  return {
    openWindow: async <T>(timeoutMs: number) => (await nextResult(browser, server, results, timeoutMs)) as T,
    close: () => owned.disposeAsync(),
  };
}

/** Packs one of the extensions beside this file. Returns the path of the package. */
export function packageTestExtension(name: 'probe' | 'empty'): Promise<string> {
  mkdirSync(OUT, { recursive: true });
  return packageFolder(join(import.meta.dirname, name), join(OUT, `${name}.vsix`));
}

type Result = { readonly value: unknown } | { readonly error: string };

async function nextResult(
  browser: Browser,
  { url }: ServerProcess,
  file: string,
  timeoutMs: number,
): Promise<unknown> {
  const before = readResults(file).length;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.goto(url.href);
    const end = performance.now() + timeoutMs;
    while (performance.now() < end) {
      const result = readResults(file)[before];
      if (result !== undefined) {
        if ('error' in result) throw new Error(`The probe failed: ${result.error}`);
        // Leaving the page ends its extension host; closing the tab would leave it waiting.
        await page.goto('about:blank');
        return result.value;
      }
      await delay(POLL_MS);
    }
    await page.screenshot({ path: join(OUT, 'timeout.png') });
    throw new Error(`The probe said nothing for ${timeoutMs / 1000} s; see ${join(OUT, 'timeout.png')}.`);
  } finally {
    await context.close();
  }
}

function readResults(file: string): readonly Result[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Result);
}
