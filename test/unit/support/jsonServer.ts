import { createServer } from 'node:http';
import { listen } from '../../support/listen.ts';

/** A server on 127.0.0.1 that gives each path the answer a test wrote for it. */
export interface JsonServer {
  readonly url: string;
  /** The paths asked for, in order. */
  readonly paths: readonly string[];
  close(): Promise<void>;
}

/**
 * @param answers the JSON body for each path; an unknown path gets 404
 * @param head what each answer begins with
 */
export async function startJsonServer(
  answers: Readonly<Record<string, object>>,
  head: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<JsonServer> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    paths.push(path);
    request.resume();
    const answer = answers[path];
    response.writeHead(answer === undefined ? 404 : (head.status ?? 200), {
      'content-type': 'application/json',
      'x-amzn-requestid': 'request-1',
      ...head.headers,
    });
    response.end(JSON.stringify(answer ?? {}));
  });
  const { url, close } = await listen(server);
  return { url: url.origin, paths, close };
}
