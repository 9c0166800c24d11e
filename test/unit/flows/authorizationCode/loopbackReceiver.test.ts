import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';

import * as fc from 'fast-check';

import { inEnglish } from '../../../../src/common/words.ts';
import { LoopbackReceiver } from '../../../../src/flows/authorizationCode/loopbackReceiver.ts';

const STATE = 'state-of-the-test';

describe('the receiver of the authorization response', () => {
  let receiver: LoopbackReceiver;
  let callback: URL;
  let received: string[];

  beforeEach(async () => {
    receiver = await LoopbackReceiver.listen(STATE, inEnglish);
    callback = new URL(`${receiver.redirectUri}?code=the-code&state=${STATE}`);
    received = [];
    void takeResponse();
  });
  afterEach(() => receiver.dispose());

  async function takeResponse(): Promise<void> {
    const response = await receiver.received;
    received.push(response.parameters.get('code') ?? '');
    response.respond({ kind: 'success', text: 'done' });
  }

  async function send(headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<number> {
    const sent = request(callback, { method, headers }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode ?? 0;
  }

  /** Sends bytes as they are, and gives back what comes. */
  async function sendRaw(bytes: string): Promise<string> {
    const socket = connect(Number(callback.port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
    // The server may close the connection of whoever sends nonsense.
    socket.on('error', () => undefined);
    socket.end(Buffer.from(bytes, 'latin1'));
    await once(socket, 'close');
    return answer;
  }

  it('is reached at 127.0.0.1 and at no other address of this machine', async () => {
    const own = Object.values(networkInterfaces())
      .flat()
      .flatMap((found) => (found === undefined ? [] : [found.address]))
      .filter((address) => address !== '127.0.0.1' && !address.startsWith('fe80'));
    // The system gives out the whole of 127.0.0.0/8, except on macOS.
    const others = process.platform === 'darwin' ? own : [...own, '127.0.0.2'];
    assert.ok(others.length > 0, 'there is no other address to try');
    for (const host of others) {
      const socket = connect({ host, port: Number(callback.port) });
      const outcome = await new Promise((resolve) => {
        socket.once('connect', () => resolve('connected')).once('error', () => resolve('refused'));
      });
      socket.destroy();
      assert.equal(outcome, 'refused', host);
    }
    assert.equal(await send(), 200);
  });

  for (const [name, value] of [
    ['Sec-Purpose', 'prefetch'],
    ['Sec-Purpose', 'prefetch;prerender'],
    ['Sec-Purpose', 'prefetch;anonymous-client-ip'],
    ['Purpose', 'prefetch'],
    ['X-Purpose', 'preview'],
    ['X-Moz', 'prefetch'],
    ['x-moz', 'Prefetch'],
  ] as const) {
    it(`never loses the code to a browser that prefetches: ${name}: ${value} (streamlit#15589)`, async () => {
      // An answer that is no success makes the browser ask again.
      assert.equal(await send({ [name]: value }), 503);
      assert.deepEqual(received, []);
      assert.equal(await send(), 200);
      assert.deepEqual(received, ['the-code']);
    });
  }

  it('never loses the code to a HEAD request (streamlit#15589)', async () => {
    assert.equal(await send({}, 'HEAD'), 405);
    assert.equal(await send(), 200);
    assert.deepEqual(received, ['the-code']);
  });

  it('accepts the request of a user, whatever other headers it has', async () => {
    assert.equal(await send({ 'sec-fetch-mode': 'navigate', 'sec-purpose': '' }), 200);
    assert.deepEqual(received, ['the-code']);
  });

  for (const target of [
    '//',
    '///',
    '//[',
    'http://[',
    '*',
    '/oauth/callback?%',
    '//oauth/callback',
    '?',
    'x:',
  ]) {
    it(`answers and ignores a request for ${target}`, async () => {
      const answer = await sendRaw(`GET ${target} HTTP/1.1\r\nhost: x\r\n\r\n`);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /);
      assert.equal(await send(), 200);
    });
  }

  it('never fails, whatever arrives: it still receives the response', async function () {
    this.timeout(30_000);
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.webPath(),
      fc.constantFrom(
        '//',
        '*',
        '/oauth/callback',
        '/oauth/callback?state',
        `/oauth/callback?state=${STATE}x`,
      ),
    );
    const method = fc.constantFrom(
      'GET',
      'GET',
      'GET',
      'HEAD',
      'POST',
      'CONNECT',
      'OPTIONS',
      'TRACE',
      'PRI',
      'get',
      '',
    );
    const header = fc.constantFrom(
      '',
      'expect: 100-continue\r\n',
      'expect: something\r\n',
      'upgrade: websocket\r\nconnection: upgrade\r\n',
      'content-length: 5\r\n',
      'content-length: -1\r\n',
      'transfer-encoding: chunked\r\n',
      'host: y\r\n',
      'sec-purpose: prefetch\r\n',
    );
    const message = fc.oneof(
      fc
        .tuple(method, line, fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', ''), header)
        .map(([verb, target, version, more]) => `${verb} ${target} ${version}\r\nhost: x\r\n${more}\r\n`),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(message, async (bytes) => {
        // Our own response is not among what may arrive here.
        fc.pre(!bytes.includes(`state=${STATE} `));
        await sendRaw(bytes);
        assert.deepEqual(received, []);
      }),
      { numRuns: 300 },
    );
    assert.equal(await send(), 200);
    assert.deepEqual(received, ['the-code']);
  });
});
