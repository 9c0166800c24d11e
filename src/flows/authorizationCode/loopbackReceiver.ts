import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import type { Disposable } from '../../common/disposable.ts';
import {
  createLoopbackServer,
  listenOnLoopback,
  loopbackOrigin,
} from '../../common/loopback/loopbackServer.ts';
import { isSameSecret } from '../../common/loopback/sameSecret.ts';
import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { outcomePage, PAGE_HEADERS } from './outcomePage.ts';
import type { Outcome } from './outcomePage.ts';

const CALLBACK_PATH = '/oauth/callback';

/** What every client registers: the service accepts any port at run time (RFC 8252, section 7.3). */
export const REGISTERED_REDIRECT_URI = `http://127.0.0.1${CALLBACK_PATH}`;

/** A browser's request takes seconds at most; a slower one is somebody else's. In milliseconds. */
const REQUEST_MS = 10_000;

/** Tells a browser to drop what it fetched in advance, and to ask again when the page is shown. */
const PREFETCH_REFUSED = 503;
const PREFETCH_HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;

/** The authorization response (RFC 6749, section 4.1.2), and the browser that waits for the result. */
export interface AuthorizationResponse {
  readonly parameters: URLSearchParams;
  /** Shows the outcome in the browser. */
  respond(outcome: Outcome): void;
}

/**
 * Receives one authorization response on 127.0.0.1. Whatever else arrives, with another path, method or state,
 * or a second time, is answered and ignored: other programs, and web pages, can send requests here too, and browsers
 * fetch pages before anybody wants to see them.
 */
export class LoopbackReceiver implements Disposable {
  readonly #server: Server;
  readonly #state: string;
  readonly #localize: (words: Words) => string;
  readonly #received = Promise.withResolvers<AuthorizationResponse>();
  #isDone = false;

  private constructor(state: string, localize: (words: Words) => string) {
    this.#state = state;
    this.#localize = localize;
    this.#server = createLoopbackServer(REQUEST_MS, (request, response) => this.#answer(request, response));
  }

  /**
   * Listens on a free port.
   * @param localize says words in the user's language
   * @throws what the system says when none is to be had
   */
  static async listen(state: string, localize: (words: Words) => string): Promise<LoopbackReceiver> {
    const receiver = new LoopbackReceiver(state, localize);
    await listenOnLoopback(receiver.#server);
    return receiver;
  }

  /** With the port it listens on. */
  get redirectUri(): string {
    return `${loopbackOrigin(this.#server)}${CALLBACK_PATH}`;
  }

  /** The first response that carries the right state. */
  get received(): Promise<AuthorizationResponse> {
    return this.#received.promise;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    // Any program may send what is no URL at all.
    const url = URL.parse(request.url ?? '/', REGISTERED_REDIRECT_URI);
    const isOurs =
      url?.pathname === CALLBACK_PATH && isSameSecret(url.searchParams.get('state') ?? '', this.#state);
    const isWanted = request.method === 'GET' && isOurs && !this.#isDone;
    if (!isWanted || isPrefetch(request)) {
      const otherStatus = request.method === 'GET' ? 404 : 405;
      this.#send(response, isWanted ? PREFETCH_REFUSED : otherStatus, {
        kind: 'ignored',
        text: l10n.t('This address is only used to sign in to VS Code.'),
      });
      return;
    }
    this.#isDone = true;
    this.#received.resolve({
      parameters: url.searchParams,
      respond: (outcome) => this.#send(response, outcome.kind === 'success' ? 200 : 400, outcome),
    });
  }

  #send(response: ServerResponse, status: number, outcome: Outcome): void {
    response.writeHead(status, PAGE_HEADERS).end(outcomePage(outcome, this.#localize));
  }

  /** Stops listening; an answer that is being written still arrives. */
  dispose(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }
}

/** Whether a browser, or an extension of it, fetches the page in advance: perhaps nobody will ever see it. */
function isPrefetch({ headers }: IncomingMessage): boolean {
  return PREFETCH_HEADERS.some((name) => /prefetch|prerender|preview/i.test(String(headers[name] ?? '')));
}
