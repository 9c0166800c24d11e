import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';

const MENU_TIMEOUT_MS = 10_000;

/** Less than a message stays, and more than the toast of a progress does after its end. */
const TOAST_MS = 3000;
const PALETTE_MS = 5000;
const PALETTE_ATTEMPTS = 4;

/** In the page: waits for what fades in, though not for the bar of a progress, which runs forever. */
const ANIMATIONS_END = `Promise.all(
  document.getAnimations()
    .filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime))
    .map(({ finished }) => finished)
)`;

/** VS Code in a tab, as a user sees and uses it. */
export class Editor {
  readonly page: Page;
  /** The folder for its pictures. */
  readonly screenshots: string;
  #screenshotCount = 0;

  constructor(page: Page, screenshots: string) {
    this.page = page;
    this.screenshots = screenshots;
    mkdirSync(screenshots, { recursive: true });
  }

  /** Opens the editor, with a folder or with none, and waits until extensions have started. */
  async open(url: string, folder?: string): Promise<void> {
    const target = new URL(url);
    if (folder === undefined) {
      // Else the editor opens the folder that was open last.
      target.searchParams.set('ew', 'true');
    } else {
      target.searchParams.set('folder', folder);
    }
    await this.page.goto(target.href);
    await this.#ready();
  }

  /** Loads the page again, which also restarts the extensions. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#ready();
  }

  /** Leaves the page in order, which ends the extensions; closing the tab would leave them waiting for it. */
  async leave(): Promise<void> {
    await this.page.goto('about:blank');
  }

