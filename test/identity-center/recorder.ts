import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../support/listen.ts';
import { readRequest } from './http.ts';
import type { ApiRequest } from './http.ts';

/** A request as it came over the wire, and the answer's status and JSON; without a body, no members. */
export interface Recording {
  readonly request: ApiRequest;
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** A server in front of another that passes everything on as it is, the `Host` included, and keeps a copy. */
export interface Recorder {
  readonly url: string;
  /** What has been recorded since the last call. */
  take(): readonly Recording[];
  close(): Promise<void>;
}

/** Starts one on 127.0.0.1, in front of `target`, an origin. */
export async function startRecorder(target: string): Promise<Recorder> {
  const recordings: Recording[] = [];
  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(message);
    const { status, headers, body } = await passOn(new URL(message.url ?? '/', target), request);
    recordings.push({ request, status, answer: JSON.parse(body || '{}') as Recording['answer'] });
    response.writeHead(status, headers).end(body);
  };
  const server = createServer((message, response) => {
    answer(message, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const { url, close } = await listen(server);
  return { url: url.origin, take: () => recordings.splice(0), close };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export function passOn(url: URL, { method, headers, body }: ApiRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      text(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        reject,
      );
    });
    request.once('error', reject).end(body);
  });
}
