/**
 * The credentials endpoint, and beside it a bare `node:http` server that answers the same bytes, in one process. Says what
 * to ask, and for each message how many requests AWS has had; the first one takes a while.
 */
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../src/common/clock.ts';
import { systemRandom } from '../../../src/common/random.ts';
import { inEnglish } from '../../../src/common/words.ts';
import { CredentialsSource } from '../../../src/roles/credentials/credentialsSource.ts';
import type { RoleCredentials } from '../../../src/roles/credentials/roleCredentials.ts';
import { credentialsDocument } from '../../../src/roles/endpoint/credentialsDocument.ts';
import { CredentialsEndpoint } from '../../../src/roles/endpoint/credentialsEndpoint.ts';
import { listen } from '../../support/listen.ts';

/** What a tool is told, and the bare server. */
export interface Endpoints {
  readonly url: string;
  readonly token: string;
  readonly bareUrl: string;
}

const HOUR_MS = 3_600_000;
const AWS_MS = 300;

const role = { sessionId: 'bench', accountId: '111122223333', roleName: 'ReadOnlyAccess' };
const credentials: RoleCredentials = {
  accessKeyId: 'ASIA'.padEnd(20, 'X'),
  secretAccessKey: 'secret-'.padEnd(40, '0'),
  sessionToken: 'token-'.padEnd(900, '0'),
  expiration: systemClock.now() + HOUR_MS,
};

let requests = 0;
const getCredentials = async (): Promise<RoleCredentials> => {
  requests += 1;
  await delay(AWS_MS);
  return credentials;
};
const source = new CredentialsSource({
  sessions: {
    ask: async () => ({ kind: 'signedIn', getCredentials }),
    onDidChange: () => ({ dispose: () => undefined }),
  },
  isForbidden: () => false,
  clock: systemClock,
  random: systemRandom,
  log: { info: () => undefined, warn: () => undefined },
});
source.use(role);
const endpoint = await CredentialsEndpoint.listen({
  read: (asked) => source.read(asked),
  localize: inEnglish,
  random: systemRandom,
});
const document = credentialsDocument(credentials, role);
const bare = await listen(
  createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(document);
  }),
);
const { url, token } = endpoint.grant(role);
process.send?.({ url, token, bareUrl: bare.url.href } satisfies Endpoints);
process.on('message', () => process.send?.(requests));
process.on('disconnect', () => process.exit());
