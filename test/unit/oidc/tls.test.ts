import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { generate } from 'selfsigned';
import { listen } from '../../support/listen.ts';
import { clientOf, errorOf, REFRESH } from './support.ts';

describe('a certificate that nothing here trusts', () => {
  it('is NetworkTls, and nothing is sent', async () => {
    const { private: key, cert } = await generate(
      [{ name: 'commonName', value: 'intercepting.proxy.example' }],
      {
        keyType: 'ec',
        algorithm: 'sha256',
      },
    );
    let requests = 0;
    const intercepting = createServer({ key, cert }, (_, response) => {
      requests++;
      response.end('{}');
    });
    await using server = await listen(intercepting, { scheme: 'https' });
    const error = await errorOf(clientOf(server).createToken(REFRESH));
    assert.equal(error.code, 'NetworkTls', error.message);
    assert.equal(error.causeCode, 'DEPTH_ZERO_SELF_SIGNED_CERT');
    assert.equal(error.sent, 'no');
    assert.match(error.message, /certificate authority/);
    assert.equal(requests, 0);
  });
});
