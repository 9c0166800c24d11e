import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { report, start } from '../childProcess.ts';
import { median, pairedRow } from '../row.ts';
import type { Benchmark, Caption, Pair, Row } from '../row.ts';
import { bundleClients } from './bundles.ts';
import type { ClientBundles } from './bundles.ts';

const SDK = '@aws-sdk/client-sso-oidc';
const CALLS = 5000;

/** A client and its first call, in a fresh process. */
export const coldClient: Benchmark = {
  name: 'client-cold',
  runs: 30,
  measure: (runs) => withService((bundles, endpoint) => measureCold(runs, bundles, endpoint)),
};

/** One call of many on a connection that stays. */
export const warmClient: Benchmark = {
  name: 'client-warm',
  runs: 8,
  measure: (runs) => withService((bundles, endpoint) => measureWarm(runs, bundles, endpoint)),
};

async function withService<T>(use: (bundles: ClientBundles, endpoint: string) => Promise<T>): Promise<T> {
  const server = start(new URL('./serverProcess.ts', import.meta.url));
  try {
    const [endpoint] = (await once(server, 'message')) as [string];
    return await use(await bundleClients(), endpoint);
  } finally {
    server.disconnect();
  }
}

interface Cold {
  readonly loadMs: number;
  readonly totalMs: number;
}

function caption(name: string, goal: string): Caption & { readonly peerName: string } {
  return { name, unit: 'ms', peerName: SDK, goal };
}

async function measureCold(runs: number, bundles: ClientBundles, endpoint: string): Promise<readonly Row[]> {
  const cold = (bundle: string): Promise<Cold> =>
    report(new URL('./coldProcess.ts', import.meta.url), [bundle, endpoint]);
  const total: Pair[] = [];
  const load: Pair[] = [];
  const floor: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const [ours, peer, bare] = [
      await cold(bundles.ours),
      await cold(bundles.peer),
      await cold(bundles.bareFetch),
    ];
    total.push({ ours: ours.totalMs, peer: peer.totalMs });
    load.push({ ours: ours.loadMs, peer: peer.loadMs });
    floor.push(bare.totalMs);
  }
  const [oursSize, peerSize] = await Promise.all(
    [bundles.ours, bundles.peer].map(async (file) => (await stat(file)).size),
  );
  const note = `a first bare \`fetch\` without any client takes ${median(floor).toFixed(1)} ms in the same run`;
  return [
    pairedRow({ ...caption('client, cold: load + first registerClient', '≤ 0.2 ×'), note }, total),
    pairedRow(caption('client, cold: load alone', '≤ 0.2 ×'), load),
    pairedRow({ ...caption('client, bundled', '–'), unit: 'bytes' }, [
      { ours: oursSize ?? NaN, peer: peerSize ?? NaN },
    ]),
  ];
}

interface Warm {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function measureWarm(runs: number, bundles: ClientBundles, endpoint: string): Promise<readonly Row[]> {
  const warm = (bundle: string): Promise<Warm> =>
    report(new URL('./warmProcess.ts', import.meta.url), [bundle, endpoint, String(CALLS)]);
  const samples: { readonly ours: Warm; readonly peer: Warm; readonly bare: Warm }[] = [];
  for (let run = 0; run < runs; run += 1) {
    samples.push({
      ours: await warm(bundles.ours),
      peer: await warm(bundles.peer),
      bare: await warm(bundles.bareFetch),
    });
  }
  const row = (name: string, figure: keyof Warm): Row => {
    const bare = median(samples.map((sample) => sample.bare[figure]));
    return pairedRow(
      {
        ...caption(`client, warm: ${name} per createToken`, '≤ 0.5 ×'),
        note: `bare \`fetch\` alone takes ${bare.toFixed(3)} ms in the same run; ${CALLS} calls a run`,
      },
      samples.map(({ ours, peer }) => ({ ours: ours[figure], peer: peer[figure] })),
    );
  };
  return [row('wall time', 'wallMs'), row('CPU time', 'cpuMs')];
}
