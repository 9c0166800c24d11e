import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_FILE } from '../../../scripts/common/package.ts';
import { provideVsCode, RELEASES } from '../../vscode/host/vscode.ts';
import { pairedRow } from '../row.ts';
import type { Benchmark, Row } from '../row.ts';
import { withSignIn } from './getSession.ts';
import { packageTestExtension, startEditor } from './window.ts';
import type { EditorOptions } from './window.ts';

const GITHUB = 'vscode.github-authentication';
/** How long the hosts are left alone before their memory is read. */
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
  measure: measureMemory,
};

async function measureMemory(runs: number): Promise<readonly Row[]> {
  const all: Hosts[] = [];
  for (let run = 0; run < runs; run += 1) {
    all.push(await withSignIn((user, serviceUrl) => measureHosts(user, serviceUrl)));
  }
  const note =
    'less what a host with an empty extension has at the same time, after its garbage was collected; no other built-in ' +
    'extension runs; all three have made a request; ours has signed in in the same window, github-authentication was ' +
    'asked for a session and has none';
  const row = (what: string, figure: keyof HostMemory): Row =>
    pairedRow(
      {
        name: `memory added to the extension host, signed in, after ${SETTLE_MS / 60_000} min: ${what}`,
        unit: 'KB',
        peerName: 'github-authentication',
        goal: '≤ 0.7 ×',
        note,
      },
      all.map(({ ours, peer, none }) => ({
        ours: (ours[figure] - none[figure]) / 1024,
        peer: (peer[figure] - none[figure]) / 1024,
      })),
    );
  return [row('held by JavaScript', 'held'), row('resident', 'resident')];
}

/** At the same time: what else the machine does disturbs all alike. */
async function measureHosts(user: Pick<EditorOptions, 'settings'>, serviceUrl: string): Promise<Hosts> {
  await using cleanUp = new AsyncDisposableStack();
  const empty = await packageTestExtension('empty');
  const builtIn = await builtInExtensions();
  const start = async (extensions: readonly string[], asks: 'aws-sso' | 'github' | 'none') => {
    const editor = await startEditor({
      ...user,
      extensions: [empty, ...extensions],
      // Whichever of them start, and when, would differ by more than what is measured.
      disabled: builtIn.filter((id) => asks !== 'github' || id !== GITHUB),
      task: { name: 'memory', asks, requests: serviceUrl, settleMs: SETTLE_MS },
    });
    return cleanUp.adopt(editor, (started) => started.close());
  };
  const editors = [
    await start([PACKAGE_FILE], 'aws-sso'),
    await start([], 'github'),
    await start([], 'none'),
  ];
  const [ours, peer, none] = await Promise.all(
    editors.map((editor) => editor.openWindow<HostMemory>(START_MS + SETTLE_MS)),
  );
  if (ours === undefined || peer === undefined || none === undefined)
    throw new Error('Nothing was measured.');
  return { ours, peer, none };
}

/** Their ids. */
async function builtInExtensions(): Promise<readonly string[]> {
  const { folder } = await provideVsCode(RELEASES.newest);
  const extensions = join(folder, 'lib', 'vscode', 'extensions');
  const found = await readdir(extensions, { withFileTypes: true });
  const manifests = found
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(async ({ name }) => JSON.parse(await readFile(join(extensions, name, 'package.json'), 'utf8')));
  return (await Promise.all(manifests)).map(({ publisher, name }) => `${publisher}.${name}`);
}
