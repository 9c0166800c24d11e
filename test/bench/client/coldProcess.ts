/** `coldProcess.ts <bundle> <endpoint>`: loads a client and makes its first call, in milliseconds. */
import { createRequire } from 'node:module';
import type { Connect } from './connect.ts';

const [bundle = '', endpoint = ''] = process.argv.slice(2);
const require = createRequire(import.meta.url);

const started = performance.now();
const { connect } = require(bundle) as { readonly connect: Connect };
const loaded = performance.now();
await connect(endpoint).registerClient();
const called = performance.now();
process.send?.({ loadMs: loaded - started, totalMs: called - started });
process.exit();
