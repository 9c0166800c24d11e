import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server that listens, on this machine only. */
export interface Listening extends AsyncDisposable {
  readonly port: number;
  readonly url: URL;
  /** Breaks every connection and frees the port. */
  readonly close: () => Promise<void>;
}

/** Port 0 is any free one. */
interface Address {
  readonly scheme?: 'http' | 'https';
  readonly host?: '127.0.0.1' | '::1';
  readonly port?: number;
}

/** @throws what the system says, such as EADDRINUSE */
export async function listen(server: Server, address: Address = {}): Promise<Listening> {
  const { scheme = 'http', host = '127.0.0.1' } = address;
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(address.port ?? 0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.close((error) => (error === undefined ? resolve() : reject(error)));
      sockets.forEach((socket) => socket.destroy());
    });
  const url = new URL(`${scheme}://${host === '::1' ? '[::1]' : host}:${port}`);
  return { port, url, close, [Symbol.asyncDispose]: close };
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const { port, close } = await listen(createServer());
  await close();
  return port;
}
