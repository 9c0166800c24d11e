import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import { l10n, WordedError } from '../common/words.ts';
import { hostAndPort } from './route.ts';
import type { ProxyRoute, Route } from './route.ts';
import { loadUndici } from './undici.ts';

/** A proxy answered CONNECT with a status that is no success. */
export class ProxyRefusal extends WordedError {
  override readonly name = 'ProxyRefusal';
  readonly code: string;
  readonly status: number;

  constructor(status: number) {
    super(l10n.t('The proxy responded with HTTP status {0}.', status));
    this.code = `HTTP ${status}`;
    this.status = status;
  }
}

/** A TCP connection to the host and port of `hop`, an IPv6 or IPv4 address of it, whichever answers first. */
export async function connectTo(hop: URL, signal: AbortSignal): Promise<Socket> {
  const socket = connect(hostAndPort(hop));
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/**
 * A connection to `target`, before any TLS with it: straight, or through the route's proxy.
 * @param ca whom to trust when the proxy itself speaks TLS, in PEM
 * @throws ProxyRefusal, or the system's error
 */
export async function openConnection(
  target: URL,
  route: Route,
  ca: readonly string[],
  signal: AbortSignal,
): Promise<Duplex> {
  return route.kind === 'proxy' ? openTunnel(target, route, ca, signal) : connectTo(target, signal);
}

/** CONNECT (RFC 9110, section 9.3.6). Not with Node's `http`, which the editor makes go through proxies by itself. */
async function openTunnel(
  target: URL,
  { proxy }: ProxyRoute,
  ca: readonly string[],
  signal: AbortSignal,
): Promise<Duplex> {
  const { host, port } = hostAndPort(target);
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const { Client } = await loadUndici();
  const client = new Client(proxy.origin, { allowH2: false, connect: { ca: [...ca] } });
  try {
    const { socket, statusCode } = await client.connect({
      path: authority,
      headers: { host: authority, ...proxyAuthorization(proxy) },
      signal,
    });
    if (statusCode !== 200) {
      socket.destroy();
      throw new ProxyRefusal(statusCode);
    }
    return socket;
  } finally {
    client.close().catch(() => undefined);
  }
}

/** Basic (RFC 7617). */
function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '') {
    return {};
  }
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { 'proxy-authorization': `Basic ${credentials.toString('base64')}` };
}
