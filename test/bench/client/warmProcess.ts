/** `warmProcess.ts <bundle> <endpoint> <calls>`: what a call costs once everything is warm, in milliseconds. */
import { createRequire } from 'node:module';
import type { Connect } from './connect.ts';

const WARM_UP_CALLS = 500;

const [bundle = '', endpoint = '', calls = ''] = process.argv.slice(2);
const { connect } = createRequire(import.meta.url)(bundle) as { readonly connect: Connect };
const client = connect(endpoint);
const count = Number(calls);

for (let call = 0; call < WARM_UP_CALLS; call += 1) await client.createToken();
const cpuBefore = process.cpuUsage();
const started = performance.now();
for (let call = 0; call < count; call += 1) await client.createToken();
const wallMs = (performance.now() - started) / count;
const { user, system } = process.cpuUsage(cpuBefore);
process.send?.({ wallMs, cpuMs: (user + system) / 1000 / count });
process.exit();
