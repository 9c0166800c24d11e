import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatListing } from '../../../src/roles/list/cache/listingFormat.ts';
import type { Listing } from '../../../src/roles/list/listing.ts';
import { manyAssignments } from '../../identity-center/assignments.ts';
import { report } from '../childProcess.ts';
import { pairedRow } from '../row.ts';
import type { Benchmark } from '../row.ts';
import type { ListSize } from './sizesProcess.ts';

const ASSIGNMENTS = manyAssignments(1000, 5);
const CAPTION = { peerName: "JSON of the portal's own answers", goal: '≤ 0.5 ×' };

/** What 5,000 roles take in memory and on disk. */
export const listSizes: Benchmark = {
  name: 'list-sizes',
  runs: 5,
  measure: async (runs) => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-list-sizes-'));
    try {
      const texts = { ours: formatListing(listing(Date.now()), 'bench'), answers: JSON.stringify(answers()) };
      const measure = async (kind: keyof typeof texts): Promise<number> => {
        const file = join(folder, kind);
        await writeFile(file, texts[kind]);
        const program = new URL('./sizesProcess.ts', import.meta.url);
        return (await report<ListSize>(program, [kind, file], ['--expose-gc'])).heapBytes;
      };
      const memory = [];
      for (let run = 0; run < runs; run += 1) {
        memory.push({ ours: await measure('ours'), peer: await measure('answers') });
      }
      return [
        pairedRow({ ...CAPTION, name: '5,000 roles: memory', unit: 'bytes' }, memory),
        pairedRow({ ...CAPTION, name: '5,000 roles: the cache on disk', unit: 'bytes' }, [
          { ours: Buffer.byteLength(texts.ours), peer: Buffer.byteLength(texts.answers) },
        ]),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** As it is after it was listed to the end. @param now milliseconds since the epoch */
function listing(now: number): Listing {
  return {
    accounts: ASSIGNMENTS.map(({ roleNames, ...account }, index) => ({
      ...account,
      roleNames,
      rolesAt: now + index * 100,
    })),
    accountsAt: now,
    run: { since: now, endedAt: now + ASSIGNMENTS.length * 100 },
  };
}

/** ListAccounts, and ListAccountRoles of each account. */
function answers(): object {
  return {
    accountList: ASSIGNMENTS.map(({ accountId, accountName, emailAddress }) => ({
      accountId,
      accountName,
      emailAddress,
    })),
    roleLists: ASSIGNMENTS.map(({ accountId, roleNames }) => ({
      roleList: roleNames.map((roleName) => ({ accountId, roleName })),
    })),
  };
}
