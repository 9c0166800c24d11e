import { PACKAGE_FILE, packageExtension } from '../../../scripts/common/package.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import type { Assignment } from '../../identity-center/users.ts';
import { startScriptedUser } from '../../vscode/host/scriptedUser.ts';
import { pairedRow, quantile } from '../row.ts';
import type { Benchmark, Row } from '../row.ts';
import { startEditor } from './window.ts';
import type { EditorOptions } from './window.ts';

const CALLS = 2000;

interface Times {
  readonly ours: readonly number[];
  readonly floor: readonly number[];
  readonly github: readonly number[];
}

/** What a consumer waits for a session that is there, in a real VS Code. */
export const getSession: Benchmark = {
  name: 'get-session',
  runs: 3,
  measure: async (runs) => {
    const windows: Times[] = [];
    for (let run = 0; run < runs; run += 1) {
      const times = await withSignIn((settings) => measureOnce({ ...settings, extensions: [PACKAGE_FILE] }));
      windows.push(times);
    }
    return [0.5, 0.99].flatMap((q) => [
      row(windows, q, 'floor', 'a provider in memory', '≤ 1.1 ×'),
      row(windows, q, 'github', 'github, signed out', '≤ 1.1 ×'),
    ]);
  },
};

/**
 * Calls `measure` with the settings of a user whose every sign-in is approved at once.
 * @param assignments what the user may use; if nothing else is said, what the embedded Identity Center begins with
 */
export async function withSignIn<T>(
  measure: (options: Pick<EditorOptions, 'settings'>, serviceUrl: string) => Promise<T>,
  assignments?: readonly Assignment[],
): Promise<T> {
  await using cleanUp = new AsyncDisposableStack();
  await packageExtension();
  const identityCenter = cleanUp.adopt(await startIdentityCenter(), (started) => started.close());
  if (assignments !== undefined) identityCenter.assign(assignments);
  const user = cleanUp.adopt(await startScriptedUser(identityCenter), (started) => started.close());
  const connection = { ...identityCenter.connection, endpointUrl: user.endpointUrl };
  return await measure({ settings: { 'awsSso.connections': [connection] } }, user.endpointUrl);
}

async function measureOnce(options: Omit<EditorOptions, 'task'>): Promise<Times> {
  const editor = await startEditor({ ...options, task: { name: 'getSession', calls: CALLS } });
  try {
    return await editor.openWindow<Times>(180_000);
  } finally {
    await editor.close();
  }
}

function row(
  windows: readonly Times[],
  q: number,
  peer: 'floor' | 'github',
  peerName: string,
  goal: string,
): Row {
  return pairedRow(
    {
      name: `getSession, cached, p${q * 100}`,
      unit: 'ms',
      peerName,
      goal,
      note: `${CALLS} calls in each window to each provider, in turn`,
    },
    windows.map((times) => ({ ours: quantile(times.ours, q), peer: quantile(times[peer], q) })),
  );
}
