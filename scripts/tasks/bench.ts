// Measures the extension beside its peers, prints the table and writes it to dist/bench/bench.md and bench.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coldClient, warmClient } from '../../test/bench/client/client.ts';
import { activation } from '../../test/bench/editor/activation.ts';
import { getSession } from '../../test/bench/editor/getSession.ts';
import { idle } from '../../test/bench/editor/idle.ts';
import { memory } from '../../test/bench/editor/memory.ts';
import { roleList } from '../../test/bench/editor/roleList.ts';
import { credentials } from '../../test/bench/roles/credentials.ts';
import { listing } from '../../test/bench/roles/listing.ts';
import { listSizes } from '../../test/bench/roles/sizes.ts';
import { scale } from '../../test/bench/scale.ts';
import { signIn } from '../../test/bench/signIn.ts';
import { sizes } from '../../test/bench/sizes.ts';
import { windows } from '../../test/bench/windows.ts';
import type { Row } from '../../test/bench/row.ts';
import { markdownTable } from '../../test/bench/table.ts';
import { exitOnSignals, root } from '../common/process.ts';

const BENCHMARKS = [
  coldClient,
  warmClient,
  sizes,
  signIn,
  activation,
  getSession,
  windows,
  scale,
  listing,
  listSizes,
  roleList,
  credentials,
  memory,
  idle,
];
const OUT = join(root, 'dist', 'bench');

const HELP = `Usage: npm run bench -- [--only NAME]... [--runs N]
  --only   measures this only: ${BENCHMARKS.map(({ name }) => name).join(', ')}
  --runs   how many pairs each measures, instead of its own number`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    runs: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

async function measure(names: readonly string[] | undefined): Promise<readonly Row[]> {
  const unknown = names?.find((name) => BENCHMARKS.every((benchmark) => benchmark.name !== name));
  if (unknown !== undefined) throw new Error(`There is no benchmark "${unknown}".\n${HELP}`);
  const rows: Row[] = [];
  for (const benchmark of BENCHMARKS) {
    const { name, runs } = benchmark;
    if (names !== undefined && !names.includes(name)) continue;
    const started = performance.now();
    rows.push(...(await benchmark.measure(values.runs === undefined ? runs : Number(values.runs))));
    console.log(`${name}: measured in ${Math.round((performance.now() - started) / 1000)} s`);
  }
  return rows;
}

if (values.help) {
  console.log(HELP);
} else {
  exitOnSignals();
  const rows = await measure(values.only);
  const table = markdownTable(rows);
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, 'bench.md'), `${table}\n`);
  writeFileSync(join(OUT, 'bench.json'), `${JSON.stringify(rows, undefined, 2)}\n`);
  console.log(`\n${table}`);
}
