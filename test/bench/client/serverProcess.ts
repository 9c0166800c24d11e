/** A service that answers at once, as a process of its own: what it costs is not the client's. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const now = Math.floor(Date.now() / 1000);
const ANSWERS: Readonly<Record<string, string>> = {
  '/client/register': JSON.stringify({
    clientId: 'client-0123456789abcdef',
    clientSecret: 'secret-'.padEnd(512, '0'),
    clientIdIssuedAt: now,
    clientSecretExpiresAt: now + 90 * 86_400,
  }),
  '/token': JSON.stringify({
    accessToken: 'access-'.padEnd(512, '0'),
    tokenType: 'Bearer',
    expiresIn: 3600,
    refreshToken: 'refresh-'.padEnd(512, '0'),
  }),
};

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const answer = ANSWERS[request.url ?? ''] ?? '{}';
    const headers = { 'content-type': 'application/json', 'x-amzn-requestid': 'bench' };
    response.writeHead(200, { ...headers, 'content-length': answer.length }).end(answer);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit());
