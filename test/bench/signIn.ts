import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/common/clock.ts';
import { deviceCodeFlow } from '../../src/flows/deviceCode/deviceCode.ts';
import { startIdentityCenter } from '../identity-center/server.ts';
import type { IdentityCenter } from '../identity-center/server.ts';
import { flowContext, MemoryRegistrations, scriptedUser, SCOPES } from '../unit/flows/support.ts';
import { MemorySecrets } from '../unit/support/sessions.ts';
import { findAwsCli } from './awsCli.ts';
import { pairedRow, plainRow } from './row.ts';
import type { Benchmark, Caption, Row } from './row.ts';
import { openSessions } from './sessions.ts';

const INTERVAL_MS = 1000;

const CLI_NOTE =
  'the AWS CLI polls twice at once; the embedded IAM Identity Center responds with slow_down, as RFC 8628 ' +
  'specifies, and from then on the AWS CLI waits 6 s';

/** Starts a sign-in; `onCode` hears of its code, and is done when that is approved. */
export type Program = (center: IdentityCenter, onCode: (userCode: string) => Promise<void>) => Promise<void>;

/** A program that signs in; each `newUser` has nothing in any cache. */
export interface SignInProgram {
  newUser(): Promise<Program>;
}

interface SignIn {
  /** Milliseconds from the approval to the end of the sign-in. */
  readonly waitedMs: number;
  /** Requests to the service that are not polls. */
  readonly requests: number;
}

/** How long a sign-in takes from the approval on, and what it asks of the service. */
export const signIn: Benchmark = {
  name: 'sign-in',
  runs: 30,
  measure: async (runs) => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-sign-in-'));
    const center = await startIdentityCenter({ intervalSeconds: INTERVAL_MS / 1000 });
    try {
      const ours = await signInOften(center, runs, extension(folder));
      const cli = await findAwsCli(folder);
      return rows(ours, cli && { ...cli, signIns: await signInOften(center, runs, cli) });
    } finally {
      await center.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function rows(
  ours: readonly SignIn[],
  cli: { readonly version: string; readonly signIns: readonly SignIn[] } | undefined,
): readonly Row[] {
  const compared = (caption: Caption, figure: (signIns: readonly SignIn[]) => readonly number[]): Row => {
    const values = figure(ours);
    if (cli === undefined) return { ...plainRow(caption, values), note: 'there is no AWS CLI 2 here' };
    const peers = figure(cli.signIns);
    const pairs = values.map((value, run) => ({ ours: value, peer: peers[run] ?? NaN }));
    return pairedRow({ ...caption, peerName: cli.version }, pairs);
  };
  const waited = (signIns: readonly SignIn[]): readonly number[] => signIns.map(({ waitedMs }) => waitedMs);
  const name = 'approval → session, interval 1 s';
  return [
    pairedRow(
      { name, unit: 'ms', peerName: 'interval / 2', goal: '≤ 550 ms' },
      waited(ours).map((waitedMs) => ({ ours: waitedMs, peer: INTERVAL_MS / 2 })),
    ),
    compared({ name, unit: 'ms', goal: 'better than the AWS CLI', note: CLI_NOTE }, waited),
    compared(
      { name: 'sign-in: requests other than polls, nothing cached', unit: 'requests', goal: '2' },
      (all) => all.slice(0, 1).map(({ requests }) => requests),
    ),
    compared({ name: 'sign-in: requests other than polls, later', unit: 'requests', goal: '1' }, (all) =>
      all.slice(1).map(({ requests }) => requests),
    ),
  ];
}

/** Signs in again and again, approving at moments that are spread evenly over the polling interval. */
async function signInOften(center: IdentityCenter, runs: number, program: SignInProgram): Promise<SignIn[]> {
  const signInOnce = await program.newUser();
  const signIns: SignIn[] = [];
  for (let run = 0; run < runs; run += 1) {
    const before = center.requests.records.length;
    let approvedAt = NaN;
    await signInOnce(center, async (userCode) => {
      await delay(INTERVAL_MS * (1 + (run + 0.5) / runs));
      await center.approve(userCode);
      approvedAt = performance.now();
    });
    const waitedMs = performance.now() - approvedAt;
    const sent = center.requests.records.slice(before);
    signIns.push({ waitedMs, requests: sent.filter(({ path }) => path !== '/token').length });
  }
  return signIns;
}

/** What the extension does at a sign-in, up to the stored session; without the editor around it. */
function extension(folder: string): SignInProgram {
  return {
    newUser: async () => {
      const sessions = await openSessions(join(folder, 'ours'), new MemorySecrets(), systemClock);
      const flow = deviceCodeFlow(flowContext(new MemoryRegistrations()));
      return async ({ connection }, onCode) => {
        let approved: Promise<void> | undefined;
        const interaction = scriptedUser({
          showUserCode: ({ userCode }) => {
            approved = onCode(userCode);
          },
        });
        const issued = await flow(connection, SCOPES, interaction, new AbortController().signal);
        await sessions.add({ connection, scopes: SCOPES, issued });
        await approved;
      };
    },
  };
}
