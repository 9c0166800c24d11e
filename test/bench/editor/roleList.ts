import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { PACKAGE_FILE, packageExtension } from '../../../scripts/common/package.ts';
import { manyAssignments } from '../../identity-center/assignments.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import { startScriptedUser } from '../../vscode/host/scriptedUser.ts';
import { pairedRow, plainRow } from '../row.ts';
import type { Benchmark, Pair } from '../row.ts';
import { startEditor } from './window.ts';

const ACCOUNTS = 1000;
const ROLES_IN_EACH = 5;
/** The keys that the probe gives to the two lists: see `probe/package.json`. */
const KEYS = { ours: 'Control+Alt+F7', peer: 'Control+Alt+F8' } as const;
const PEER = 'a quick pick with 5,000 plain items';
const LISTED_MS = 5 * 60_000;
/** For the editor's page: the milliseconds from the next key to the frame that shows another list. */
const TIME_TO_CHANGE = `new Promise((resolve) => {
  const rows = () =>
    [...document.querySelectorAll('.quick-input-widget .monaco-list-row')].map((row) => row.textContent).join();
  const before = rows();
  const onKey = () => {
    const pressed = performance.now();
    const look = () => {
      const now = rows();
      requestAnimationFrame(now === '' || now === before ? look : () => resolve(performance.now() - pressed));
    };
    look();
  };
  window.addEventListener('keydown', onKey, { capture: true, once: true });
})`;

/** What the list of roles takes to open from the cache and to follow a keystroke, on the screen of a real VS Code. */
export const roleList: Benchmark = {
  name: 'role-list',
  runs: 20,
  measure: async (runs) => {
    await using cleanUp = new AsyncDisposableStack();
    await packageExtension();
    const center = cleanUp.adopt(await startIdentityCenter(), (started) => started.close());
    center.assign(manyAssignments(ACCOUNTS, ROLES_IN_EACH));
    const user = cleanUp.adopt(await startScriptedUser(center), (started) => started.close());
    const connection = { ...center.connection, endpointUrl: user.endpointUrl };
    const editor = cleanUp.adopt(
      await startEditor({
        settings: { 'awsSso.connections': [connection] },
        extensions: [PACKAGE_FILE],
        task: { name: 'lists', items: ACCOUNTS * ROLES_IN_EACH },
      }),
      (started) => started.close(),
    );
    return await editor.useWindow(60_000, async (page) => {
      await listEverything(page);
      const opened: Pair[] = [];
      const typed: Pair[] = [];
      for (let run = 0; run < runs; run += 1) {
        const [ours, peer] = [await measure(page, KEYS.ours), await measure(page, KEYS.peer)];
        opened.push({ ours: ours.openedMs, peer: peer.openedMs });
        typed.push({ ours: ours.typedMs, peer: peer.typedMs });
      }
      const caption = { unit: 'ms', peerName: PEER };
      return [
        pairedRow({ ...caption, name: '5,000 roles: open the list from the cache', goal: '≤ 1.2 ×' }, opened),
        pairedRow({ ...caption, name: '5,000 roles: a keystroke in its search', goal: '–' }, typed),
        plainRow(
          { unit: 'ms', name: '5,000 roles: a keystroke in its search', goal: '≤ 16 ms' },
          typed.map((pair) => pair.ours),
        ),
      ];
    });
  },
};

/** Opens the list until it says when everything was listed: from then on it is in the cache. */
async function listEverything(page: Page): Promise<void> {
  const end = performance.now() + LISTED_MS;
  await page.keyboard.press(KEYS.ours);
  const input = page.locator('.quick-input-widget input').first();
  while (performance.now() < end) {
    if (/Updated: /.test((await input.getAttribute('placeholder')) ?? '')) {
      await page.keyboard.press('Escape');
      return;
    }
    await delay(1000);
  }
  throw new Error('The roles were not listed in time.');
}

interface Shown {
  readonly openedMs: number;
  readonly typedMs: number;
}

/** Times are taken in the page, from the key to the frame that shows what it led to. */
async function measure(page: Page, key: string): Promise<Shown> {
  const openedMs = await timed(page, () => page.keyboard.press(key));
  const typedMs = await timed(page, () => page.keyboard.press('9'));
  await page.keyboard.press('Escape');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  return { openedMs, typedMs };
}

async function timed(page: Page, press: () => Promise<void>): Promise<number> {
  const shown = page.evaluate<number>(TIME_TO_CHANGE);
  await press();
  return shown;
}
