import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';

/** Asks as a tool does that has just been started: over a connection of its own. @returns how long it took, in ms */
export async function askForCredentials(url: string, token: string): Promise<number> {
  const started = performance.now();
  const sent = request(url, { agent: false, headers: { authorization: token } }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const document = (await json(response)) as { readonly AccessKeyId?: unknown };
  const took = performance.now() - started;
  assert.equal(typeof document.AccessKeyId, 'string');
  return took;
}
