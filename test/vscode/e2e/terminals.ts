import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import type { Scene } from './scene.ts';

const IDENTITY = new URL('../tools/callerIdentity.mjs', import.meta.url).pathname;

/** Who the AWS SDK is. */
export interface Identity {
  readonly Account: string;
  readonly Arn: string;
  readonly region: string;
}

/** A command line that says who the AWS SDK is. @param file where to say it; on the screen, if nothing else is said */
export function identityCommand(file?: string): string {
  return [process.execPath, IDENTITY, ...(file === undefined ? [] : [file])]
    .map((part) => `'${part}'`)
    .join(' ');
}

/** VS Code says in its status bar that the process of its terminals does not respond: here they cannot be had. */
class NoTerminals extends Error {}

/** VS Code says so in its first window only: what is known since then. */
function noTerminalsFile({ home }: Scene): string {
  return join(home, 'no-terminals');
}

/** Whether an earlier test has found that terminals cannot be had here. */
export function isWithoutTerminals(scene: Scene): boolean {
  return existsSync(noTerminalsFile(scene));
}

/** What `work` finds in a terminal; `undefined` where terminals cannot be had. @throws what else `work` throws */
export function whereTerminalsAre<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (error instanceof NoTerminals) {
      return undefined;
    }
    throw error;
  });
}

/** Waits for a file that something in a terminal writes, and reads it. @throws NoTerminals */
export async function readWritten(scene: Scene, file: string): Promise<string> {
  const ptyHost = scene.editor.page.locator('.statusbar-item').filter({ hasText: 'Pty Host' });
  const isWritten = await eventually(
    `the terminal has written ${file}`,
    async () =>
      existsSync(file) || (isWithoutTerminals(scene) || (await ptyHost.count()) > 0 ? false : undefined),
    50_000,
  );
  if (!isWritten) {
    writeFileSync(noTerminalsFile(scene), '');
    throw new NoTerminals();
  }
  return readFileSync(file, 'utf8');
}

/** Runs a command line in the terminal that has the focus, and waits for what it writes. @throws NoTerminals */
export async function runInTerminal(scene: Scene, command: string): Promise<string> {
  const { editor, home } = scene;
  const file = join(home, 'terminal-output');
  rmSync(file, { force: true });
  // After it come the lines that VS Code keeps in view.
  await editor.page.locator('.terminal-wrapper.active .xterm').first().click();
  await editor.page.keyboard.type(`${command} > ${file}.part 2>&1; mv ${file}.part ${file}\n`);
  return readWritten(scene, file);
}

/** What the SDK has said. @throws Error with its words where it has failed */
export function parseIdentity(text: string): Identity {
  try {
    return JSON.parse(text) as Identity;
  } catch {
    throw new Error(`The SDK said: ${text}`);
  }
}

/** Who the AWS SDK is in the terminal that has the focus. @throws NoTerminals; Error with the SDK's words */
export async function identityIn(scene: Scene): Promise<Identity> {
  return parseIdentity(await runInTerminal(scene, identityCommand()));
}

export async function openRoleTerminal({ editor }: Scene, role: string): Promise<void> {
  await editor.run('AWS SSO: Open Role Terminal');
  await editor.page.locator('.quick-input-widget').getByText(role, { exact: true }).first().click();
}

/**
 * Has VS Code open a terminal of this profile, from the "+" menu of its terminals: one of them must be open. The menu
 * closes when a terminal that is still starting takes the focus: then it is opened once more.
 */
export async function launchProfile({ editor }: Scene, name: RegExp): Promise<void> {
  const openMenu = (): Promise<void> =>
    editor.page.locator('.part.panel [aria-label^="Launch Profile"]').first().click();
  await openMenu();
  try {
    await editor.chooseInMenu(name);
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    await openMenu();
    await editor.chooseInMenu(name);
  }
}

/** Opens the terminal of a role for the first time, when the user is asked for its region, and waits for it. */
export async function openFirstRoleTerminal(scene: Scene, role: string, region: string): Promise<void> {
  const { editor } = scene;
  await openRoleTerminal(scene, role);
  await editor.quickInput(/Region for /).waitFor();
  await editor.enter(/Region for /, region);
  await editor.page.locator('.terminal-wrapper.active .xterm').waitFor();
}
