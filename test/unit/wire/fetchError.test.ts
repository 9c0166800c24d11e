import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { fetch as undiciFetch, ProxyAgent } from 'undici';
import { SsoOidcClient } from '../../../src/oidc/client.ts';
import type { SsoOidcErrorCode } from '../../../src/wire/errors.ts';
import { classifyFetchError } from '../../../src/wire/fetchError.ts';
import type { HttpRequest } from '../../../src/wire/request.ts';
import { HastyClock } from '../../support/hastyClock.ts';
import { listen } from '../../support/listen.ts';
import { errorOf, REFRESH, SECRETS } from '../oidc/support.ts';

const REQUEST: HttpRequest = {
  operation: 'CreateToken',
  method: 'POST',
  url: new URL('https://oidc.eu-west-1.amazonaws.com/token'),
  headers: {},
  secrets: [SECRETS.refreshToken],
};

function nodeError(code: string, syscall?: string): Error {
  const cause = Object.assign(new Error(`${syscall ?? 'it'} failed`), { code, ...(syscall && { syscall }) });
  return new TypeError('fetch failed', { cause });
}

function chromiumError(code: string): Error {
  return new Error(`net::${code}`);
}

/** Failures that no local server can provoke, or only in Electron. */
const FAILURES: readonly (readonly [Error, SsoOidcErrorCode, 'no' | 'maybe'])[] = [
  [nodeError('EAI_AGAIN', 'getaddrinfo'), 'NetworkDns', 'no'],
  [nodeError('EHOSTUNREACH', 'connect'), 'NetworkRefused', 'no'],
  [nodeError('EHOSTUNREACH', 'read'), 'NetworkRefused', 'maybe'],
  [nodeError('ETIMEDOUT', 'connect'), 'Timeout', 'no'],
  [nodeError('ETIMEDOUT', 'read'), 'Timeout', 'maybe'],
  [nodeError('UND_ERR_CONNECT_TIMEOUT'), 'Timeout', 'no'],
  [nodeError('UND_ERR_HEADERS_TIMEOUT'), 'Timeout', 'maybe'],
  [nodeError('UND_ERR_PRX_TLS'), 'NetworkProxy', 'no'],
  [nodeError('EPIPE', 'write'), 'NetworkReset', 'maybe'],
  [nodeError('CERT_HAS_EXPIRED'), 'NetworkTls', 'no'],
  [nodeError('SELF_SIGNED_CERT_IN_CHAIN'), 'NetworkTls', 'no'],
  [nodeError('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'NetworkTls', 'no'],
  [nodeError('ERR_TLS_CERT_ALTNAME_INVALID'), 'NetworkTls', 'no'],
  [nodeError('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'NetworkTls', 'maybe'],
  [nodeError('EPROTO', 'write'), 'NetworkTls', 'maybe'],
  [chromiumError('ERR_NAME_NOT_RESOLVED'), 'NetworkDns', 'no'],
  [chromiumError('ERR_CONNECTION_REFUSED'), 'NetworkRefused', 'no'],
  [chromiumError('ERR_CONNECTION_TIMED_OUT'), 'Timeout', 'no'],
  [chromiumError('ERR_INTERNET_DISCONNECTED'), 'NetworkRefused', 'maybe'],
  [chromiumError('ERR_CERT_AUTHORITY_INVALID'), 'NetworkTls', 'no'],
  [chromiumError('ERR_SSL_PROTOCOL_ERROR'), 'NetworkTls', 'maybe'],
  [chromiumError('ERR_PROXY_CONNECTION_FAILED'), 'NetworkProxy', 'no'],
  [chromiumError('ERR_TUNNEL_CONNECTION_FAILED'), 'NetworkProxy', 'no'],
  [chromiumError('ERR_CONNECTION_RESET'), 'NetworkReset', 'maybe'],
  [chromiumError('ERR_NETWORK_CHANGED'), 'NetworkReset', 'maybe'],
  [new TypeError('fetch failed'), 'NetworkUnknown', 'maybe'],
  [new AggregateError([nodeError('ECONNREFUSED', 'connect')]), 'NetworkRefused', 'no'],
];

describe('a fetch that fails', () => {
  for (const [thrown, code, sent] of FAILURES) {
    const { cause = thrown } = thrown;
    const { code: name = '', syscall = '' } = cause as NodeJS.ErrnoException;
    it(`is ${code}, sent: ${sent}, for ${syscall} ${name || thrown.message}`, () => {
      const error = classifyFetchError(REQUEST, thrown);
      assert.equal(error.code, code);
      assert.equal(error.sent, sent);
    });
  }

  it('is an SsoOidcError whatever is thrown', () => {
    const circle = new Error('a circle');
    circle.cause = circle;
    for (const thrown of [undefined, null, 7, 'text', {}, circle, new AggregateError([null])]) {
      assert.equal(classifyFetchError(REQUEST, thrown).code, 'NetworkUnknown');
    }
  });

  it('shows what the system said, without what was sent', () => {
    const error = classifyFetchError(REQUEST, new Error(`bad header ${SECRETS.refreshToken}`));
    assert.match(error.message, /bad header \[redacted\]/);
  });

  it('is NetworkProxy when a real proxy refuses to connect', async () => {
    const proxy = createServer().on('connect', (_, socket) =>
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'),
    );
    await using server = await listen(proxy);
    const dispatcher = new ProxyAgent(server.url.href);
    const client = new SsoOidcClient({
      endpoint: REQUEST.url,
      clock: new HastyClock(),
      fetch: ((url: URL, init: object) => undiciFetch(url, { ...init, dispatcher })) as typeof fetch,
    });
    const error = await errorOf(client.createToken(REFRESH));
    assert.equal(error.code, 'NetworkProxy', error.message);
    assert.equal(error.sent, 'no');
    assert.match(error.message, /407/);
    await dispatcher.close();
  });

  for (const host of ['oidc-fips.eu-west-1.amazonaws.com', 'portal.sso-fips.eu-west-1.api.aws']) {
    it(`names the option where there is no ${host} (aws-cli#9026)`, () => {
      const request = { ...REQUEST, url: new URL(`https://${host}/token`) };
      const { code, message } = classifyFetchError(request, nodeError('ENOTFOUND', 'getaddrinfo'));
      assert.equal(code, 'NetworkDns');
      assert.match(message, /turn off FIPS: useFipsEndpoint .*use_fips_endpoint .*AWS_USE_FIPS_ENDPOINT/);
    });
  }
});
