import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import {
  startIdentityCenter,
  type ConnectionSetting,
  type IdentityCenter,
  type IdentityCenterOptions,
} from '../../identity-center/server.ts';
import { eventually } from '../../support/eventually.ts';
import { Editor } from './editor.ts';
import { readEndToEndOptions } from './options.ts';

const SIGN_IN_OFFER = 'Sign in with AWS SSO to use AWS SSO Authentication';

/** What the consumer extension did. */
export interface ConsumerEvent {
  readonly event: 'session' | 'watched' | 'changed' | 'error';
  /** The process of the window, of what it watches. */
  readonly window?: number;
  /** What it asked for. */
  readonly scopes?: readonly string[];
  readonly answer?: { readonly keys: readonly string[]; readonly session: ConsumerSession } | null;
  readonly message?: string;
}

export interface ConsumerSession {
  readonly id: string;
  readonly accessToken: string;
  readonly account: { readonly id: string; readonly label: string };
  readonly scopes: readonly string[];
}

/** A new user of an editor with the extension and one connection, and the Identity Center of that connection. */
export interface Scene {
  readonly editor: Editor;
  readonly identityCenter: IdentityCenter;
  readonly browser: BrowserContext;
  /** The user's home folder. */
  readonly home: string;
  /** The user's settings as they are now. */
  readSettings(): Readonly<Record<string, unknown>>;
  /** Changes some of them in their file, whichever window has the focus. */
  changeSettings(changes: Readonly<Record<string, unknown>>): void;
  /** What the consumer did so far, oldest first. */
  consumerEvents(): readonly ConsumerEvent[];
  /** Restarts the editor's server, as after an update or a crash. */
  restartServer(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the editor. What the user has in their settings, their `~/.aws` and the extension's storage goes with the scene.
 * @param name of the folder for its screenshots
 * @param userSettings what the user has in their settings; the one connection, if nothing else is said
 * @param folder to open in the editor; none, if nothing else is said
 * @param locale of the user's browser, which is the editor's as well
 */
export async function openScene(
  name: string,
  options: IdentityCenterOptions = {},
  userSettings: (connection: ConnectionSetting) => object = (connection) => ({
    'awsSso.connections': [connection],
  }),
  folder?: string,
  locale = 'en-US',
): Promise<Scene> {
  const { browserEndpoint, editorUrl, restartUrl, serverLog, userFolder, consumerLog, screenshots } =
    readEndToEndOptions(process.env);
  const identityCenter = await startIdentityCenter(options);
  const home = join(userFolder, '..', '..');
  const settingsFile = join(userFolder, 'settings.json');
  const quietSettings = readFileSync(settingsFile, 'utf8');
  const settings = { ...readJson(settingsFile), ...userSettings(identityCenter.connection) };
  writeFileSync(settingsFile, JSON.stringify(settings));
  const ownStorage = join(userFolder, 'globalStorage', 'identity-center-tools.aws-sso-auth');
  for (const left of [ownStorage, join(home, '.aws'), consumerLog]) {
    rmSync(left, { recursive: true, force: true });
  }

  const connected = await chromium.connect(browserEndpoint);
  const browser = await connected.newContext({
    locale,
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const editor = new Editor(await browser.newPage(), join(screenshots, name));
  const close = async (): Promise<void> => {
    // For whoever wants to know why the last test failed.
    await editor.screenshot('end');
    await editor.leave();
    await browser.close();
    await extensionHostsEnd(serverLog);
    await connected.close();
    await identityCenter.close();
    writeFileSync(settingsFile, quietSettings);
  };
  try {
    await editor.open(editorUrl, folder);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    editor,
    identityCenter,
    browser,
    home,
    restartServer: async () => {
      const { ok, status } = await fetch(restartUrl, { method: 'POST' });
      if (!ok) throw new Error(`The editor's server was not restarted: HTTP ${status}`);
    },
    close,
    readSettings: () => readJson(settingsFile),
    changeSettings: (changes) =>
      writeFileSync(settingsFile, JSON.stringify({ ...readJson(settingsFile), ...changes })),
    consumerEvents: () => readEvents(consumerLog),
  };
}

/** Waits until nothing of this scene is left that could still write the extension's files. */
async function extensionHostsEnd(serverLog: string): Promise<void> {
  await eventually('the extension hosts have ended', () => {
    const log = readFileSync(serverLog, 'utf8');
    const count = (text: string): number => log.split(text).length - 1;
    return count('Launched Extension Host Process') === count('Extension Host Process exited') || undefined;
  });
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
}

function readEvents(file: string): readonly ConsumerEvent[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as ConsumerEvent);
}

/** Whether the Accounts menu has the account of the scene's connection, and offers no sign-in. */
export function isSignedIn(labels: readonly string[]): boolean {
  return labels.includes('embedded (AWS SSO)') && !labels.some((label) => label.startsWith(SIGN_IN_OFFER));
}

/** Whether the Accounts menu has no account of ours, and offers the sign-in. */
export function isSignedOut(labels: readonly string[]): boolean {
  return !labels.some((label) => label.endsWith('(AWS SSO)')) && labels.includes(`${SIGN_IN_OFFER} (1)`);
}

/** Whether the Accounts menu has no account of ours, and does not offer the sign-in either: the user has signed out. */
export function isSignedOutByUser(labels: readonly string[]): boolean {
  return !labels.some((label) => label.endsWith('(AWS SSO)') || label.startsWith(SIGN_IN_OFFER));
}

/** Waits until the Accounts menu has these accounts of ours and no others, and closes it. */
export async function awaitAccounts({ editor }: Scene, ...expected: readonly string[]): Promise<void> {
  await editor.awaitAccountsMenu((labels) => {
    const found = labels.filter((label) => label.endsWith(' (AWS SSO)'));
    return isDeepStrictEqual(found.toSorted(), expected.map((label) => `${label} (AWS SSO)`).toSorted());
  });
  await editor.closeMenu();
}

/** The log files that VS Code and its extensions wrote so far and whose path matches. */
export function logFiles(path: RegExp): readonly string[] {
  const logs = join(dirname(readEndToEndOptions(process.env).userFolder), 'logs');
  return globSync(join(logs, '**', '*.log')).filter((file) => path.test(file));
}

/** Opens the page of the sign-in in progress in a second tab, by the link in its notification. */
export async function openPage({ editor, browser }: Scene): Promise<Page> {
  const opened = browser.waitForEvent('page');
  await editor.userCode.getByText('Copy Code & Open Browser').click();
  return opened;
}

/**
 * Opens the link that the user has just copied in another profile of the browser, and does there what they do.
 * @param link what it begins with or holds
 */
export async function inAnotherProfile(
  { editor, browser }: Scene,
  link: string,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const url = await eventually(`a link with ${link} is on the clipboard`, async () => {
    const text = await editor.readClipboard();
    return text.includes(link) ? text : undefined;
  });
  const profile = await browser.browser()?.newContext();
  if (profile === undefined) throw new Error('There is no browser for another profile.');
  try {
    const page = await profile.newPage();
    await page.goto(url);
    await work(page);
  } finally {
    await profile.close();
  }
}

/**
 * Approves the sign-in in progress in its page, and waits for its notification to go.
 * @param name of the user who signs in; the first one of the directory, if nothing else is said
 */
export async function approve(scene: Scene, name?: string): Promise<void> {
  const page = await openPage(scene);
  await page.getByRole('button', { name: 'Confirm and continue' }).click();
  if (name !== undefined) await page.getByRole('radio', { name }).check();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Request approved').waitFor();
  await page.close();
  await scene.editor.userCode.waitFor({ state: 'detached' });
}

/** Signs in from the command palette. */
export async function signIn(scene: Scene): Promise<void> {
  await scene.editor.run('AWS SSO: Sign In');
  await scene.editor.userCode.waitFor();
  await approve(scene);
}
