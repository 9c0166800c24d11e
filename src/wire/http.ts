import { deadline } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { untilAborted } from '../common/timeout.ts';
import { failure } from './failure.ts';
import { causeCodeOf, classifyFetchError } from './fetchError.ts';
import type { ResponseMetadata } from './metadata.ts';
import { metadataOf } from './metadata.ts';
import type { AnswerBody, HttpAnswer, HttpRequest } from './request.ts';
import { secretsOfAnswer } from './secrets.ts';

/** The outside world, as this folder sees it. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
}

/** Far more than the slowest answer takes, far less than a user waits. */
const DEADLINE_MS = 15_000;

/** The longest answer of either service is a page of accounts, a few tens of kilobytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Sends `request` once, without following a redirect, and reads the answer, whatever its status.
 * @param retryAttempts how often it was sent before: goes into the metadata.
 * @throws SsoOidcError without a complete answer, or the signal's own reason as soon as it aborts.
 */
export async function send(
  request: HttpRequest,
  retryAttempts: number,
  transport: Transport,
  signal?: AbortSignal,
): Promise<HttpAnswer> {
  signal?.throwIfAborted();
  const timeout = (): Error => failure('Timeout', request, { sent: 'maybe' });
  const limit = deadline(transport.clock, DEADLINE_MS, timeout, signal);
  try {
    return await untilAborted(limit.signal, exchange(request, retryAttempts, transport, limit.signal));
  } finally {
    limit.dispose();
  }
}

async function exchange(
  request: HttpRequest,
  retryAttempts: number,
  { fetch, clock }: Transport,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { url, method, headers, body = null } = request;
  const response = await fetch(url, { method, headers, body, redirect: 'manual', signal }).catch(
    (error: unknown) => {
      throw classifyFetchError(request, error);
    },
  );
  const secretsWith = (answer: AnswerBody): readonly string[] => [
    ...request.secrets,
    ...secretsOfAnswer(answer),
  ];
  const text = await readBody(request, response, (part) =>
    metadataOf(response, retryAttempts, secretsWith(parseBody(part))),
  );
  const receivedAt = clock.now();
  const answer = parseBody(text);
  const secrets = secretsWith(answer);
  return { metadata: metadataOf(response, retryAttempts, secrets), body: answer, receivedAt, secrets };
}

/** @param metadata of an answer of which only this part of the text came */
async function readBody(
  request: HttpRequest,
  response: Response,
  metadata: (part: string) => ResponseMetadata,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  const text = (): string => new TextDecoder().decode(Buffer.concat(chunks));
  let length = 0;
  try {
    // `for await` does the same, at more cost.
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
      chunks.push(read.value);
      length += read.value.byteLength;
      if (length > MAX_BODY_BYTES) {
        await reader?.cancel();
        break;
      }
    }
  } catch (error) {
    throw failure('TruncatedBody', request, {
      sent: 'maybe',
      metadata: metadata(text()),
      causeCode: causeCodeOf(error),
    });
  }
  if (length > MAX_BODY_BYTES) {
    throw failure('OversizedBody', request, { sent: 'maybe', metadata: metadata(text()) });
  }
  return text();
}

/** Parses the text of an answer, once for all who read it. */
export function parseBody(text: string): AnswerBody {
  const trimmed = text.trim();
  if (trimmed === '') {
    return { kind: 'empty' };
  }
  try {
    return { kind: 'json', value: present(JSON.parse(trimmed)) };
  } catch {
    return trimmed.startsWith('{') ? { kind: 'truncatedJson', text } : { kind: 'other' };
  }
}

/**
 * Removes what means absent, at whatever depth: in AWS's JSON protocols a null member, and so does an empty string, as no
 * member of the models means anything by one.
 */
function present(value: unknown): unknown {
  if (value === null || value === '') {
    return undefined;
  }
  if (typeof value === 'object') {
    const members = value as Record<string, unknown>;
    for (const [name, member] of Object.entries(members)) {
      if (present(member) === undefined && !Array.isArray(value)) {
        delete members[name];
      }
    }
  }
  return value;
}
