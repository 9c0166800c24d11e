import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';

const LOOPBACK = '127.0.0.1';

/**
 * A server for this machine alone, which doesn't listen yet.
 * @param requestMs how long a request may take to arrive, in milliseconds: whoever dawdles is not who it is for
 */
export function createLoopbackServer(
  requestMs: number,
  onRequest: RequestListener,
  options: ServerOptions = {},
): Server {
  const server = createServer(
    { ...options, headersTimeout: requestMs, requestTimeout: requestMs },
    onRequest,
  );
  // Whoever could not be accepted, for want of a file handle perhaps, may come again.
  server.on('error', () => undefined);
  return server;
}

/** Listens on a free port. @throws what the system says when none is to be had */
export async function listenOnLoopback(server: Server): Promise<void> {
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
}

/** Where it listens, such as `http://127.0.0.1:49152`. */
export function loopbackOrigin(server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://${LOOPBACK}:${port}`;
}
