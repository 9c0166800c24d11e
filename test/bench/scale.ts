import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report } from './childProcess.ts';
import { median, pairedRow } from './row.ts';
import type { Benchmark, Row } from './row.ts';
import type { Scale } from './scaleProcess.ts';

const MOST = 1000;
const SIZES = [1, 10, 100, MOST];

const FIGURES = [
  ['startMs', 'start', 'ms', '≤ 2 ×'],
  ['getSessionsMs', 'getSessions of one account', 'ms', '≤ 1.3 ×'],
  ['evaluateMs', 'read the file and find what is due', 'ms', 'flat or logarithmic'],
  ['timers', 'timers', 'timers', '1'],
] as const satisfies readonly (readonly [keyof Scale, string, string, string])[];

/** What many sessions cost a window, beside what one costs. */
export const scale: Benchmark = {
  name: 'scale',
  runs: 10,
  measure: async (runs) => {
    const measured: ReadonlyMap<number, Scale>[] = [];
    for (let run = 0; run < runs; run += 1) {
      const ofRun = new Map<number, Scale>();
      for (const size of SIZES) ofRun.set(size, await measureSize(size));
      measured.push(ofRun);
    }
    const values = (size: number, figure: keyof Scale): readonly number[] =>
      measured.map((ofRun) => ofRun.get(size)?.[figure] ?? NaN);
    const rows = FIGURES.map(([figure, what, unit, goal]): Row => {
      const [many, one] = [values(MOST, figure), values(1, figure)];
      const steps = SIZES.map((size) => `${size}: ${Number(median(values(size, figure)).toPrecision(3))}`);
      return pairedRow(
        {
          name: `${MOST} sessions: ${what}`,
          unit,
          peerName: 'ourselves at 1',
          goal,
          note: `by number of sessions, ${unit}: ${steps.join(', ')}`,
        },
        many.map((ours, run) => ({ ours, peer: one[run] ?? NaN })),
      );
    });
    return [...rows, memoryRow(values(MOST, 'bytes'), values(1, 'bytes'))];
  },
};

function memoryRow(many: readonly number[], one: readonly number[]): Row {
  const each = many.map((bytes, run) => (bytes - (one[run] ?? NaN)) / (MOST - 1));
  return pairedRow(
    { name: `${MOST} sessions: memory for each`, unit: 'bytes', peerName: 'goal', goal: '≤ 4,096' },
    each.map((ours) => ({ ours, peer: 4096 })),
  );
}

async function measureSize(size: number): Promise<Scale> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-scale-'));
  try {
    const program = new URL('./scaleProcess.ts', import.meta.url);
    return await report<Scale>(program, [folder, String(size)], ['--expose-gc']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
