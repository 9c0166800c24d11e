import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runTests as runDesktop } from '@vscode/test-electron';
import type { Browser } from 'playwright-core';
import * as v from 'valibot';
import { startIdentityCenter } from '../identity-center/server.ts';
import { bundleSuite } from './bundleSuite.ts';
import { packageConsumer } from './host/packageConsumer.ts';
import { startScriptedUser } from './host/scriptedUser.ts';
import { createHome, installExtensions, startTestServer, testPageUrl, type Home } from './host/servers.ts';
import type { VsCode } from './host/vscode.ts';
import { SUITE_OPTIONS, type SuiteOptions } from './suite/options.ts';

const root = resolve(import.meta.dirname, '..', '..');
const consumerFolder = join(import.meta.dirname, 'consumer');
const SUITE_TIMEOUT_MS = 180_000;

const Counts = v.object({ passed: v.number(), failed: v.number(), skipped: v.array(v.string()) });

/** How many tests passed and failed, and the titles of those that were skipped. */
export type Counts = v.InferOutput<typeof Counts>;

/** A suite ready to be run: what a VS Code must be started with. */
interface Suite {
  /** Whose settings name the connection. */
  readonly home: Home;
  /** The file whose `run` runs the suite. */
  readonly file: string;
  /** What the extension host's environment must have. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs `suite/` in the extension host of a VS Code without a desktop, and prints its report. The extension is loaded
 * from its folder, the consumer is installed.
 * @param outputFolder where logs and the report go
 */
export function runExtensionHostSuite(
  vscode: VsCode,
  browser: Browser,
  outputFolder: string,
): Promise<Counts> {
  const serverLog = join(outputFolder, 'extension-host.server.log');
  const pageLog = join(outputFolder, 'extension-host.page.log');
  return withSuite(outputFolder, [serverLog, pageLog], async ({ home, file, env }) => {
    await installExtensions(vscode, home, [await packageConsumer()]);
    const server = await startTestServer(vscode, home, serverLog, env);
    try {
      await openUntilExit(browser, testPageUrl(server, root, file), pageLog);
    } finally {
      await server.close();
    }
  });
}

/** Runs `suite/` in a desktop VS Code, which is downloaded when it is not there yet. */
export function runDesktopSuite(version: string, outputFolder: string): Promise<Counts> {
  return withSuite(outputFolder, [], async ({ home, file, env }) => {
    await runDesktop({
      version,
      extensionDevelopmentPath: [root, consumerFolder],
      extensionTestsPath: file,
      extensionTestsEnv: env,
      launchArgs: [`--user-data-dir=${home.userData}`, `--extensions-dir=${home.extensions}`],
    });
  });
}

async function withSuite(
  outputFolder: string,
  logs: readonly string[],
  run: (suite: Suite) => Promise<void>,
): Promise<Counts> {
  mkdirSync(outputFolder, { recursive: true });
  const reportFile = join(outputFolder, 'extension-host.report.txt');
  const countsFile = join(outputFolder, 'extension-host.counts.json');
  for (const file of [reportFile, countsFile, ...logs]) rmSync(file, { force: true });

  await using cleanUp = new AsyncDisposableStack();
  const identityCenter = cleanUp.adopt(await startIdentityCenter(), (started) => started.close());
  const user = cleanUp.adopt(await startScriptedUser(identityCenter), (started) => started.close());
  const connection = { ...identityCenter.connection, endpointUrl: user.endpointUrl };
  const home = cleanUp.adopt(createHome({ 'awsSso.connections': [connection] }), (made) => made.remove());
  const options: SuiteOptions = { connection, answerUrl: user.answerUrl, reportFile, countsFile };
  await run({ home, file: await bundleSuite(), env: { [SUITE_OPTIONS]: JSON.stringify(options) } });

  console.log(existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : 'The suite did not start.');
  const counts = existsSync(countsFile)
    ? v.parse(Counts, JSON.parse(readFileSync(countsFile, 'utf8')))
    : { passed: 0, failed: 1, skipped: [] };
  if (counts.failed > 0) {
    for (const log of logs) console.log(`The end of ${log}:\n${tail(log)}`);
  }
  return counts;
}

/** Opens the page, whose driver says when the extension host has ended. What the page logs goes to a file. */
async function openUntilExit(browser: Browser, url: URL, logFile: string): Promise<void> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.on('console', (message) => appendFileSync(logFile, `${message.type()} ${message.text()}\n`));
    const exited = Promise.withResolvers<void>();
    await page.exposeFunction('codeAutomationExit', () => exited.resolve());
    await page.exposeFunction('codeAutomationLog', () => {});
    const tooLong = setTimeout(
      () => exited.reject(new Error(`The suite took more than ${SUITE_TIMEOUT_MS / 60_000} minutes.`)),
      SUITE_TIMEOUT_MS,
    );
    try {
      await page.goto(url.href);
      await exited.promise;
    } finally {
      clearTimeout(tooLong);
    }
  } finally {
    await context.close();
  }
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-40).join('\n') : '(nothing)';
}
