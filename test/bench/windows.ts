import { startIdentityCenter } from '../identity-center/server.ts';
import { Fleet } from '../processes/fleet.ts';
import { pairedRow } from './row.ts';
import type { Benchmark, Pair } from './row.ts';

const WINDOWS = 8;
const TOKEN_SECONDS = 3;
const RUN_SECONDS = 15;

/** How many requests it takes to refresh one sign-in that many windows share. */
export const windows: Benchmark = {
  name: 'windows',
  runs: 3,
  measure: async (runs) => {
    const pairs: Pair[] = [];
    for (let run = 0; run < runs; run += 1) pairs.push(await measureFleet());
    return [
      pairedRow(
        {
          name: `${WINDOWS} windows: requests to refresh a token`,
          unit: 'requests',
          peerName: 'ideal',
          goal: '1',
          note: `processes that share a folder; tokens valid for ${TOKEN_SECONDS} s, ${RUN_SECONDS} s a run`,
        },
        pairs,
      ),
    ];
  },
};

async function measureFleet(): Promise<Pair> {
  const center = await startIdentityCenter({ accessTokenTtlSeconds: TOKEN_SECONDS });
  const fleet = await Fleet.open(center, WINDOWS);
  try {
    const begun = center.requests.next(({ grantType }) => grantType === 'refresh_token');
    await fleet.signIn();
    await begun;
    const before = center.requests.records.length;
    await fleet.work(RUN_SECONDS, 0);
    const sent = center.requests.records.slice(before).filter((request) => request.path === '/token');
    // Each success gives one new token: what was sent beyond that was sent in vain.
    const renewed = sent.filter(({ status }) => status === 200);
    return { ours: sent.length / renewed.length, peer: 1 };
  } finally {
    await fleet.close();
    await center.close();
  }
}
