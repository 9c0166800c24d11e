import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import {
  startIdentityCenter,
  type IdentityCenter,
  type IdentityCenterOptions,
} from '../../identity-center/server.ts';
import { Editor } from './editor.ts';
import { readEndToEndOptions } from './options.ts';

const POLL_MS = 50;

/** What the consumer extension did. */
export interface ConsumerEvent {
  readonly event: 'session' | 'changed' | 'error';
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
  /** What the consumer did so far, oldest first. */
  consumerEvents(): readonly ConsumerEvent[];
  close(): Promise<void>;
}

/** @param name of the folder for its screenshots */
export async function openScene(name: string, options: IdentityCenterOptions = {}): Promise<Scene> {
  const { browserEndpoint, editorUrl, userFolder, consumerLog, screenshots } = readEndToEndOptions(
    process.env,
  );
  const identityCenter = await startIdentityCenter(options);
  const settingsFile = join(userFolder, 'settings.json');
  const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as object;
  const connections = [identityCenter.connection];
  writeFileSync(settingsFile, JSON.stringify({ ...settings, 'awsSso.connections': connections }));
  rmSync(join(userFolder, 'globalStorage', 'identity-center-tools.aws-sso-auth'), {
    recursive: true,
    force: true,
  });
  rmSync(consumerLog, { force: true });

  const connected = await chromium.connect(browserEndpoint);
  const browser = await connected.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const editor = new Editor(await browser.newPage(), join(screenshots, name));
  const close = async (): Promise<void> => {
    await browser.close();
    await connected.close();
    await identityCenter.close();
  };
  try {
    await editor.open(editorUrl);
  } catch (error) {
    await editor.screenshot('did-not-open');
    await close();
    throw error;
  }
  return { editor, identityCenter, browser, close, consumerEvents: () => readEvents(consumerLog) };
}

function readEvents(file: string): readonly ConsumerEvent[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as ConsumerEvent);
}

/** Asks until there is an answer. @throws Error with `what` when there is none in time */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 15_000,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(POLL_MS);
  }
  throw new Error(`Waited ${timeoutMs / 1000} s in vain: ${what}`);
}

/** Opens the page of the sign-in under way in a second tab, by the link in its notification. */
export async function openPage({ editor, browser }: Scene): Promise<Page> {
  const opened = browser.waitForEvent('page');
  await editor.userCode.getByText('Copy Code & Open Browser').click();
  return opened;
}

/** Approves the sign-in under way in its page, and waits for its notification to go. */
export async function approve(scene: Scene): Promise<void> {
  const page = await openPage(scene);
  await page.getByRole('button', { name: 'Confirm and continue' }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Request approved').waitFor();
  await page.close();
  await scene.editor.userCode.waitFor({ state: 'detached' });
}
