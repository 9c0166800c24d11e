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
