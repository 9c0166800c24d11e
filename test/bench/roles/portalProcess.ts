/**
 * `portalProcess.ts <accounts> <roles in each>`: the embedded Identity Center's portal, 30 ms away and with AWS's
 * published rate, as a process of its own. Says where it is and what to ask with; for each message, what it was asked
 * since the last one.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { manyAssignments } from '../../identity-center/assignments.ts';
import { readRequest } from '../../identity-center/http.ts';
import { passOn } from '../../identity-center/recorder.ts';
import { SdkClient } from '../../identity-center/sdk.ts';
import { startIdentityCenter } from '../../identity-center/server.ts';
import { listen } from '../../support/listen.ts';

/** Where the portal is, and a token that it takes. */
export interface Portal {
  readonly url: string;
  readonly accessToken: string;
}

/** What it was asked since the last time, or since its start. */
export interface Asked {
  readonly requests: number;
  /** How many of them were answered 429. */
  readonly throttled: number;
}

const DISTANCE_MS = 30;
const TOO_MANY_REQUESTS = 429;

const [accounts = '', rolesInEach = ''] = process.argv.slice(2);
const center = await startIdentityCenter({ portalRate: { perSecond: 20, burst: 20 } });
center.assign(manyAssignments(Number(accounts), Number(rolesInEach)));
const client = await SdkClient.register(center);
const { accessToken } = await client.signIn(center);
client.dispose();

let asked = { requests: 0, throttled: 0 };
const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
  const request = await readRequest(message);
  const [{ status, headers, body }] = await Promise.all([
    passOn(new URL(message.url ?? '/', center.url), request),
    delay(DISTANCE_MS),
  ]);
  const { requests, throttled } = asked;
  asked = { requests: requests + 1, throttled: throttled + (status === TOO_MANY_REQUESTS ? 1 : 0) };
  response.writeHead(status, headers).end(body);
};
const server = createServer((message, response) => {
  answer(message, response).catch((error: unknown) => response.destroy(error as Error));
});
server.keepAliveTimeout = 60_000;
const { url } = await listen(server);
process.send?.({ url: url.origin, accessToken } satisfies Portal);
process.on('message', () => {
  process.send?.(asked satisfies Asked);
  asked = { requests: 0, throttled: 0 };
});
process.on('disconnect', () => process.exit());
