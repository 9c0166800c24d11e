import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/listen.ts';
import { startBrowser } from './host/browser.ts';
import { packageConsumer } from './host/packageConsumer.ts';
import { packageExamples } from './host/packageExamples.ts';
import { startRestartable } from './host/restartable.ts';
import type { ServerProcess } from './host/serverProcess.ts';
import { addGerman, createHome, installExtensions, startWorkbench } from './host/servers.ts';
import type { VsCode } from './host/vscode.ts';
import { END_TO_END_OPTIONS, type EndToEndOptions } from './e2e/options.ts';

/** What a run of the end-to-end tests needs. */
export interface EndToEndSetup {
  readonly vscode: VsCode;
  /** The packed extension. */
  readonly extension: string;
  /** Where logs and screenshots go. */
  readonly outputFolder: string;
  /** In how many editors the tests run at the same time. */
  readonly editors: number;
}

/** Starts the editors, each with a user and a browser of its own, and calls `test` with the tests' environment. */
export async function withEditors<T>(
  { vscode, extension, outputFolder, editors }: EndToEndSetup,
  test: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  mkdirSync(outputFolder, { recursive: true });
  await using cleanUp = new AsyncDisposableStack();
  const extensions = [extension, await packageConsumer(), await packageExamples()];
  const options: EndToEndOptions[] = [];
  while (options.length < editors) {
    const serverLog = join(outputFolder, `end-to-end.server.${options.length + 1}.log`);
    options.push(await startEditor(cleanUp, { vscode, extensions, outputFolder, serverLog }));
  }
  return await test({ ...process.env, [END_TO_END_OPTIONS]: JSON.stringify(options) });
}

/** Installs the extensions as a user would, and starts the editor and a browser until `cleanUp` is disposed. */
async function startEditor(
  cleanUp: AsyncDisposableStack,
  setup: {
    readonly vscode: VsCode;
    readonly extensions: readonly string[];
    readonly outputFolder: string;
    readonly serverLog: string;
  },
): Promise<EndToEndOptions> {
  const { vscode, extensions, outputFolder, serverLog } = setup;
  const home = cleanUp.adopt(createHome({}), (made) => made.remove());
  await installExtensions(vscode, home, extensions);
  addGerman(home);
  const consumerLog = join(home.folder, 'consumer.jsonl');
  // For the editor, as for the AWS CLI and the SDKs in its terminals and extensions, one port is where AWS is.
  const awsPort = await freePort();
  const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${awsPort}`, CONSUMER_LOG: consumerLog };
  const start = (port: number): Promise<ServerProcess> => startWorkbench(vscode, home, serverLog, env, port);
  const server = cleanUp.adopt(await startRestartable(start), (started) => started.close());
  // All tabs of a browser have one clipboard.
  const browser = cleanUp.adopt(await startBrowser(), (started) => started.close());
  return {
    browserEndpoint: browser.wsEndpoint(),
    editorUrl: server.url.href,
    restartUrl: server.restartUrl,
    serverLog,
    userFolder: join(home.userData, 'User'),
    consumerLog,
    awsPort,
    screenshots: join(outputFolder, 'screenshots'),
  };
}
