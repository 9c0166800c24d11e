import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { once } from '../../common/disposable.ts';
import type { Disposable } from '../../common/disposable.ts';
import {
  createLoopbackServer,
  listenOnLoopback,
  loopbackOrigin,
} from '../../common/loopback/loopbackServer.ts';
import { isSameSecret } from '../../common/loopback/sameSecret.ts';
import type { Random } from '../../common/random.ts';
import type { Words } from '../../common/words.ts';
import type { Available } from '../credentials/credentialsSource.ts';
import type { SessionRole } from '../credentials/roleCredentials.ts';
import { notNow, unavailable } from '../credentials/unavailable.ts';
import type { Unavailable, UnavailableReason } from '../credentials/unavailable.ts';
import { credentialsDocument, refusalDocument } from './credentialsDocument.ts';

/** What one terminal asks the endpoint with. */
export interface CredentialsGrant extends Disposable {
  /** For `AWS_CONTAINER_CREDENTIALS_FULL_URI`. Holds no secret: the AWS CLI prints it. */
  readonly url: string;
  /** For `AWS_CONTAINER_AUTHORIZATION_TOKEN`. Worthless once the grant is disposed. */
  readonly token: string;
}

export interface CredentialsEndpointParts {
  /** Answers from memory, within a second. */
  readonly read: (role: SessionRole) => Promise<Available>;
  /** Says words in the user's language. */
  readonly localize: (words: Words) => string;
  readonly random: Random;
}

interface Grant {
  readonly id: string;
  readonly token: string;
  readonly role: SessionRole;
}

const PATH = /^\/credentials\/([\w-]{1,64})$/;
const ID_BYTES = 9;
/** 256 bits. */
const TOKEN_BYTES = 32;
/** What asks for credentials sends a few hundred bytes at once, and reads as much. */
const REQUEST_MS = 5000;
const MAX_HEADER_BYTES = 8192;
const HOSTS = new Set(['127.0.0.1', 'localhost']);
/** Browsers send them with what a page asks for; no SDK does. */
const BROWSER_HEADERS = /^(?:origin|sec-fetch-.*|access-control-request-.*)$/;
const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * The endpoint of AWS's container credentials provider, on 127.0.0.1, for the terminals of this window. A page in a
 * browser, another user or a container may reach it too: without a terminal's own path and token all it says is no.
 */
export class CredentialsEndpoint implements Disposable {
  readonly #parts: CredentialsEndpointParts;
  readonly #server: Server;
  readonly #grants = new Map<string, Grant>();

  private constructor(parts: CredentialsEndpointParts) {
    this.#parts = parts;
    this.#server = createLoopbackServer(
      REQUEST_MS,
      (request, response) => void this.#answer(request, response),
      { maxHeaderSize: MAX_HEADER_BYTES },
    );
    this.#server.unref();
  }

  /** Listens on a free port. @throws what the system says when none is to be had */
  static async listen(parts: CredentialsEndpointParts): Promise<CredentialsEndpoint> {
    const endpoint = new CredentialsEndpoint(parts);
    await listenOnLoopback(endpoint.#server);
    return endpoint;
  }

  /** Lets one terminal ask for the credentials of `role`, until the grant is disposed. */
  grant(role: SessionRole): CredentialsGrant {
    const { random } = this.#parts;
    const id = Buffer.from(random.bytes(ID_BYTES)).toString('base64url');
    const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
    this.#grants.set(id, { id, token, role });
    return {
      url: `${loopbackOrigin(this.#server)}/credentials/${id}`,
      token,
      dispose: once(() => void this.#grants.delete(id)),
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const grant = isFromTool(request) ? this.#find(request) : undefined;
    if (grant === undefined) {
      this.#refuse(response, unavailable('closed'));
      return;
    }
    const found = await this.#parts.read(grant.role).catch(() => notNow());
    if (this.#grants.get(grant.id) !== grant) {
      // The terminal was closed meanwhile.
      this.#refuse(response, unavailable('closed'));
    } else if (found.kind === 'unavailable') {
      this.#refuse(response, found);
    } else {
      response.writeHead(200, HEADERS).end(credentialsDocument(found.credentials, grant.role));
    }
  }

  #refuse(response: ServerResponse, { reason, words }: Unavailable): void {
    response.writeHead(STATUS[reason], HEADERS).end(refusalDocument(reason, this.#parts.localize(words)));
  }

  #find({ url, headers: { authorization = '' } }: IncomingMessage): Grant | undefined {
    const [, id = ''] = PATH.exec(url ?? '') ?? [];
    const grant = this.#grants.get(id);
    return grant !== undefined && isSameSecret(authorization, grant.token) ? grant : undefined;
  }

  /** Stops listening, and ends every connection. */
  dispose(): void {
    this.#grants.clear();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Other statuses have tools try again for seconds. */
const STATUS: Readonly<Record<UnavailableReason, 401 | 403>> = {
  closed: 401,
  signedOut: 401,
  needsSignIn: 401,
  forbidden: 403,
  notNow: 403,
};

/**
 * Whether a tool on this machine may have sent it. The name in `Host` alone is compared, because the AWS Common Runtime
 * sends no port; another name is that of a web page which had its own resolve to 127.0.0.1 (DNS rebinding).
 */
function isFromTool({ method, headers }: IncomingMessage): boolean {
  const [host = ''] = (headers.host ?? '').split(':', 1);
  return (
    method === 'GET' &&
    HOSTS.has(host.toLowerCase()) &&
    !Object.keys(headers).some((name) => BROWSER_HEADERS.test(name))
  );
}
