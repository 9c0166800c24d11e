import assert from 'node:assert/strict';
import { fallbackFetch } from '../../../src/network/fallbackFetch.ts';

type Fetch = typeof globalThis.fetch;

function failure(code: string, syscall?: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code, syscall }) });
}

const UNSENT = {
  dns: failure('ENOTFOUND', 'getaddrinfo'),
  refused: failure('ECONNREFUSED', 'connect'),
  tls: failure('SELF_SIGNED_CERT_IN_CHAIN'),
  proxy: failure('UND_ERR_PRX_TLS'),
};
const PERHAPS_SENT = {
  reset: failure('ECONNRESET', 'read'),
  closed: failure('UND_ERR_SOCKET'),
  timeout: failure('UND_ERR_HEADERS_TIMEOUT'),
  unknown: new TypeError('fetch failed'),
};

interface Attempts {
  readonly fetch: Fetch;
  /** What each transport was given, in order. */
  readonly calls: (readonly ['first' | 'second', ...Parameters<Fetch>])[];
}

/** Both transports fail as told, or answer with their names. */
function attempts(first: Error | undefined, second?: Error): Attempts {
  const calls: Attempts['calls'] = [];
  const transport = (name: 'first' | 'second', error: Error | undefined): Fetch => {
    return async (...request) => {
      calls.push([name, ...request]);
      if (error !== undefined) throw error;
      return new Response(name);
    };
  };
  return { fetch: fallbackFetch(transport('first', first), transport('second', second)), calls };
}

async function thrownBy(fetch: Fetch, init?: RequestInit): Promise<unknown> {
  return fetch('https://a.example', init).then(
    () => assert.fail('the request succeeded'),
    (error: unknown) => error,
  );
}

describe('a fetch with two transports', () => {
  it('asks the second for nothing while the first one answers', async () => {
    const { fetch, calls } = attempts(undefined);
    assert.equal(await (await fetch('https://a.example')).text(), 'first');
    assert.equal(calls.length, 1);
  });

  for (const [name, error] of Object.entries(UNSENT)) {
    it(`gives the same request to the second when the first never sent it: ${name}`, async () => {
      const { fetch, calls } = attempts(error);
      const init = { method: 'POST', body: '{}' };
      assert.equal(await (await fetch('https://a.example', init)).text(), 'second');
      assert.deepEqual(calls, [
        ['first', 'https://a.example', init],
        ['second', 'https://a.example', init],
      ]);
    });
  }

  for (const [name, error] of Object.entries(PERHAPS_SENT)) {
    it(`never repeats a request that may have been sent: ${name}`, async () => {
      const { fetch, calls } = attempts(error);
      assert.equal(await thrownBy(fetch), error);
      assert.equal(calls.length, 1);
    });

    it(`says so when the second may have sent it: ${name}`, async () => {
      assert.equal(await thrownBy(attempts(UNSENT.tls, error).fetch), error);
    });
  }

  it('ends with the first when the caller aborts', async () => {
    const { fetch, calls } = attempts(UNSENT.dns);
    assert.equal(await thrownBy(fetch, { signal: AbortSignal.abort() }), UNSENT.dns);
    assert.equal(calls.length, 1);
  });

  it('throws the more helpful of two failures, the first one of two alike', async () => {
    const { dns, refused, tls, proxy } = UNSENT;
    assert.equal(await thrownBy(attempts(dns, tls).fetch), tls);
    assert.equal(await thrownBy(attempts(tls, dns).fetch), tls);
    assert.equal(await thrownBy(attempts(dns, proxy).fetch), proxy);
    assert.equal(await thrownBy(attempts(proxy, refused).fetch), proxy);
    assert.equal(await thrownBy(attempts(proxy, tls).fetch), tls);
    assert.equal(await thrownBy(attempts(dns, refused).fetch), refused);
    const again = failure('ECONNREFUSED', 'connect');
    assert.equal(await thrownBy(attempts(refused, again).fetch), refused);
  });
});
