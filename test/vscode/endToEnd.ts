import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/listen.ts';
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
  /** Where the browser is, for Playwright. */
  readonly browserEndpoint: string;
  /** The packed extension. */
  readonly extension: string;
  /** Where logs and screenshots go. */
  readonly outputFolder: string;
}

/** Installs the packed extension as a user would, starts the editor, and calls `test` with the tests' environment. */
export async function withEditor<T>(
  { vscode, browserEndpoint, extension, outputFolder }: EndToEndSetup,
  test: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  mkdirSync(outputFolder, { recursive: true });
  await using cleanUp = new AsyncDisposableStack();
  const home = cleanUp.adopt(createHome({}), (made) => made.remove());
  await installExtensions(vscode, home, [extension, await packageConsumer(), await packageExamples()]);
  addGerman(home);
  const consumerLog = join(home.folder, 'consumer.jsonl');
  const serverLog = join(outputFolder, 'end-to-end.server.log');
  // For the editor, as for the AWS CLI and the SDKs in its terminals and extensions, one port is where AWS is.
  const awsPort = await freePort();
  const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${awsPort}`, CONSUMER_LOG: consumerLog };
  const start = (port: number): Promise<ServerProcess> => startWorkbench(vscode, home, serverLog, env, port);
  const server = cleanUp.adopt(await startRestartable(start), (started) => started.close());
  const options: EndToEndOptions = {
    browserEndpoint,
    editorUrl: server.url.href,
    restartUrl: server.restartUrl,
    serverLog,
    userFolder: join(home.userData, 'User'),
    consumerLog,
    awsPort,
    screenshots: join(outputFolder, 'screenshots'),
  };
  return await test({ ...process.env, [END_TO_END_OPTIONS]: JSON.stringify(options) });
}
