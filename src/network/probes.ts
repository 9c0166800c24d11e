import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

import { joined, l10n } from '../common/words.ts';
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
    return { outcome: 'skipped', summary: l10n.t('{0} is an IP address, not a name.', host) };
  }
  const advice = l10n.t(
    'Check the spelling of the host or region, the network connection, the VPN, and the DNS server.',
  );
  return probe(context, l10n.t("Can't resolve {0}.", host), advice, async () => {
    const addresses = (await lookup(host, { all: true })).map(({ address }) => address);
    return { addresses, summary: l10n.t('{0} resolves to {1}.', host, addresses.join(', ')) };
  });
}

/** Connects to `hop`, and returns the address that responded. */
export async function probeTcp(
  hop: URL,
  context: ProbeContext,
): Promise<Probe<{ readonly address: string }>> {
  const { host, port } = hostAndPort(hop);
  const advice = l10n.t('Check the network connection, the VPN, the firewall, and the proxy settings.');
  return probe(context, l10n.t("Can't connect to {0} on port {1}.", host, port), advice, async (signal) => {
    const socket = await connectTo(hop, signal);
    const { remoteAddress: address = host } = socket;
    socket.destroy();
    return { address, summary: l10n.t('{0} accepts connections on port {1}.', address, port) };
  });
}

/** Reports which proxy is used and which setting names it, and has it connect to `target`. */
export async function probeProxy(
  target: URL,
  route: Route,
  authorities: Authorities,
  context: ProbeContext,
): Promise<Probe<object>> {
  if (route.kind === 'direct') {
    return { outcome: 'skipped', summary: whyDirect(route) };
  }
  const advice = l10n.t(
    "Check the proxy's address in {0}, the VPN, and whether the proxy is running.",
    route.source,
  );
  const failing = joined(' ', [
    ...(route.kind === 'proxy' ? [chosen(route)] : []),
    l10n.t("The proxy can't be used."),
  ]);
  return probe(context, failing, advice, async (signal) => {
    if (route.kind === 'invalid') {
      throw new ProbeError(
        'InvalidProxy',
        l10n.t({
          message: "The value of {0} isn't a proxy URL, such as {1}.",
          args: [route.source, 'http://proxy.example:3128'],
          comment: ['{0} is a setting or an environment variable'],
        }),
      );
    }
    if (route.proxy.protocol.startsWith('socks')) {
      return {
        summary: joined(' ', [chosen(route), l10n.t("Connections through SOCKS proxies aren't tested.")]),
      };
    }
    const socket = await openConnection(target, route, trusted(authorities), signal).catch(
      (error: unknown) => {
        throw error instanceof ProxyRefusal ? refusal(error, route) : error;
      },
    );
    socket.destroy();
    return { summary: joined(' ', [chosen(route), l10n.t('The proxy connects to {0}.', target.host)]) };
  });
}

function chosen({ proxy, source }: ProxyRoute): Words {
  const args = [source, withoutCredentials(proxy)];
  return proxy.username === ''
    ? l10n.t({
        message: '{0} sets the proxy {1}, without credentials.',
        args,
        comment: ['{0} is a setting or an environment variable, {1} a URL'],
      })
    : l10n.t({
        message: '{0} sets the proxy {1}, with credentials.',
        args,
        comment: ['{0} is a setting or an environment variable, {1} a URL'],
      });
}

function whyDirect(route: Route & { readonly kind: 'direct' }): Words {
  switch (route.because) {
    case 'loopback':
      return l10n.t('No proxy is used to connect to this computer itself.');
    case 'excepted':
      return l10n.t('{0} exempts the host from the proxy.', route.source);
    case 'noProxy':
      return l10n.t(
        "Neither http.proxy nor an environment variable sets a proxy. Proxies set by the system or a PAC file aren't tested.",
      );
  }
}

function refusal(error: ProxyRefusal, { source }: ProxyRoute): ProbeError {
  const advice =
    error.status === 407
      ? l10n.t('Correct the user name and password in {0}.', source)
      : l10n.t("Ask the proxy's administrator to allow this host.");
  return new ProbeError(error.code, error.words, advice);
}
