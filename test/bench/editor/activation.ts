import { PACKAGE_FILE, packageExtension } from '../../../scripts/common/package.ts';
import { pairedRow } from '../row.ts';
import type { Benchmark, Row } from '../row.ts';
import { packageTestExtension, startEditor } from './window.ts';

const OURS = 'identity-center-tools.aws-sso-auth';
const EMPTY = 'identity-center-tools-test.empty';
const BUILT_IN = ['vscode.github-authentication', 'vscode.microsoft-authentication'];

const WINDOW_MS = 60_000;

/** What the probe reports of a window. */
interface StartupView {
  /** The text of the Startup Performance view. */
  readonly view: string;
  /** How long the `require` of each extension took by VS Code's own marks, whole milliseconds. */
  readonly requireMs: Readonly<Record<string, number>>;
}

/** What a start costs, as VS Code's own Startup Performance view tells, in fresh windows. */
export const activation: Benchmark = {
  name: 'activation',
  runs: 20,
  measure: async (runs) => {
    await packageExtension();
    const extensions = [PACKAGE_FILE, await packageTestExtension('empty')];
    const task = { name: 'activation', extensions: [OURS, EMPTY, ...BUILT_IN] } as const;
    const editor = await startEditor({ extensions, task });
    try {
      const views: StartupView[] = [];
      for (let run = 0; run < runs; run += 1) views.push(await editor.openWindow<StartupView>(WINDOW_MS));
      return [...activationRows(views), ...requireRows(views)];
    } finally {
      await editor.close();
    }
  },
};

const NOTE =
  'VS Code starts the clock of all startup extensions at the same time and loads them one after the other: ' +
  'most of both times is the wait for earlier extensions';

function activationRows(views: readonly StartupView[]): readonly Row[] {
  const row = (peer: string, peerName: string, goal: string): Row =>
    pairedRow(
      { name: 'activation: load + call', unit: 'ms', peerName, goal, note: NOTE },
      views.map(({ view }) => ({ ours: activationMs(view, OURS), peer: activationMs(view, peer) })),
    );
  return [
    row(EMPTY, 'an empty extension', '≤ 1.2 ×'),
    ...BUILT_IN.map((id) => row(id, nameOf(id), '≤ 0.65 ×')),
  ];
}

function requireRows(views: readonly StartupView[]): readonly Row[] {
  return BUILT_IN.map((id) =>
    pairedRow(
      { name: 'activation: its own `require`', unit: 'ms', peerName: nameOf(id), goal: '–' },
      views.map(({ requireMs }) => ({ ours: requireMs[OURS] ?? NaN, peer: requireMs[id] ?? NaN })),
    ),
  );
}

function nameOf(id: string): string {
  return id.replace(/^.*\./, '');
}

/**
 * Milliseconds to load and to call an extension, by the view's table of extensions:
 * "| Extension | Eager | Load Code | Call Activate | Finish Activate | Event | By |".
 */
function activationMs(view: string, id: string): number {
  const line = view.split('\n').find((text) => text.startsWith('|') && text.includes(id));
  const [, , , load, call] = (line ?? '').split('|').map((cell) => cell.trim());
  const milliseconds = Number.parseFloat(load ?? '') + Number.parseFloat(call ?? '');
  if (Number.isNaN(milliseconds)) throw new Error(`The Startup Performance view does not tell of ${id}.`);
  return milliseconds;
}
