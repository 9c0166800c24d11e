import { PACKAGE_FILE } from '../../../scripts/common/package.ts';
import { pairedRow, plainRow } from '../row.ts';
import type { Benchmark, Row } from '../row.ts';
import { withSignIn } from './getSession.ts';
import { packageTestExtension, startEditor } from './window.ts';
import type { EditorOptions } from './window.ts';

const SETTLE_MS = 5 * 60_000;
const START_MS = 120_000;

/** Of an extension host, after its garbage was collected: in bytes. */
interface HostMemory {
  /** What JavaScript holds, on V8's heap and beside it. */
  readonly held: number;
  /** What the process has in memory. */
  readonly resident: number;
}

/** Hosts of the same editor: with the extension and signed in, with the peer that was asked for a session, with neither. */
interface Hosts {
  readonly ours: HostMemory;
  readonly peer: HostMemory;
  readonly none: HostMemory;
}

/** What the extension adds to the memory of its host, signed in, beside what the built-in github-authentication does. */
export const memory: Benchmark = {
  name: 'memory',
  runs: 3,
  measure: (runs) => measureMemory(runs, SETTLE_MS),
};

/** @param settleMs how long the hosts are left alone before their memory is read */
export async function measureMemory(runs: number, settleMs: number): Promise<readonly Row[]> {
  const all: Hosts[] = [];
  for (let run = 0; run < runs; run += 1) {
    all.push(await withSignIn((user, serviceUrl) => measureHosts(user, serviceUrl, settleMs)));
  }
  const name = `memory added to the extension host, signed in, after ${settleMs / 60_000} min`;
  const note =
    'less what a host with an empty extension has at the same time, after its garbage was collected; all three have made ' +
    'a request; ours has signed in in the same window, github-authentication was asked for a session and has none';
  const added = (figure: keyof HostMemory) =>
    all.map(({ ours, peer, none }) => ({
      ours: (ours[figure] - none[figure]) / 1024,
      peer: (peer[figure] - none[figure]) / 1024,
    }));
  return [
    pairedRow({ name, unit: 'KB', peerName: 'github-authentication', goal: '≤ 0.7 ×', note }, added('held')),
    plainRow(
      { name: `${name}: resident`, unit: 'KB', goal: '–', note: RESIDENT_NOTE },
      added('resident').map(({ ours }) => ours),
    ),
    plainRow(
      { name: `${name}: resident, github-authentication`, unit: 'KB', goal: '–' },
      added('resident').map(({ peer }) => peer),
    ),
  ];
}

const RESIDENT_NOTE = 'two hosts with the same extensions differ by several MB';

/** At the same time: what else the machine does disturbs all alike. */
async function measureHosts(
  user: Pick<EditorOptions, 'settings'>,
  serviceUrl: string,
  settleMs: number,
): Promise<Hosts> {
  await using cleanUp = new AsyncDisposableStack();
  const empty = await packageTestExtension('empty');
  const start = async (extensions: readonly string[], asks: 'aws-sso' | 'github' | 'none') => {
    const editor = await startEditor({
      ...user,
      extensions: [empty, ...extensions],
      // VS Code itself asks it for a session at each start.
      disabled: asks === 'github' ? [] : ['vscode.github-authentication'],
      task: { name: 'memory', asks, requests: serviceUrl, settleMs },
    });
    return cleanUp.adopt(editor, (started) => started.close());
  };
  const editors = [
    await start([PACKAGE_FILE], 'aws-sso'),
    await start([], 'github'),
    await start([], 'none'),
  ];
  const [ours, peer, none] = await Promise.all(
    editors.map((editor) => editor.openWindow<HostMemory>(START_MS + settleMs)),
  );
  if (ours === undefined || peer === undefined || none === undefined)
    throw new Error('Nothing was measured.');
  return { ours, peer, none };
}
