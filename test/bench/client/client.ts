import { stat } from 'node:fs/promises';
import { nextMessage, report, start } from '../childProcess.ts';
import { pairedRow } from '../row.ts';
import type { Benchmark, Caption, Pair, Row } from '../row.ts';
import { bundleClients } from './bundles.ts';
import type { ClientBundles } from './bundles.ts';

const PEERS = { peer: '@aws-sdk/client-sso-oidc', bare: 'bare `fetch`' } as const;
type Peer = keyof typeof PEERS;
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
    const endpoint = await nextMessage<string>(server);
    return await use(await bundleClients(), endpoint);
  } finally {
    server.disconnect();
  }
}

interface Cold {
  readonly loadMs: number;
  readonly totalMs: number;
}

/** All clients in turn, and what no client on top of `fetch` can do without. */
interface Sample<T> {
  readonly ours: T;
  readonly peer: T;
  readonly bare: T;
}

function pairs<T extends Record<K, number>, K extends string>(
  samples: readonly Sample<T>[],
  figure: K,
  peer: Peer,
): readonly Pair[] {
  return samples.map((sample) => ({ ours: sample.ours[figure], peer: sample[peer][figure] }));
}

function caption(name: string, goal: string, peer: Peer = 'peer'): Caption & { readonly peerName: string } {
  return { name, unit: 'ms', peerName: PEERS[peer], goal };
}

/** A process that has made no request yet, or one that has: VS Code's extension host. */
type Host = 'fresh' | 'used';

async function measureCold(runs: number, bundles: ClientBundles, endpoint: string): Promise<readonly Row[]> {
  const cold = (bundle: string, host: Host): Promise<Cold> =>
    report(new URL('./coldProcess.ts', import.meta.url), [bundle, endpoint, host]);
  const samples: Record<Host, Sample<Cold>[]> = { fresh: [], used: [] };
  for (let run = 0; run < runs; run += 1) {
    for (const host of ['fresh', 'used'] as const) {
      samples[host].push({
        ours: await cold(bundles.ours, host),
        peer: await cold(bundles.peer, host),
        bare: await cold(bundles.bareFetch, host),
      });
    }
  }
  const row = (name: string, host: Host, figure: keyof Cold, goal: string, peer: Peer = 'peer'): Row =>
    pairedRow(caption(name, goal, peer), pairs(samples[host], figure, peer));
  const used = 'client, cold, after other code made requests, as in VS Code';
  const [ours, peer] = await Promise.all([stat(bundles.ours), stat(bundles.peer)]);
  return [
    row('client, cold: load + first registerClient', 'fresh', 'totalMs', '≤ 0.2 ×'),
    row('client, cold: load + first registerClient', 'fresh', 'totalMs', '–', 'bare'),
    row('client, cold: load alone', 'fresh', 'loadMs', '≤ 0.2 ×'),
    row(used, 'used', 'totalMs', '≤ 0.15 ×'),
    row(used, 'used', 'totalMs', '≤ 1.2 ×', 'bare'),
    pairedRow({ ...caption('client, bundled', '–'), unit: 'bytes' }, [{ ours: ours.size, peer: peer.size }]),
  ];
}

interface Warm {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** How much of the CPU time is the client's own code, from 0 to 1. */
  readonly ownShare: number;
}

async function measureWarm(runs: number, bundles: ClientBundles, endpoint: string): Promise<readonly Row[]> {
  const warm = (bundle: string): Promise<Warm> =>
    report(new URL('./warmProcess.ts', import.meta.url), [bundle, endpoint, String(CALLS)]);
  const samples: Sample<Warm>[] = [];
  for (let run = 0; run < runs; run += 1) {
    samples.push({
      ours: await warm(bundles.ours),
      peer: await warm(bundles.peer),
      bare: await warm(bundles.bareFetch),
    });
  }
  const row = (name: string, figure: 'wallMs' | 'cpuMs', goal: string, peer: Peer): Row =>
    pairedRow(
      { ...caption(`client, warm: ${name} per createToken`, goal, peer), note: `${CALLS} calls a run` },
      pairs(samples, figure, peer),
    );
  const percent = samples.map(({ ours, peer }) => ({ ours: 100 * ours.ownShare, peer: 100 * peer.ownShare }));
  const share = {
    ...caption('client, warm: its own code, of the CPU time', '–'),
    unit: '%',
    note: 'from a CPU profile of the same number of calls; the rest is Node and, for ours, the `fetch` that VS Code uses for all requests',
  };
  return [
    row('wall time', 'wallMs', '≤ 0.5 ×', 'peer'),
    row('wall time', 'wallMs', '–', 'bare'),
    row('CPU time', 'cpuMs', '≤ 0.5 ×', 'peer'),
    row('CPU time', 'cpuMs', '≤ 1.08 ×', 'bare'),
    pairedRow(share, percent),
  ];
}
