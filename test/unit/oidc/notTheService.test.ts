import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { SsoOidcErrorCode } from '../../../src/wire/errors.ts';
import { SsoOidcClient } from '../../../src/oidc/client.ts';
import { SsoPortalClient } from '../../../src/portal/client.ts';
import { HastyClock } from '../../support/hastyClock.ts';
import { listen } from '../../support/listen.ts';
import type { Listening } from '../../support/listen.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { answering, clientOf, DEVICE_POLL, errorOf, httpServer, REFRESH, REGISTRATION } from './support.ts';

/** A TCP server that does this with each connection once the request has arrived. */
function tcpServer(onRequest: (socket: Socket) => void): Promise<Listening> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => onRequest(socket));
    }),
  );
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-amzn-requestid: request-1\r\n';

describe('a response that is not the service’s', () => {
  const answers: readonly (readonly [string, () => Promise<Listening>, SsoOidcErrorCode])[] = [
    ['a page of HTML', () => answering(200, '<!doctype html><p>Welcome to the hotel'), 'NotJson'],
    ['a 403 page of a firewall', () => answering(403, '<html>Blocked</html>'), 'NotJson'],
    ['a 502 page of a gateway', () => answering(502, 'Bad gateway'), 'NotJson'],
    ['no body', () => answering(200, ''), 'EmptyBody'],
    ['an error without a body', () => answering(403, ''), 'EmptyBody'],
    ['half a JSON document', () => answering(200, '{"accessToken":"half'), 'TruncatedBody'],
    [
      'JSON that is nested too deep',
      () => answering(200, `${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}`),
      'TruncatedBody',
    ],
    ['a body over 1 MiB', () => answering(200, `{"accessToken":"${'a'.repeat(2 ** 20)}"}`), 'OversizedBody'],
    ['a redirect', () => answering(302, '', { location: 'https://login.hotel.example/?x' }), 'Redirected'],
    ['a permanent redirect', () => answering(308, '', { location: '/elsewhere' }), 'Redirected'],
    ['JSON of another shape', () => answering(200, '{"accessToken":1}'), 'InvalidResponse'],
    [
      'a body shorter than announced',
      () => tcpServer((socket) => socket.end(`${HEAD}content-length: 99\r\n\r\n{`)),
      'TruncatedBody',
    ],
    [
      'a chunk that breaks off',
      () => tcpServer((socket) => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n9\r\n{`)),
      'TruncatedBody',
    ],
    [
      'compression that is broken',
      () => answering(200, 'not gzip', { 'content-encoding': 'gzip' }),
      'TruncatedBody',
    ],
    ['no answer but a closed connection', () => tcpServer((socket) => socket.end()), 'NetworkReset'],
    ['no answer but a reset', () => tcpServer((socket) => socket.resetAndDestroy()), 'NetworkReset'],
    [
      'something other than HTTP',
      () => tcpServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')),
      'NetworkUnknown',
    ],
  ];
  for (const [what, serve, code] of answers) {
    it(`is ${code} for ${what}, and says nothing about the session`, async () => {
      await using server = await serve();
      const error = await errorOf(clientOf(server).createToken(REFRESH));
      assert.equal(error.code, code, error.message);
      assert(error.isTransient);
      assert.equal(error.sent, 'maybe');
    });
  }

  it('never has a redirect followed, and names where it leads', async () => {
    let requests = 0;
    await using server = await httpServer((_, response) => {
      requests++;
      response.writeHead(307, { location: 'https://login.hotel.example/?token=x' }).end();
    });
    const error = await errorOf(clientOf(server).createToken(REFRESH));
    assert.match(error.message, /It redirects to login\.hotel\.example\./);
    assert.equal(requests, 1);
  });

  it('keeps the request id of a body that breaks off', async () => {
    await using server = await tcpServer((socket) => socket.end(`${HEAD}content-length: 99\r\n\r\n{`));
    const error = await errorOf(clientOf(server).createToken(REFRESH));
    assert.equal(error.requestId, 'request-1');
    assert.match(error.message, /Request ID: request-1\./);
  });

  it('names the member that is wrong, not its value', async () => {
    await using server = await answering(200, '{"accessToken":["value-1"],"expiresIn":"value-2"}');
    const error = await errorOf(clientOf(server).createToken(REFRESH));
    assert.match(error.message, /The member "accessToken" is missing or invalid\./);
    assert.doesNotMatch(error.message, /value-/);
  });

  it('is not waited for longer than 15 seconds', async () => {
    const clock = new VirtualClock();
    await using server = await tcpServer(() => void clock.advance(15_000));
    const call = errorOf(clientOf(server, clock).createToken(DEVICE_POLL));
    assert.deepEqual(clock.delays, [15_000]);
    const error = await call;
    assert.equal(error.code, 'Timeout');
    assert.equal(error.sent, 'maybe');
  });

  it('is not waited for longer than 15 seconds in the middle of its body', async () => {
    const clock = new VirtualClock();
    await using server = await httpServer((_, response) => {
      response.write('{', () => setImmediate(() => void clock.advance(15_000)));
    });
    assert.equal((await errorOf(clientOf(server, clock).createToken(DEVICE_POLL))).code, 'Timeout');
  });
});

describe('a request that cannot be sent', () => {
  it('is NetworkRefused where nothing listens', async () => {
    const { url, [Symbol.asyncDispose]: close } = await answering(200, '{}');
    await close();
    const error = await errorOf(clientOf({ url }).createToken(REFRESH));
    assert.equal(error.code, 'NetworkRefused');
    assert.equal(error.causeCode, 'ECONNREFUSED');
    assert.equal(error.sent, 'no');
  });

  it('is NetworkDns where the name does not exist', async () => {
    const error = await errorOf(
      clientOf({ url: new URL('https://no.such.host.invalid') }).createToken(REFRESH),
    );
    assert.equal(error.code, 'NetworkDns', error.message);
    assert.equal(error.sent, 'no');
    assert.match(error.message, /CreateToken at no\.such\.host\.invalid failed \(.*(?:ENOTFOUND|EAI_AGAIN)/);
  });

  it('is NetworkTls where the server speaks no TLS', async () => {
    await using server = await tcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const url = new URL(server.url.href.replace('http:', 'https:'));
    const error = await errorOf(clientOf({ url }).createToken(REFRESH));
    assert.equal(error.code, 'NetworkTls', error.message);
    assert.equal(error.sent, 'no');
  });

  it('never shows a token that cannot be a header', async () => {
    const portal = new SsoPortalClient({ endpoint: new URL('http://127.0.0.1:9'), clock: new HastyClock() });
    const error = await errorOf(portal.listAccounts({ accessToken: 'token-with\nline-feed-7e1f4d2c' }));
    assert.doesNotMatch(error.message, /7e1f4d2c|token-with/);
  });
});

describe("a caller's abort", () => {
  const reason = new Error('the user cancelled');

  it('rejects with its own reason before anything is sent', async () => {
    const client = new SsoOidcClient({ endpoint: new URL('http://127.0.0.1:9'), fetch: assert.fail });
    await assert.rejects(
      client.createToken(REFRESH, { signal: AbortSignal.abort(reason) }),
      (error) => error === reason,
    );
  });

  it('rejects with its own reason while waiting for the response, and closes the connection', async () => {
    const abort = new AbortController();
    const closed = Promise.withResolvers<void>();
    await using server = await tcpServer((socket) => {
      socket.on('close', () => closed.resolve());
      abort.abort(reason);
    });
    const call = clientOf(server).createToken(REFRESH, { signal: abort.signal });
    await assert.rejects(call, (error) => error === reason);
    await closed.promise;
  });

  it('rejects with its own reason in the middle of the body', async () => {
    const abort = new AbortController();
    await using server = await httpServer((request, response) => {
      response.write('{', () => setImmediate(() => abort.abort(reason)));
      void once(request, 'close');
    });
    const call = clientOf(server).createToken(REFRESH, { signal: abort.signal });
    await assert.rejects(call, (error) => error === reason);
  });

  it('rejects at once even when fetch takes no notice', async () => {
    const abort = new AbortController();
    const fetch = (): Promise<never> => {
      queueMicrotask(() => abort.abort(reason));
      return new Promise(() => {});
    };
    const client = new SsoOidcClient({ endpoint: new URL('http://127.0.0.1:9'), fetch });
    const call = client.registerClient(REGISTRATION, { signal: abort.signal });
    await assert.rejects(call, (error) => error === reason);
  });

  it('rejects with its own reason between two attempts', async () => {
    const abort = new AbortController();
    const clock = new VirtualClock();
    let requests = 0;
    await using server = await httpServer((_, response) => {
      requests++;
      response.writeHead(500).end('{}', () => setImmediate(() => abort.abort(reason)));
    });
    const call = clientOf(server, clock).registerClient(REGISTRATION, { signal: abort.signal });
    await assert.rejects(call, (error) => error === reason);
    assert.equal(requests, 1);
    assert.deepEqual(clock.delays, []);
  });
});
