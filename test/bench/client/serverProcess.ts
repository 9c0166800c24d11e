/** A service that answers at once, as a process of its own: what it costs is not the client's. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { secret } from './connect.ts';

const now = Math.floor(Date.now() / 1000);
const ANSWERS: Readonly<Record<string, string>> = {
  '/client/register': JSON.stringify({
    clientId: 'client-0123456789abcdef',
    clientSecret: secret('secret-'),
    clientIdIssuedAt: now,
    clientSecretExpiresAt: now + 90 * 86_400,
  }),
  '/token': JSON.stringify({
    accessToken: secret('access-'),
    tokenType: 'Bearer',
    expiresIn: 3600,
    refreshToken: secret('refresh-'),
  }),
};

const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const answer = ANSWERS[request.url ?? ''] ?? '{}';
    const headers = { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID() };
    response.writeHead(200, { ...headers, 'content-length': answer.length }).end(answer);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit());
