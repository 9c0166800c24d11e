import { PACKAGE_FILE } from '../../../scripts/common/package.ts';
import { pairedRow, plainRow } from '../row.ts';
import type { Benchmark, Row } from '../row.ts';
import { withSignIn } from './getSession.ts';
import { startEditor } from './window.ts';
import type { EditorOptions } from './window.ts';

const SETTLE_MS = 20_000;
const DURATION_MS = 5 * 60_000;

interface Usage {
  readonly cpuMs: number;
  readonly wakeUps: number;
  /** In another five minutes, in the code of our extension: milliseconds. */
  readonly ownMs: number;
}

/** What five minutes of nothing cost an extension host, signed in, beside one without the extension. */
export const idle: Benchmark = {
  name: 'idle',
  runs: 1,
  measure: async (runs) => {
    const pairs: { readonly ours: Usage; readonly peer: Usage }[] = [];
    for (let run = 0; run < runs; run += 1) {
      pairs.push(
        await withSignIn(async (settings) => {
          // At the same time: what else the machine does disturbs both alike.
          const [ours, peer] = await Promise.all([
            use({ ...settings, extensions: [PACKAGE_FILE] }, true),
            use({ ...settings, extensions: [] }, false),
          ]);
          return { ours, peer };
        }),
      );
    }
    const row = (name: string, unit: string, figure: 'cpuMs' | 'wakeUps'): Row =>
      pairedRow(
        { name: `idle for 5 min: ${name}`, unit, peerName: 'no extension', goal: 'no difference' },
        pairs.map(({ ours, peer }) => ({ ours: ours[figure], peer: peer[figure] })),
      );
    const own = {
      name: 'idle for 5 min: CPU time in its own code',
      unit: 'ms',
      goal: 'none measurable',
      note: 'by a CPU profile with one sample per millisecond',
    };
    return [
      row('CPU time of the extension host', 'ms', 'cpuMs'),
      row('its wake-ups', 'wake-ups', 'wakeUps'),
      plainRow(
        own,
        pairs.map(({ ours }) => ours.ownMs),
      ),
    ];
  },
};

async function use(options: Omit<EditorOptions, 'task'>, signedIn: boolean): Promise<Usage> {
  const task = { name: 'idle', signedIn, settleMs: SETTLE_MS, durationMs: DURATION_MS } as const;
  const editor = await startEditor({ ...options, task });
  try {
    return await editor.openWindow<Usage>(SETTLE_MS + 2 * DURATION_MS + 60_000);
  } finally {
    await editor.close();
  }
}
