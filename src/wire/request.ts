import type { Operation } from './errors.ts';
import type { ResponseMetadata } from './metadata.ts';

/** One request, ready to be sent. */
export interface HttpRequest {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What must never show up in an error, even when the answer repeats it. */
  readonly secrets: readonly string[];
}

/** The text of an answer, parsed. */
export type AnswerBody =
  | { readonly kind: 'empty' }
  /** Without the members that mean absent. */
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'truncatedJson'; readonly text: string }
  | { readonly kind: 'other' };

/** An answer, read to its end. */
export interface HttpAnswer {
  readonly metadata: ResponseMetadata;
  readonly body: AnswerBody;
  /** Milliseconds since the Unix epoch. */
  readonly receivedAt: number;
  /** Those of the request and those in the body: what must never show up in an error. */
  readonly secrets: readonly string[];
}
