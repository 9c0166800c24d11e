import { deadline } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { errorCode } from '../common/log.ts';
import { untilAborted } from '../common/timeout.ts';
import { joined, l10n, WordedError } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { causeCodeOf } from '../wire/fetchError.ts';
import { systemSaid } from '../wire/quotedWords.ts';
import { sanitize } from '../wire/redact.ts';

/** What every probe takes. */
export interface ProbeContext {
  readonly clock: Clock;
  /** Ends the probe at once; it then rejects with the signal's own reason. */
  readonly signal?: AbortSignal;
}

/**
 * What a probe found. No string of it holds a secret, and each is one bounded line; but words of servers are among
 * them, so escape them for where they are shown.
 */
export type Probe<Facts> =
  | (Facts & {
      readonly outcome: 'ok';
      /** Milliseconds. */
      readonly durationMs: number;
      /** What was found, as a sentence. */
      readonly summary: Words;
    })
  | {
      readonly outcome: 'failed';
      readonly durationMs: number;
      /** The system's code, such as `ENOTFOUND`, or one of the probe's own. */
      readonly code: string;
      readonly summary: Words;
      /** What to do next, as a sentence. */
      readonly advice: Words;
    }
  /** There is nothing to check; `summary` says why. */
  | { readonly outcome: 'skipped'; readonly summary: Words };

/** How long a probe may take, in milliseconds. */
export const PROBE_MS = 5000;

/** A failure that the probe itself has words for. */
export class ProbeError extends WordedError {
  override readonly name = 'ProbeError';
  readonly code: string;
  readonly advice: Words | undefined;

  constructor(code: string, words: Words, advice?: Words) {
    super(words);
    this.code = code;
    this.advice = advice;
  }
}

/**
 * Runs one probe within `PROBE_MS`. What it throws becomes a `failed` result.
 * @param failing says in a sentence that it failed; the cause follows
 * @param advice what to do about a failure that brings no advice of its own
 * @throws the reason of the context's signal, when that aborts
 */
export async function probe<Facts>(
  { clock, signal }: ProbeContext,
  failing: Words,
  advice: Words,
  work: (signal: AbortSignal) => Promise<Facts & { readonly summary: Words }>,
): Promise<Probe<Facts>> {
  const startedAt = clock.now();
  const tooSlow = (): Error =>
    new ProbeError('Timeout', l10n.t('No response within {0} seconds.', PROBE_MS / 1000));
  const limit = deadline(clock, PROBE_MS, tooSlow, signal);
  try {
    const facts = await untilAborted(limit.signal, work(limit.signal));
    return { outcome: 'ok', durationMs: clock.now() - startedAt, ...facts };
  } catch (error) {
    signal?.throwIfAborted();
    return {
      outcome: 'failed',
      durationMs: clock.now() - startedAt,
      code: causeCodeOf(error) ?? errorCode(error),
      summary: joined(' ', [failing, systemSaid(causeOf(error))]),
      advice: (error instanceof ProbeError ? error.advice : undefined) ?? advice,
    };
  } finally {
    limit.dispose();
  }
}

/** A string of a stranger's, as one line. */
export function oneLine(text: string): string {
  return sanitize(text, [], 200) ?? '';
}

/** The words of the deepest cause, as `fetch` says only "fetch failed", and an error for several addresses nothing. */
function causeOf(error: unknown): Words {
  if (error instanceof WordedError) {
    return error.words;
  }
  if (error instanceof AggregateError && error.errors.length > 0) {
    return causeOf(error.errors[0]);
  }
  if (error instanceof Error) {
    return error.cause instanceof Error ? causeOf(error.cause) : oneLine(error.message || errorCode(error));
  }
  return oneLine(String(error));
}
