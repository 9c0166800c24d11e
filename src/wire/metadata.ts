import { holdsSecret } from './redact.ts';

/** What every result and every answered error carries about its HTTP exchange. */
export interface ResponseMetadata {
  /** AWS's id of the request, for their support. */
  readonly RequestId?: string;
  readonly HTTPStatusCode: number;
  /** Names in lower case. */
  readonly HTTPHeaders: Readonly<Record<string, string>>;
  /** How often the request was repeated before this answer. */
  readonly RetryAttempts: number;
  readonly HostId?: string;
}

/** A response with its metadata. */
export type Result<Response> = Response & { readonly ResponseMetadata: ResponseMetadata };

/** Request ids as AWS's services write them: UUIDs, and words of letters and digits. */
const REQUEST_ID = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}[A-Za-z0-9])?$/;

/** Host ids are Base64. */
const HOST_ID = /^[A-Za-z0-9+/=_-]{1,128}$/;

/**
 * The metadata in an answer's status and headers. Ids go to logs and messages, and a server may put anything into
 * them: one that does not have the form of an id, or contains a part of `secrets`, is dropped. The headers stay as
 * they came, for whoever made the request; nothing here shows or logs them.
 */
export function metadataOf(
  response: Response,
  retryAttempts: number,
  secrets: readonly string[],
): ResponseMetadata {
  const HTTPHeaders = Object.fromEntries(response.headers);
  const find = (pattern: RegExp, ...names: readonly string[]): string | undefined =>
    names
      .map((name) => HTTPHeaders[name])
      .find((id) => id !== undefined && pattern.test(id) && !holdsSecret(id, secrets));
  const RequestId = find(REQUEST_ID, 'x-amzn-requestid', 'x-amz-request-id');
  const HostId = find(HOST_ID, 'x-amz-id-2');
  return {
    ...(RequestId === undefined ? {} : { RequestId }),
    HTTPStatusCode: response.status,
    HTTPHeaders,
    RetryAttempts: retryAttempts,
    ...(HostId === undefined ? {} : { HostId }),
  };
}
