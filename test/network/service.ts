import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { generateCACertificate } from 'mockttp';
import { generate } from 'selfsigned';
import { listen } from '../support/listen.ts';

/** A name that only the proxies of these tests resolve. */
export const SERVICE_HOST = 'oidc.service.example';

/** Making keys takes its time on a busy machine; milliseconds. */
export const TIMEOUT_MS = 20_000;

/** A certificate authority, in PEM. */
export interface Authority {
  readonly key: string;
  readonly cert: string;
}

/** A certificate authority of this name. */
export function createAuthority(name: string): Promise<Authority> {
  return generateCACertificate({ subject: { commonName: name, organizationName: `${name} Inc.` } });
}

/** An HTTPS server on 127.0.0.1 that stands for the sso-oidc service. */
export interface Service extends AsyncDisposable {
  /** `https://oidc.service.example:port/`. */
  readonly url: URL;
  readonly port: number;
  /** The bodies of the requests that arrived, in order. */
  readonly bodies: readonly string[];
}

type AsyncListener = (...arrived: Parameters<RequestListener>) => Promise<void>;

/** @param answer what to do with a request once it has arrived with its whole body */
export async function startService(ca: Authority, answer: RequestListener = answerJson): Promise<Service> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: SERVICE_HOST }], {
    algorithm: 'sha256',
    ca,
  });
  const bodies: string[] = [];
  const receive: AsyncListener = async (request, response) => {
    bodies.push(await text(request));
    answer(request, response);
  };
  const server = createServer({ key, cert }, (...arrived) => void receive(...arrived));
  const listening = await listen(server, { scheme: 'https' });
  return { ...listening, url: new URL(`https://${SERVICE_HOST}:${listening.port}`), bodies };
}

function answerJson(...[, response]: Parameters<RequestListener>): void {
  response.writeHead(200, { 'content-type': 'application/json', 'x-amzn-requestid': 'request-1' });
  response.end('{"accessToken":"token"}');
}
