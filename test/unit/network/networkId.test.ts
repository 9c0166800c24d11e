import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';

import { networkId } from '../../../src/network/networkId.ts';

function at(address: string, internal = false): NetworkInterfaceInfo {
  return { address, internal, family: 'IPv4', netmask: '', mac: '', cidr: null };
}

function refuse(): never {
  throw new Error('uv_interface_addresses returned Unknown system error 13');
}

describe('the name of the network', () => {
  const wifi = { wlan0: [at('192.168.1.20')], lo: [at('127.0.0.1', true)] };

  it('is another with a VPN, on another Wi-Fi, and without any', () => {
    const names = [
      wifi,
      { ...wifi, tun0: [at('10.8.0.2')] },
      { wlan0: [at('172.20.10.4')], lo: [at('127.0.0.1', true)] },
      { lo: [at('127.0.0.1', true)] },
    ].map((interfaces) => networkId(() => interfaces));
    assert.equal(new Set(names).size, names.length, names.join(' | '));
  });

  it('is the same whatever the order of the interfaces, and whichever containers run', () => {
    const docker = { veth1: [at('fe80::42:acff:fe11:2')], wlan1: [at('169.254.7.7')] };
    const interfaces = { ...docker, lo: [at('127.0.0.1', true)], wlan0: [at('192.168.1.20')] };
    assert.equal(
      networkId(() => interfaces),
      networkId(() => wifi),
    );
  });

  it('is empty where the system does not tell', () => {
    assert.equal(networkId(refuse), '');
  });

  it('names this machine twice the same way', () => {
    assert.equal(networkId(), networkId());
  });
});
