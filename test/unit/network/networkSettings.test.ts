import assert from 'node:assert/strict';
import { readNetworkSettings } from '../../../src/network/networkSettings.ts';

const read = (values: Readonly<Record<string, unknown>>) =>
  readNetworkSettings({ get: (key) => values[key] }, { HTTPS_PROXY: 'http://env.example' });

describe('the network settings', () => {
  it('are those of VS Code, and the environment', () => {
    const values = {
      proxy: 'http://p.example:3128',
      noProxy: ['a.example'],
      proxyStrictSSL: false,
      systemCertificates: false,
    };
    assert.deepEqual(read(values), {
      httpProxy: 'http://p.example:3128',
      noProxy: ['a.example'],
      strictSSL: false,
      systemCertificates: false,
      environment: { HTTPS_PROXY: 'http://env.example' },
    });
  });

  it('verify certificates and trust the system unless told otherwise', () => {
    for (const values of [{}, { proxy: null, noProxy: 'a', proxyStrictSSL: 0, systemCertificates: 'no' }]) {
      const { httpProxy, noProxy, strictSSL, systemCertificates } = read(values);
      assert.deepEqual([httpProxy, noProxy, strictSSL, systemCertificates], ['', [], true, true]);
    }
  });
});
