import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nextMessage, start } from '../childProcess.ts';
import { pairedRow, quantile } from '../row.ts';
import type { Benchmark, Row } from '../row.ts';
import { askForCredentials } from './askForCredentials.ts';
import type { Endpoints } from './endpointProcess.ts';

const CALLS = 2000;
const PROCESSES = 40;
const CLI_CALLS = 5;

/** Of one run, in milliseconds. */
interface Times {
  readonly ours: readonly number[];
  readonly bare: readonly number[];
}

/** What a tool waits for its credentials, and how often AWS is asked for them. */
export const credentials: Benchmark = {
  name: 'credentials',
  runs: 3,
  measure: async (runs) => {
    const times: Times[] = [];
    const requests: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const child = start(new URL('./endpointProcess.ts', import.meta.url));
      try {
        const endpoints = await nextMessage<Endpoints>(child);
        requests.push(await askFromMany(child, endpoints));
        times.push(await askOften(endpoints));
      } finally {
        child.disconnect();
      }
    }
    const cli = await exportCredentials();
    return [
      ...[0.5, 0.99].flatMap((q) => rows(times, cli, q)),
      pairedRow(
        {
          name: `${PROCESSES} processes at once: requests to AWS`,
          unit: 'requests',
          peerName: 'ideal',
          goal: '1',
        },
        requests.map((ours) => ({ ours, peer: 1 })),
      ),
    ];
  },
};

function rows(times: readonly Times[], cli: Cli | undefined, q: number): readonly Row[] {
  const caption = { name: `credentials for a tool, p${q * 100}`, unit: 'ms' };
  const at = (values: readonly number[]): number => quantile(values, q);
  const bare = pairedRow(
    {
      ...caption,
      peerName: 'a bare node:http server',
      goal: '≤ 1.3 ×',
      note: `${CALLS} calls a run to each, in turn`,
    },
    times.map(({ ours, bare }) => ({ ours: at(ours), peer: at(bare) })),
  );
  if (cli === undefined) return [bare];
  const process = pairedRow(
    {
      ...caption,
      peerName: `\`aws configure export-credentials\` of ${cli.version}`,
      goal: '≤ 0.01 ×',
      note: `the CLI ran ${CLI_CALLS} times, for keys that lie in a profile: the least that it can take`,
    },
    times.map(({ ours }) => ({ ours: at(ours), peer: at(cli.times) })),
  );
  return [bare, process];
}

async function askOften({ url, token, bareUrl }: Endpoints): Promise<Times> {
  const times = { ours: [] as number[], bare: [] as number[] };
  for (let call = 0; call < CALLS; call += 1) {
    times.ours.push(await askForCredentials(url, token));
    times.bare.push(await askForCredentials(bareUrl, token));
  }
  return times;
}

/** @returns how many requests AWS has had */
async function askFromMany(child: ChildProcess, { url, token }: Endpoints): Promise<number> {
  const program = new URL('./toolProcess.ts', import.meta.url);
  const tools = Array.from({ length: PROCESSES }, () => start(program, [url, token]));
  const codes = await Promise.all(tools.map((tool) => once(tool, 'exit')));
  assert.ok(
    codes.every(([code]) => code === 0),
    'each should have its credentials',
  );
  const requests = nextMessage<number>(child);
  child.send('requests');
  return await requests;
}

interface Cli {
  readonly version: string;
  readonly times: readonly number[];
}

/** @returns `undefined` where there is no AWS CLI */
async function exportCredentials(): Promise<Cli | undefined> {
  const run = promisify(execFile);
  const home = await mkdtemp(join(tmpdir(), 'bench-cli-'));
  try {
    const { stdout } = await run('aws', ['--version']);
    const [version = 'an AWS CLI'] = /aws-cli\/[\d.]+/.exec(stdout) ?? [];
    await mkdir(join(home, '.aws'));
    const keys = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = a/secret\n';
    await writeFile(join(home, '.aws', 'credentials'), `[bench]\n${keys}`);
    const args = ['configure', 'export-credentials', '--profile', 'bench', '--format', 'process'];
    const times: number[] = [];
    for (let call = 0; call < CLI_CALLS; call += 1) {
      const started = performance.now();
      await run('aws', args, { env: { PATH: process.env['PATH'], HOME: home } });
      times.push(performance.now() - started);
    }
    return { version, times };
  } catch (error) {
    console.log(`The AWS CLI is not measured: ${String(error)}`);
    return undefined;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
