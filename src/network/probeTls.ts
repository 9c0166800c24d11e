import { once } from 'node:events';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { PeerCertificate } from 'node:tls';

import { l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { trusted } from './authorities.ts';
import type { Authorities } from './authorities.ts';
import { openConnection } from './connection.ts';
import { oneLine, probe, ProbeError } from './probe.ts';
import type { Probe, ProbeContext } from './probe.ts';
import { hostAndPort } from './route.ts';
import type { Route } from './route.ts';

/** The certificate of `target`, or of a proxy in between. */
export interface TlsFacts {
  /** Such as `TLSv1.3`. */
  readonly protocol: string;
  /** Who signed it; empty when it does not say. */
  readonly issuer: string;
  /** Until when it is valid, as the certificate writes it. */
  readonly validTo: string;
  /** `local` when only this machine trusts the issuer: then a proxy re-signs TLS, or the host is a private one. */
  readonly trustedBy: 'wellKnown' | 'local';
}

const UNTRUSTED = l10n.t(
  "If your company's proxy or virus scanner intercepts TLS, add its certificate authority to the system's trusted certificates, or set NODE_EXTRA_CA_CERTS to its file.",
);

/** Why a certificate is not accepted, other than its issuer, and what to do. */
const ADVICE: Readonly<Partial<Record<string, Words>>> = {
  CERT_HAS_EXPIRED: l10n.t(
    "Check this computer's clock. If it's right, contact the administrator of the host or the proxy.",
  ),
  CERT_NOT_YET_VALID: l10n.t("Check this computer's clock."),
  ERR_TLS_CERT_ALTNAME_INVALID: l10n.t(
    'Another server responded instead of this host. Check the DNS server, the VPN, and the proxy.',
  ),
};

/** Makes a TLS handshake with `target` along `route` and checks the certificate. Nothing is sent. */
export async function probeTls(
  target: URL,
  route: Route,
  authorities: Authorities,
  context: ProbeContext,
): Promise<Probe<TlsFacts>> {
  if (target.protocol !== 'https:') {
    return { outcome: 'skipped', summary: l10n.t("{0} doesn't use TLS.", target.origin) };
  }
  if (route.kind === 'proxy' && route.proxy.protocol.startsWith('socks')) {
    return { outcome: 'skipped', summary: l10n.t("TLS through a SOCKS proxy isn't tested.") };
  }
  const advice = l10n.t('Check the steps before this one, and whether a firewall or proxy lets TLS through.');
  return probe(
    context,
    l10n.t("Can't establish a secure connection to {0}.", target.host),
    advice,
    async (signal) => {
      const all = trusted(authorities);
      const open = (): Promise<Duplex> => openConnection(target, route, all, signal);
      const asEveryone = await shakeHands(await open(), target, authorities.wellKnown, signal);
      if (asEveryone.problem === undefined) {
        return factsOf(asEveryone, 'wellKnown');
      }
      const asThisMachine = await shakeHands(await open(), target, all, signal);
      if (asThisMachine.problem === undefined) {
        return factsOf(asThisMachine, 'local');
      }
      const { problem, certificate } = asThisMachine;
      throw new ProbeError(
        problem,
        l10n.t({
          message: "The certificate, issued by {0}, isn't trusted ({1}).",
          args: [nameOf(certificate), problem],
          comment: ['{0} is the name of an authority, {1} a code, such as SELF_SIGNED_CERT_IN_CHAIN'],
        }),
        ADVICE[problem] ?? UNTRUSTED,
      );
    },
  );
}

interface Handshake {
  readonly protocol: string;
  readonly certificate: PeerCertificate;
  /** The code of why the certificate is not accepted. */
  readonly problem: string | undefined;
}

async function shakeHands(
  transport: Duplex,
  target: URL,
  ca: readonly string[],
  signal: AbortSignal,
): Promise<Handshake> {
  const { host } = hostAndPort(target);
  const socket = connect({
    socket: transport,
    host,
    servername: isIP(host) === 0 ? host : '',
    ca: [...ca],
    // The certificate is checked even then. Nothing is sent over this connection.
    rejectUnauthorized: false,
  });
  try {
    await once(socket, 'secureConnect', { signal });
    return {
      protocol: socket.getProtocol() ?? 'TLS',
      certificate: socket.getPeerCertificate(),
      problem: socket.authorized ? undefined : String(socket.authorizationError),
    };
  } finally {
    socket.destroy();
  }
}

function factsOf(
  { protocol, certificate }: Handshake,
  trustedBy: TlsFacts['trustedBy'],
): TlsFacts & { readonly summary: Words } {
  const validTo = oneLine(certificate.valid_to);
  const args = [protocol, nameOf(certificate), validTo];
  return {
    protocol,
    issuer: issuerOf(certificate),
    validTo,
    trustedBy,
    summary:
      trustedBy === 'wellKnown'
        ? l10n.t({
            message:
              '{0} is used. The certificate was issued by {1}, a well-known authority, and is valid until {2}.',
            args,
            comment: ['{0} is a version of TLS, such as TLSv1.3'],
          })
        : l10n.t({
            message:
              "{0} is used. The certificate was issued by {1} and is valid until {2}. Only this computer trusts the issuer: most likely your company's proxy intercepts TLS.",
            args,
            comment: ['{0} is a version of TLS, such as TLSv1.3'],
          }),
  };
}

function issuerOf({ issuer }: PeerCertificate): string {
  const names = [issuer.O, issuer.CN].flat().filter((name) => name !== undefined && name !== '');
  return oneLine(names.join(', '));
}

function nameOf(certificate: PeerCertificate): Words {
  return issuerOf(certificate) || l10n.t('an unnamed issuer');
}
