/// <reference lib="esnext.disposable" />
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import * as v from 'valibot';
import { startIdentityCenter } from '../identity-center/server.ts';
import { bundleSuite } from './bundleSuite.ts';
import { startPerson } from './host/person.ts';
import { packageConsumer } from './host/packageConsumer.ts';
import { createHome, installExtensions, startTestServer, testPageUrl } from './host/servers.ts';
import type { VsCode } from './host/vscode.ts';
import { SUITE_OPTIONS, type SuiteOptions } from './suite/options.ts';

const root = resolve(import.meta.dirname, '..', '..');
const SUITE_TIMEOUT_MS = 180_000;

const Counts = v.object({ passed: v.number(), failed: v.number() });

/** How many tests passed and failed. */
export type Counts = v.InferOutput<typeof Counts>;

/** What a run of the suites needs. */
export interface SuiteSetup {
  readonly vscode: VsCode;
  readonly browser: Browser;
  /** Where logs, reports and screenshots go. */
  readonly outputFolder: string;
}

/**
 * Runs `suite/` in the extension host of a real VS Code, with the extension and the consumer loaded from their
 * folders, and prints its report.
 */
export async function runExtensionHostSuite({ vscode, browser, outputFolder }: SuiteSetup): Promise<Counts> {
  mkdirSync(outputFolder, { recursive: true });
  const reportFile = join(outputFolder, 'extension-host.report.txt');
  const countsFile = join(outputFolder, 'extension-host.counts.json');
  const serverLog = join(outputFolder, 'extension-host.server.log');
  const pageLog = join(outputFolder, 'extension-host.page.log');
  for (const file of [reportFile, countsFile, pageLog]) rmSync(file, { force: true });
  const suiteFile = await bundleSuite();

  await using cleanUp = new AsyncDisposableStack();
  const identityCenter = cleanUp.adopt(await startIdentityCenter(), (started) => started.close());
  const person = cleanUp.adopt(await startPerson(identityCenter), (started) => started.close());
  const connection = { ...identityCenter.connection, endpointUrl: person.endpointUrl };
  const home = cleanUp.adopt(createHome({ 'awsSso.connections': [connection] }), (made) => made.remove());
  await installExtensions(vscode, home, [await packageConsumer()]);
  const options: SuiteOptions = { connection, answerUrl: person.answerUrl, reportFile, countsFile };
  const env = { ...process.env, [SUITE_OPTIONS]: JSON.stringify(options) };
  const server = cleanUp.adopt(await startTestServer(vscode, home, serverLog, env), (started) =>
    started.close(),
  );
  const url = testPageUrl(server, root, suiteFile);
  await openUntilExit(browser, url, pageLog);

  console.log(existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : 'The suite did not start.');
  const counts = existsSync(countsFile)
    ? v.parse(Counts, JSON.parse(readFileSync(countsFile, 'utf8')))
    : { passed: 0, failed: 1 };
  if (counts.failed > 0) {
    for (const log of [serverLog, pageLog]) console.log(`The end of ${log}:\n${tail(log)}`);
  }
  return counts;
}

/** Opens the page, whose driver says when the extension host has ended. What the page logs goes to a file. */
async function openUntilExit(browser: Browser, url: URL, logFile: string): Promise<void> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.on('console', (message) => appendFileSync(logFile, `${message.type()} ${message.text()}\n`));
    const exited = new Promise<void>((exit) => {
      void page.exposeFunction('codeAutomationExit', () => exit());
    });
    await page.exposeFunction('codeAutomationLog', () => {});
    await page.goto(url.href);
    const tooLong = AbortSignal.timeout(SUITE_TIMEOUT_MS);
    await Promise.race([
      exited,
      new Promise<never>((_, failed) => {
        tooLong.addEventListener('abort', () => failed(new Error('The suite took more than three minutes.')));
      }),
    ]);
  } finally {
    await context.close();
  }
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-40).join('\n');
}
