/**
 * `coldProcess.ts <bundle> <endpoint> <host>`: loads a client and makes its first call, in milliseconds. In a `used`
 * host, as an editor's is, others have made requests before, with `fetch` and without.
 */
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Connect } from './connect.ts';

const [bundle = '', endpoint = '', host = ''] = process.argv.slice(2);
const require = createRequire(import.meta.url);

if (host === 'used') {
  await (await fetch(endpoint)).text();
  const { get } = await import('node:http');
  const [response] = (await once(get(endpoint), 'response')) as [NodeJS.ReadableStream];
  await once(response.resume(), 'end');
}
const started = performance.now();
const { connect } = require(bundle) as { readonly connect: Connect };
const loaded = performance.now();
await connect(endpoint).registerClient();
const called = performance.now();
process.send?.({ loadMs: loaded - started, totalMs: called - started });
process.exit();
