import { getCACertificates } from 'node:tls';

/** Certificate authorities, in PEM. */
export interface Authorities {
  /** The ones that come with Node, which every program knows. */
  readonly wellKnown: readonly string[];
  /** The ones that only this machine knows. */
  readonly local: readonly string[];
}

/**
 * The authorities that this machine trusts: Node's own, those of `NODE_EXTRA_CA_CERTS` and, if asked for, the
 * system's. Reading the system's takes a moment the first time.
 */
export function readAuthorities(systemCertificates: boolean): Authorities {
  return {
    wellKnown: getCACertificates('bundled'),
    local: [...getCACertificates('extra'), ...(systemCertificates ? getCACertificates('system') : [])],
  };
}

/** All of them. */
export function trusted({ wellKnown, local }: Authorities): readonly string[] {
  return [...wellKnown, ...local];
}
