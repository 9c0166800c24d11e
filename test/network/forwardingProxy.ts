import type { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Server } from 'proxy-chain';

/** A proxy on 127.0.0.1. */
export interface Proxy extends AsyncDisposable {
  /** With credentials when it asks for some. */
  readonly url: URL;
  /** How many requests it got: CONNECT for a tunnel, and others to pass on. */
  readonly requests: number;
  /** Breaks all its connections. */
  breakConnections(): void;
}

const onThisMachine: LookupFunction = (_, { all }, found) =>
  all === true ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4);

/**
 * A forwarding proxy, which finds every host on 127.0.0.1.
 * @param password what it asks for, with the user name `proxy-user`
 * @param port where to listen: any free port when absent, on 127.0.0.1 when `host` is
 */
export async function startProxy({
  password,
  port = 0,
  host = '127.0.0.1',
}: { password?: string; port?: number; host?: string } = {}): Promise<Proxy> {
  const server = new Server({
    port,
    host,
    prepareRequestFunction: (request) => ({
      requestAuthentication:
        password !== undefined && (request.username !== 'proxy-user' || request.password !== password),
      dnsLookup: onThisMachine as typeof lookup,
    }),
  });
  await server.listen();
  const url = new URL(`http://${host.includes(':') ? `[${host}]` : host}:${server.port}`);
  if (password !== undefined) {
    url.username = 'proxy-user';
    url.password = encodeURIComponent(password);
  }
  return {
    url,
    get requests() {
      return server.stats.connectRequestCount + server.stats.httpRequestCount;
    },
    breakConnections: () => server.closeConnections(),
    [Symbol.asyncDispose]: () => server.close(true),
  };
}
