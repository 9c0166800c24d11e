import type { Dispatcher } from 'undici';

import { l10n, WordedError } from '../common/words.ts';
import { trusted } from './authorities.ts';
import type { ReadAuthorities } from './authorities.ts';
import { chooseRoute } from './route.ts';
import type { Route } from './route.ts';
import type { NetworkSettings } from './networkSettings.ts';
import { loadUndici } from './undici.ts';
import type { Undici } from './undici.ts';

/** What the second transport asks each time it is needed, as it may have changed since. */
export interface UndiciFetchOptions {
  readonly readSettings: () => NetworkSettings;
  readonly readAuthorities: ReadAuthorities;
}

/**
 * The second transport: undici's own `fetch`, with its own agents, which depends on nothing that the editor or
 * other extensions have done to Node's. undici is loaded when first needed; each request has a connection of its own.
 */
export function undiciFetch({ readSettings, readAuthorities }: UndiciFetchOptions): typeof globalThis.fetch {
  return async (input, init) => {
    const settings = readSettings();
    const route = chooseRoute(new URL(input instanceof Request ? input.url : input), settings);
    const undici = await loadUndici();
    const dispatcher = dispatcherFor(undici, route, {
      ca: [...trusted(await readAuthorities(settings.systemCertificates))],
      rejectUnauthorized: settings.strictSSL,
    });
    try {
      return await (undici.fetch as unknown as FetchWithDispatcher)(input, { ...init, dispatcher });
    } finally {
      // Ends the connection as soon as the body has been read; one that is broken has ended already.
      dispatcher.close().catch(() => undefined);
    }
  };
}

/** undici's types of requests and responses are its own, Node's those of the undici inside Node. */
type FetchWithDispatcher = (input: unknown, init: object) => Promise<Response>;

interface TlsOptions {
  readonly ca: string[];
  readonly rejectUnauthorized: boolean;
}

/** HTTP/1.1 only: over HTTP/2 a client may repeat what the server says it did not process. */
function dispatcherFor({ Agent, ProxyAgent }: Undici, route: Route, tls: TlsOptions): Dispatcher {
  switch (route.kind) {
    case 'direct':
      return new Agent({ allowH2: false, connect: tls });
    case 'proxy':
      return new ProxyAgent({ uri: route.proxy.href, allowH2: false, requestTls: tls, proxyTls: tls });
    case 'invalid':
      throw Object.assign(new WordedError(l10n.t("The value of {0} isn't a proxy URL.", route.source)), {
        code: 'ERR_PROXY_URL',
      });
  }
}
