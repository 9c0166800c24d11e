import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './npmInstall.ts';
import { startServer, type ServerProcess } from './serverProcess.ts';
import type { VsCode } from './vscode.ts';

/** A user's home folder with nothing in it but VS Code's settings and extensions. It goes with this process. */
export interface Home {
  readonly folder: string;
  readonly userData: string;
  readonly extensions: string;
  /** Removes it with all its content. */
  remove(): void;
}

/** The settings that keep the screen quiet. */
const QUIET_SETTINGS = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  // Without it, VS Code tells of every port that any program on this machine opens.
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
};

/** Makes a new temporary home whose user has these settings. */
export function createHome(settings: Readonly<Record<string, unknown>>): Home {
  const folder = mkdtempSync(join(tmpdir(), 'aws-sso-auth-'));
  const userData = join(folder, 'user-data');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(
    join(userData, 'User', 'settings.json'),
    JSON.stringify({ ...QUIET_SETTINGS, ...settings }, undefined, 2),
  );
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  process.once('exit', remove);
  return { folder, userData, extensions: join(folder, 'extensions'), remove };
}

/**
 * Makes VS Code in `home` know German, for browsers that ask for it: extensions then speak it. Of VS Code itself
 * nothing is translated, so that the tests find their way.
 */
export function addGerman(home: Home): void {
  const vscode = join(home.userData, 'german.json');
  writeFileSync(vscode, JSON.stringify({ contents: {} }));
  const extensions = [{ extensionIdentifier: { id: 'identity-center-tools-test.german' }, version: '1.0.0' }];
  const pack = { hash: 'german', label: 'Deutsch', extensions, translations: { vscode } };
  writeFileSync(join(home.userData, 'languagepacks.json'), JSON.stringify({ de: pack }));
  // Without this file the language is English, whatever the browser asks for.
  writeFileSync(join(home.userData, 'User', 'argv.json'), '{}');
}

/**
 * The environment of a user who lives in `home`: nothing of the AWS set-up of this machine is seen.
 * @param additions what it has beside that of this process
 */
function environmentOf(home: Home, additions: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:AWS_|XDG_|VSCODE_|npm_)/.test(name));
  return { ...Object.fromEntries(kept), ...additions, HOME: home.folder, USERPROFILE: home.folder };
}

/** Installs extensions, packed or in a folder, as a user would. */
export async function installExtensions(
  vscode: VsCode,
  home: Home,
  packages: readonly string[],
): Promise<void> {
  await runProgram(
    vscode.node,
    [
      join(vscode.folder, 'out', 'node', 'entry.js'),
      `--user-data-dir=${home.userData}`,
      `--extensions-dir=${home.extensions}`,
      ...packages.map((file) => `--install-extension=${file}`),
      '--force',
    ],
    { cwd: home.folder, env: environmentOf(home, {}) },
  );
}

/**
 * Starts the server as code-server does: notifications are shown, and secrets are kept in the browser.
 * @param additions what its environment has beside that of this process
 * @param port 0 for any that is free
 */
export function startWorkbench(
  vscode: VsCode,
  home: Home,
  logFile: string,
  additions: NodeJS.ProcessEnv = {},
  port = 0,
): Promise<ServerProcess> {
  return startServer({
    node: vscode.node,
    args: [
      join(vscode.folder, 'out', 'node', 'entry.js'),
      '--auth=none',
      `--bind-addr=127.0.0.1:${port}`,
      `--user-data-dir=${home.userData}`,
      `--extensions-dir=${home.extensions}`,
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
    ],
    cwd: home.folder,
    env: environmentOf(home, additions),
    logFile,
    ready: /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/,
  });
}

/** Starts VS Code's own server, which takes a test suite for the extension host: see `testPageUrl`. */
export function startTestServer(
  vscode: VsCode,
  home: Home,
  logFile: string,
  additions: NodeJS.ProcessEnv = {},
): Promise<ServerProcess> {
  return startServer({
    node: vscode.node,
    args: [
      join('out', 'server-main.js'),
      '--host=127.0.0.1',
      '--port=0',
      '--without-connection-token',
      '--accept-server-license-terms',
      '--enable-smoke-test-driver',
      `--server-data-dir=${join(home.folder, 'server-data')}`,
      `--user-data-dir=${home.userData}`,
      `--extensions-dir=${home.extensions}`,
    ],
    cwd: join(vscode.folder, 'lib', 'vscode'),
    env: environmentOf(home, additions),
    logFile,
    ready: /Extension host agent listening on (\d+)/,
  });
}

/** The page of `startTestServer` that loads an extension from its folder and runs a suite beside it. */
export function testPageUrl(server: ServerProcess, extensionFolder: string, suiteFile: string): URL {
  const remote = (path: string): string => `vscode-remote://${server.url.host}${path}`;
  const url = new URL(server.url);
  url.searchParams.set(
    'payload',
    JSON.stringify([
      ['extensionDevelopmentPath', remote(extensionFolder)],
      ['extensionTestsPath', remote(suiteFile)],
    ]),
  );
  return url;
}
