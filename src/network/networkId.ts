import { networkInterfaces } from 'node:os';

/**
 * Names the networks this machine is on: another Wi-Fi, a cable or a VPN gives another name. Not for logs, as it is
 * made of the machine's addresses. Empty where the system does not provide them, as on Android.
 */
export function networkId(readInterfaces = networkInterfaces): string {
  return addressesOf(readInterfaces)
    .filter(({ internal, address }) => !internal && !isLinkLocal(address))
    .map(({ address }) => address)
    .toSorted()
    .join(' ');
}

function addressesOf(readInterfaces: typeof networkInterfaces) {
  try {
    return Object.values(readInterfaces()).flatMap((own = []) => own);
  } catch {
    return [];
  }
}

/** Containers and virtual machines come and go with these (RFC 3927, RFC 4291 section 2.5.6); nobody's network does. */
function isLinkLocal(address: string): boolean {
  return address.startsWith('169.254.') || /^fe[89ab]/i.test(address);
}
