import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextMessage, report, start } from '../childProcess.ts';
import { pairedRow, plainRow } from '../row.ts';
import type { Benchmark, Row } from '../row.ts';
import type { Listed } from './listed.ts';
import type { Asked, Portal } from './portalProcess.ts';

const ACCOUNTS = 1000;
const ROLES_IN_EACH = 5;
const NAMED = 'workload-0700';
/** Accounts in pages of a hundred, and one request for the roles of each. */
const REQUESTS = ACCOUNTS / 100 + ACCOUNTS;
/** See `src/roles/list/fetch/requestRate.ts`. */
const CHOSEN_PER_SECOND = 10;

const PEERS = [
  ['@aws-sdk/client-sso, one account after the other', '1'],
  ['@aws-sdk/client-sso, five at a time', '5'],
] as const;

interface Run extends Listed, Asked {}

/** How long it takes to list many accounts and their roles, and until a role of one of them can be chosen. */
export const listing: Benchmark = {
  name: 'listing',
  runs: 1,
  measure: async (runs) => {
    const ours: Run[] = [];
    const peers = PEERS.map((): Run[] => []);
    for (let run = 0; run < runs; run += 1) {
      ours.push(await runOurs());
      for (const [index, [, atATime]] of PEERS.entries()) {
        peers[index]?.push(await runOn(({ url, accessToken }) => sdk([url, accessToken, atATime])));
      }
    }
    return [
      ...PEERS.flatMap(([peerName], index) => comparedRows(ours, peers[index] ?? [], peerName)),
      pairedRow(
        {
          name: `${listed}: complete`,
          unit: 's',
          peerName: `what ${CHOSEN_PER_SECOND} requests a second allow`,
          goal: '≤ 1.1 ×',
        },
        ours.map(({ completeMs }) => ({ ours: completeMs / 1000, peer: REQUESTS / CHOSEN_PER_SECOND })),
      ),
      plainRow(
        { name: `${listed}: requests answered 429`, unit: '%', goal: '≤ 1 %' },
        ours.map(({ requests, throttled }) => (100 * throttled) / requests),
      ),
      plainRow(
        { name: `${listed}: accounts missing`, unit: 'accounts', goal: '0' },
        ours.map(({ accounts }) => ACCOUNTS - accounts),
      ),
    ];
  },
};

const listed = `list ${ACCOUNTS.toLocaleString('en')} accounts × ${ROLES_IN_EACH} roles`;

function comparedRows(ours: readonly Run[], peer: readonly Run[], peerName: string): readonly Row[] {
  const pairs = (figure: 'completeMs' | 'namedMs') =>
    ours.map((run, index) => ({ ours: run[figure] / 1000, peer: (peer[index]?.[figure] ?? NaN) / 1000 }));
  const [{ requests, throttled, accounts, roles } = { requests: 0, throttled: 0, accounts: 0, roles: 0 }] =
    peer;
  const note =
    `the peer's list has ${accounts} accounts and ${roles} roles; ` +
    `${throttled} of its ${requests} requests were answered 429`;
  return [
    pairedRow({ name: `${listed}: complete`, unit: 's', peerName, goal: '–', note }, pairs('completeMs')),
    pairedRow(
      {
        name: `${listed}: a role of an account can be chosen by name`,
        unit: 's',
        peerName,
        goal: '≤ 0.02 ×',
      },
      pairs('namedMs'),
    ),
  ];
}

async function runOurs(): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-listing-'));
  const program = new URL('./listProcess.ts', import.meta.url);
  try {
    return await runOn(({ url, accessToken }) => report<Listed>(program, [url, accessToken, folder, NAMED]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sdk(args: readonly string[]): Promise<Listed> {
  return report<Listed>(new URL('./sdkListProcess.ts', import.meta.url), args);
}

/** Each lists from a portal of its own, whose rate nobody has used before. */
async function runOn(list: (portal: Portal) => Promise<Listed>): Promise<Run> {
  const program = new URL('./portalProcess.ts', import.meta.url);
  const child = start(program, [String(ACCOUNTS), String(ROLES_IN_EACH)]);
  try {
    const came = await list(await nextMessage<Portal>(child));
    const asked = nextMessage<Asked>(child);
    child.send('asked');
    return { ...came, ...(await asked) };
  } finally {
    child.disconnect();
  }
}
