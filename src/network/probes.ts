import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

import { l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
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
    return { outcome: 'skipped', summary: l10n.t('{0} is an address, not a name.', host) };
  }
  const advice = l10n.t(
    'Check the spelling of the host or region, the network connection, the VPN and the DNS server.',
  );
  return probe(context, l10n.t('{0} cannot be resolved', host), advice, async () => {
    const addresses = (await lookup(host, { all: true })).map(({ address }) => address);
    return { addresses, summary: l10n.t('{0} is {1}.', host, addresses.join(', ')) };
  });
}

/** Connects to `hop`, and tells the address that answered. */
export async function probeTcp(
  hop: URL,
  context: ProbeContext,
): Promise<Probe<{ readonly address: string }>> {
  const { host, port } = hostAndPort(hop);
  const advice = l10n.t('Check the network connection, the VPN, the firewall and the proxy settings.');
  return probe(context, l10n.t('No connection to {0}, port {1}', host, port), advice, async (signal) => {
    const socket = await connectTo(hop, signal);
    const { remoteAddress: address = host } = socket;
    socket.destroy();
    return { address, summary: l10n.t('{0} accepts connections on port {1}.', address, port) };
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
  const name = route.kind === 'proxy' ? nameOf(route) : l10n.t('The value of {0}', route.source);
  const advice = l10n.t(
    "Check the proxy's address in {0}, the VPN, and whether the proxy runs.",
    route.source,
  );
  return probe(context, l10n.t('{0} cannot be used', name), advice, async (signal) => {
    if (route.kind === 'invalid') {
      throw new ProbeError(
        'InvalidProxy',
        l10n.t('it is not the URL of a proxy, such as {0}', 'http://proxy.example:3128'),
      );
    }
    if (route.proxy.protocol.startsWith('socks')) {
      return { summary: l10n.t('{0} is in use. How it connects is not looked at.', name) };
    }
    const socket = await openConnection(target, route, trusted(authorities), signal).catch(
      (error: unknown) => {
        throw error instanceof ProxyRefusal ? refusal(error, route) : error;
      },
    );
    socket.destroy();
    return { summary: l10n.t('{0} connects to {1}.', name, target.host) };
  });
}

function nameOf({ proxy, source }: ProxyRoute): Words {
  return proxy.username === ''
    ? l10n.t('The proxy {0}, from {1} without credentials,', withoutCredentials(proxy), source)
    : l10n.t('The proxy {0}, from {1} with credentials,', withoutCredentials(proxy), source);
}

function whyDirect(route: Route & { readonly kind: 'direct' }): Words {
  switch (route.because) {
    case 'loopback':
      return l10n.t('No proxy is used for this machine itself.');
    case 'excepted':
      return l10n.t('{0} exempts the host from the proxy.', route.source);
    case 'noProxy':
      return l10n.t(
        'Neither http.proxy nor the environment names a proxy. One from the system or a PAC file is not looked at.',
      );
  }
}

function refusal(error: ProxyRefusal, { source }: ProxyRoute): ProbeError {
  const advice =
    error.status === 407
      ? l10n.t('Correct the user name and password in {0}.', source)
      : l10n.t('Ask the administrator of the proxy to allow this host.');
  return new ProbeError(error.code, error.words, advice);
}
