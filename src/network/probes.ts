import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

import { trusted } from './authorities.ts';
import type { Authorities } from './authorities.ts';
import { connectTo, openConnection, ProxyRefusal } from './connection.ts';
import { probe, ProbeError } from './probe.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { hostAndPort, withoutCredentials } from './route.ts';
import type { ProxyRoute, Route } from './route.ts';

/** Who is asked first on the way to `target`: the proxy, or `target` itself. A proxy resolves names itself. */
export function firstHop(target: URL, route: Route): URL {
  return route.kind === 'proxy' ? route.proxy : target;
}

/** Resolves the name of `hop`. */
export async function probeName(
  hop: URL,
  context: ProbeContext,
): Promise<Probe<{ readonly addresses: readonly string[] }>> {
  const { host } = hostAndPort(hop);
  if (isIP(host) !== 0) {
    return { outcome: 'skipped', summary: `${host} is an address, not a name.` };
  }
  const advice =
    'Check the spelling of the host or region, the network connection, the VPN and the DNS server.';
  return probe(context, `${host} cannot be resolved`, advice, async () => {
    const addresses = (await lookup(host, { all: true })).map(({ address }) => address);
    return { addresses, summary: `${host} is ${addresses.join(', ')}.` };
  });
}

/** Connects to `hop`, and tells the address that answered. */
export async function probeTcp(
  hop: URL,
  context: ProbeContext,
): Promise<Probe<{ readonly address: string }>> {
  const { host, port } = hostAndPort(hop);
  const advice = 'Check the network connection, the VPN, the firewall and the proxy settings.';
  return probe(context, `No connection to ${host}, port ${port}`, advice, async (signal) => {
    const socket = await connectTo(hop, signal);
    const { remoteAddress: address = host } = socket;
    socket.destroy();
    return { address, summary: `${address} accepts connections on port ${port}.` };
  });
}

/** Tells which proxy stands on the way and who says so, and has it connect to `target`. */
export async function probeProxy(
  target: URL,
  route: Route,
  authorities: Authorities,
  context: ProbeContext,
): Promise<Probe<object>> {
  if (route.kind === 'direct') {
    return { outcome: 'skipped', summary: whyDirect(route) };
  }
  const name = route.kind === 'proxy' ? nameOf(route) : `The value of ${route.source}`;
  const advice = `Check the proxy's address in ${route.source}, the VPN, and whether the proxy runs.`;
  return probe(context, `${name} cannot be used`, advice, async (signal) => {
    if (route.kind === 'invalid') {
      throw new ProbeError('InvalidProxy', 'it is not the URL of a proxy, such as http://proxy.example:3128');
    }
    if (route.proxy.protocol.startsWith('socks')) {
      return { summary: `${name} is in use. How it connects is not looked at.` };
    }
    const socket = await openConnection(target, route, trusted(authorities), signal).catch(
      (error: unknown) => {
        throw error instanceof ProxyRefusal ? refusal(error, route) : error;
      },
    );
    socket.destroy();
    return { summary: `${name} connects to ${target.host}.` };
  });
}

function nameOf({ proxy, source }: ProxyRoute): string {
  const credentials = proxy.username === '' ? 'without' : 'with';
  return `The proxy ${withoutCredentials(proxy)}, from ${source} ${credentials} credentials,`;
}

function whyDirect(route: Route & { readonly kind: 'direct' }): string {
  switch (route.because) {
    case 'loopback':
      return 'No proxy is used for this machine itself.';
    case 'excepted':
      return `${route.source} exempts the host from the proxy.`;
    case 'noProxy':
      return 'Neither http.proxy nor the environment names a proxy. One from the system or a PAC file is not looked at.';
  }
}

function refusal(error: ProxyRefusal, { source }: ProxyRoute): ProbeError {
  const advice =
    error.status === 407
      ? `Correct the user name and password in ${source}.`
      : 'Ask the administrator of the proxy to allow this host.';
  return new ProbeError(error.code, error.message, advice);
}
