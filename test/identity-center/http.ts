import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request to the JSON API, read to its end. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the JSON API answers. */
export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One operation of the API. `requestId` is that of the answer. @throws ApiError for what it refuses */
export type Operation = (request: ApiRequest, requestId: string) => Promise<ApiResponse>;

const MAX_BODY_BYTES = 1024 * 1024;

/** Reads `message` to its end. @throws when its body is longer than a mebibyte or breaks off */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      throw new Error(`The request's body is longer than ${MAX_BODY_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

/** A JSON answer; members that are undefined are left out. */
export function json(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