  async #ready(): Promise<void> {
    await this.consumerStatus.waitFor({ timeout: 30_000 });
  }

  /** The consumer's entry in the status bar: the account it uses, or "signed out". */
  get consumerStatus(): Locator {
    return this.page.locator('[id="identity-center-tools-test.consumer.consumer"]');
  }

  /** Our entry in the status bar. */
  get sessionsStatus(): Locator {
    return this.page.locator('[id="identity-center-tools.aws-sso-auth.awsSso.sessions"]');
  }

  /** The notification with a user code, while it is shown as a toast. */
  get userCode(): Locator {
    return this.toast(/is your code for/);
  }

  /** The user code in the notification, or in another element. @throws Error when there is none */
  async readUserCode(element = this.userCode): Promise<string> {
    const text = await element.innerText();
    const [code] = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(text) ?? [];
    if (code === undefined) throw new Error(`There is no user code in "${text}".`);
    return code;
  }

  toast(text: RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /**
   * Waits until no toast is left: that of a progress stays for a moment after its end, as VS Code has it, but a message
   * stays for longer than this waits.
   * @throws Error with the text of the toasts that stay
   */
  async awaitNoToast(): Promise<void> {
    try {
      await this.toast(/./).first().waitFor({ state: 'detached', timeout: TOAST_MS });
    } catch (error) {
      const texts = await this.toast(/./).allInnerTexts();
      throw new Error(`There should be no toast, but there is:\n${texts.join('\n')}`, { cause: error });
    }
  }

  /** Moves the focus to where code is edited: an entry of the status bar that has it shows its hover over the toasts. */
  async focusEditor(): Promise<void> {
    await this.page.locator('.part.editor').click();
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** The document that is open. */
  get document(): Locator {
    return this.page.locator('.editor-instance .view-lines');
  }

  /** The report of the diagnostics, rendered: a page inside a page, as VS Code's Markdown preview makes it. */
  get report(): FrameLocator {
    return this.page.frameLocator('iframe.webview').frameLocator('#active-frame');
  }

  /** A button in the title of the editor that is active. */
  titleButton(name: string): Locator {
    return this.page
      .locator('.editor-group-container.active .editor-actions')
      .getByRole('button', { name, exact: true });
  }

  /** Waits for the report with this heading, and copies its text with its own button. */
  async copyReport(heading = 'AWS SSO Diagnostics', copy = 'Copy'): Promise<string> {
    await this.report.getByRole('heading', { name: heading }).waitFor({ timeout: 30_000 });
    return this.copyWith(this.titleButton(copy));
  }

  /** What a click on a button brings to the clipboard. */
  async copyWith(button: Locator): Promise<string> {
    await this.page.evaluate("navigator.clipboard.writeText('')");
    await button.click();
    return eventually('the clipboard has it', async () => (await this.readClipboard()) || undefined);
  }

  /** All the text of the document that is open. It goes over the clipboard: the page has only what is in sight. */
  async readDocument(): Promise<string> {
    await this.document.click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.press('ControlOrMeta+c');
    return this.readClipboard();
  }

  /** Closes the editor that is active, which must have nothing to save. */
  async closeEditor(): Promise<void> {
    const name = await this.page.locator('.tab.active.selected').first().getAttribute('data-resource-name');
    await this.run('View: Close Editor');
    await this.page.locator(`.tab[data-resource-name="${name}"]`).waitFor({ state: 'detached' });
  }

  statusBarEntry(text: RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: text });
  }

  get accountsButton(): Locator {
    return this.page.getByRole('button', { name: /^Accounts/ }).first();
  }

  /** The number on the button of the Accounts menu: how many sign-ins are asked for there. */
  async readAccountsBadge(): Promise<number> {
    const badge = this.page.locator('.action-item:has(> [aria-label^="Accounts"]) .badge-content');
    return (await badge.isVisible()) ? Number(await badge.innerText()) : 0;
  }

  /** The labels in the Accounts menu, which is left open. */
  async openAccountsMenu(): Promise<readonly string[]> {
    await this.accountsButton.click();
    await this.#menuItem(/./).first().waitFor();
    return (await this.#menuItem(/./).allInnerTexts()).map((text) => text.trim());
  }

  /**
   * Opens the Accounts menu, again and again until its labels are as expected: an open menu does not change.
   * @throws Error with the labels when they are not in time
   */
  async awaitAccountsMenu(isExpected: (labels: readonly string[]) => boolean): Promise<void> {
    const end = performance.now() + MENU_TIMEOUT_MS;
    for (;;) {
      const labels = await this.openAccountsMenu();
      if (isExpected(labels)) return;
      if (performance.now() > end) throw new Error(`The Accounts menu has only:\n${labels.join('\n')}`);
      await this.closeMenu();
    }
  }

  async closeMenu(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.#menuItem(/./).first().waitFor({ state: 'hidden' });
  }

  /** Chooses an entry of the open menu, or of its submenu. */
  async chooseInMenu(...path: readonly RegExp[]): Promise<void> {
    for (const name of path) await this.#menuItem(name).first().hover({ timeout: MENU_TIMEOUT_MS });
    // A menu that has just come up takes no clicks yet.
    await this.page.keyboard.press('Enter');
    await this.#menuItem(/./).first().waitFor({ state: 'hidden' });
  }

  /** The open menu, or its submenu, with an item of that name. */
  menu(item: RegExp): Locator {
    const items = this.page.locator('[role="menuitem"]').filter({ hasText: item });
    return this.page.locator('.monaco-menu').filter({ has: items }).last();
  }

  /** Opens the submenu of an item of the open menu. */
  async openSubmenu(item: RegExp, expected: RegExp): Promise<void> {
    await this.#menuItem(item).first().hover();
    await this.#menuItem(expected).first().waitFor();
  }

  #menuItem(name: RegExp): Locator {
    return this.page.locator('.monaco-menu [role="menuitem"]').filter({ hasText: name });
  }

  /** An entry of the open pick list. */
  pickEntry(label: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first();
  }

  /** The open input box or pick list with this title. */
  quickInput(title: RegExp): Locator {
    return this.page.locator('.quick-input-widget').filter({ hasText: title });
  }

  /** Types into the open input box or pick list with this title, and accepts what that gives. */
  async enter(title: RegExp, text: string): Promise<void> {
    await this.quickInput(title).locator('input[type="text"]').fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Pastes into the open input box or pick list with this title, as from an email. */
  async paste(title: RegExp, text: string): Promise<void> {
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await this.quickInput(title).locator('input[type="text"]').focus();
    await this.page.keyboard.press('ControlOrMeta+v');
  }

  /** Runs a command as the command palette names it. */
  async run(command: string): Promise<void> {
    await this.#openPalette(command);
    await this.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: command })
      .first()
      .click();
  }

  /** Opens a link to an extension as if the system had handed it over, VS Code's own question included. */
  async openLink(link: string): Promise<void> {
    await this.run('Developer: Open URL');
    await this.enter(/URL to open/, link);
    await this.dialog.getByRole('button', { name: 'Open', exact: true }).click();
  }

  /** The commands that the palette offers for a search. */
  async search(text: string): Promise<readonly string[]> {
    await this.#openPalette(text);
    const rows = this.page.locator('.quick-input-list .monaco-list-row .label-name');
    await rows.first().waitFor();
    const found = await rows.allInnerTexts();
    await this.page.keyboard.press('Escape');
    return found;
  }

  /** Opens the command palette with a search: once more where a window that is still loading has closed it again. */
  async #openPalette(text: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    for (let attempt = 1; ; attempt += 1) {
      await this.page.keyboard.press('F1');
      try {
        await input.fill(`>${text}`, { timeout: PALETTE_MS });
        return;
      } catch (error) {
        if (attempt === PALETTE_ATTEMPTS) throw error;
      }
    }
  }

  readClipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /**
   * Keeps a picture for the README and the walkthrough, at twice the resolution: the part of the window that `things`
   * are in, down to the status bar, whose other entries are none of ours.
   */
  async closeUp(name: string, ...things: readonly Locator[]): Promise<void> {
    await this.page.evaluate(ANIMATIONS_END);
    const boxes = await Promise.all(things.map((thing) => thing.boundingBox()));
    const found = boxes.filter((box) => box !== null);
    const statusBar = await this.page.locator('.part.statusbar').boundingBox();
    if (found.length < things.length || statusBar === null) {
      throw new Error(`There is nothing to see for ${name}.`);
    }
    const margin = 24;
    const x = Math.max(Math.min(...found.map((box) => box.x)) - margin, 0);
    const y = Math.max(Math.min(...found.map((box) => box.y)) - margin, 0);
    const right = Math.min(Math.max(...found.map((box) => box.x + box.width)) + margin, statusBar.width);
    const lowest = Math.max(...found.map((box) => box.y + box.height));
    const bottom = Math.max(lowest, Math.min(lowest + margin, statusBar.y));
    const clip = { x, y, width: right - x, height: bottom - y, scale: 2 };
    const devTools = await this.page.context().newCDPSession(this.page);
    const { data } = await devTools.send('Page.captureScreenshot', { clip });
    await devTools.detach();
    const folder = join(this.screenshots, '..', 'pictures');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.png`), data, 'base64');
  }

  /** Keeps a picture of what is on the screen. */
  async screenshot(name: string, page = this.page): Promise<void> {
    this.#screenshotCount += 1;
    const number = String(this.#screenshotCount).padStart(2, '0');
    await page.screenshot({ path: join(this.screenshots, `${number}-${name}.png`), animations: 'disabled' });
  }
}
