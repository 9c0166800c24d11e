/** `warmProcess.ts <bundle> <endpoint> <calls>`: what a call costs once everything is warm. */
import { Session } from 'node:inspector/promises';
import type { Profiler } from 'node:inspector/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { Connect } from './connect.ts';

const WARM_UP_CALLS = 500;
const SAMPLING_MICROSECONDS = 200;

const [bundle = '', endpoint = '', calls = ''] = process.argv.slice(2);
const { connect } = createRequire(import.meta.url)(bundle) as { readonly connect: Connect };
const client = connect(endpoint);
const count = Number(calls);

async function callOften(times: number): Promise<void> {
  for (let call = 0; call < times; call += 1) await client.createToken();
}

/** The share of the CPU time that is spent in the bundle's own code, rather than in Node and what comes with it. */
async function ownShare(work: () => Promise<void>): Promise<number> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_MICROSECONDS });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const inBundle = timeIn(profile, ({ callFrame }) => callFrame.url.endsWith(basename(bundle)));
  return inBundle / timeIn(profile, ({ callFrame }) => callFrame.functionName !== '(idle)');
}

/** In microseconds. */
function timeIn(
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  counts: (node: Profiler.ProfileNode) => boolean,
): number {
  const ids = new Set(nodes.filter(counts).map(({ id }) => id));
  return samples.reduce((sum, id, index) => sum + (ids.has(id) ? (timeDeltas[index] ?? 0) : 0), 0);
}

await callOften(WARM_UP_CALLS);
const cpuBefore = process.cpuUsage();
const started = performance.now();
await callOften(count);
const wallMs = (performance.now() - started) / count;
const { user, system } = process.cpuUsage(cpuBefore);
const cpuMs = (user + system) / 1000 / count;
process.send?.({ wallMs, cpuMs, ownShare: await ownShare(() => callOften(count)) });
process.exit();
