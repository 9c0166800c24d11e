import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { PACKAGE_FILE } from '../../../scripts/common/package.ts';
import { manyAssignments } from '../../identity-center/assignments.ts';
import { median, pairedRow } from '../row.ts';
import type { Benchmark, Pair, Row } from '../row.ts';
import { withSignIn } from './getSession.ts';
import { startEditor } from './window.ts';
import type { MeasuredWindow } from './window.ts';

const ASSIGNMENTS = manyAssignments(1000, 5);
const START_MS = 60_000;
/** A thousand accounts, ten requests a second. */
const LISTING_MS = 5 * 60_000;
const LIMIT_MS = 30_000;
const OPENINGS = 7;
const QUERY = '0700';
/** What is shown has stopped to change: longer than the list waits before it shows what has changed. */
const STILL_MS = 400;

/** The list of roles, and a quick pick with as many plain items: see the keybindings in the probe's `package.json`. */
const LISTS = {
  ours: { shortcut: 'Control+Alt+F9', title: 'Copy Role Credentials' },
  peer: { shortcut: 'Control+Alt+F10', title: 'Plain List' },
} as const;

const LIST_TIMER = readFileSync(new URL('./listTimer.js', import.meta.url), 'utf8');

type Which = keyof typeof LISTS;

/** What `listTimer.js` measures, in milliseconds from a key. */
interface Shown {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** In one window, in milliseconds. */
interface Times {
  readonly first: Pair;
  readonly again: Pair;
  readonly keystroke: Pair;
}

/** What a user waits for the list of 5,000 roles, which an earlier window has listed, and for what they search in it. */
export const roleList: Benchmark = {
  name: 'role-list',
  runs: 5,
  measure: (runs) =>
    withSignIn(async (settings) => {
      const editor = await startEditor({ ...settings, extensions: [PACKAGE_FILE], task: { name: 'signIn' } });
      try {
        return rows(await editor.useWindow((window) => measureWindows(window, runs)));
      } finally {
        await editor.close();
      }
    }, ASSIGNMENTS),
};

function rows(windows: readonly Times[]): readonly Row[] {
  const row = (name: string, goal: string, figure: keyof Times, note: string): Row =>
    pairedRow(
      {
        name: `5,000 roles: ${name}`,
        unit: 'ms',
        peerName: 'a quick pick with 5,000 plain items',
        goal,
        note,
      },
      windows.map((times) => times[figure]),
    );
  return [
    row(
      'open the list from the cache, first in a window',
      '≤ 1.2 ×',
      'first',
      'from the key to the first frame with lines',
    ),
    row(
      'open the list from the cache, again',
      '≤ 1.2 ×',
      'again',
      `the median of ${OPENINGS} openings in each window`,
    ),
    row(
      'a keystroke in its search',
      '≤ 1.2 ×; ≤ 16 ms',
      'keystroke',
      `from the key to the last frame in which lines change: the median of the keys of "${QUERY}", typed ${OPENINGS} times in each window`,
    ),
  ];
}

async function measureWindows(window: MeasuredWindow, runs: number): Promise<readonly Times[]> {
  const { page } = window;
  await window.load(START_MS);
  await fillCache(page);
  const windows: Times[] = [];
  for (let run = 0; run < runs; run += 1) {
    await window.load(START_MS);
    windows.push(await measureWindow(page, run % 2 === 0 ? ['ours', 'peer'] : ['peer', 'ours']));
  }
  return windows;
}

/** Waits in the open list until all is listed. */
async function fillCache(page: Page): Promise<void> {
  await page.keyboard.press(LISTS.ours.shortcut);
  await page.locator('.quick-input-widget input[placeholder*="Updated: "]').waitFor({ timeout: LISTING_MS });
  await close(page);
}

async function measureWindow(page: Page, order: readonly Which[]): Promise<Times> {
  await page.evaluate(LIST_TIMER);
  const first = { ours: NaN, peer: NaN };
  for (const which of order) {
    first[which] = await open(page, which);
    await close(page);
  }
  const again: Record<Which, number[]> = { ours: [], peer: [] };
  const keystrokes: Record<Which, number[]> = { ours: [], peer: [] };
  for (let opening = 0; opening < OPENINGS; opening += 1) {
    for (const which of order) {
      again[which].push(await open(page, which));
      for (const key of QUERY) keystrokes[which].push(await search(page, which, key));
      await close(page);
    }
  }
  return { first, again: medians(again), keystroke: medians(keystrokes) };
}

function medians({ ours, peer }: Readonly<Record<Which, readonly number[]>>): Pair {
  return { ours: median(ours), peer: median(peer) };
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

async function open(page: Page, which: Which): Promise<number> {
  return (await press(page, which, LISTS[which].shortcut)).firstMs;
}

async function search(page: Page, which: Which, key: string): Promise<number> {
  return (await press(page, which, key)).lastMs;
}

/** Presses a key, and waits until the list is as it stays. */
async function press(page: Page, which: Which, key: string): Promise<Shown> {
  const options = { title: LISTS[which].title, stillMs: STILL_MS, limitMs: LIMIT_MS };
  await page.evaluate(`void (globalThis.measured = listTimer.measure(${JSON.stringify(options)}))`);
  await page.keyboard.press(key);
  return page.evaluate<Shown>('globalThis.measured');
}
