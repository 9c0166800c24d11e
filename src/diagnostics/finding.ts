import { deadline } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { untilAborted } from '../common/timeout.ts';
import { l10n, WordedError, wordsOf } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import type { Probe } from '../network/probe.ts';

/** What one step of the diagnostics found. Its strings hold no secrets, but words of servers: escape them. */
export interface Finding {
  /** What was checked. */
  readonly title: Words;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  /** What was found, in a sentence. */
  readonly summary: Words;
  /** What to do next, after a failure. */
  readonly advice?: Words;
  /** Milliseconds. */
  readonly durationMs?: number;
}

/** A failure that a step has words for. */
export class StepFailure extends WordedError {
  override readonly name = 'StepFailure';
  readonly advice: Words;

  constructor(words: Words, advice: Words) {
    super(words);
    this.advice = advice;
  }
}

export function findingOf(title: Words, probe: Probe<object>): Finding {
  const { outcome, summary } = probe;
  return {
    title,
    outcome,
    summary,
    ...('advice' in probe && { advice: probe.advice }),
    ...('durationMs' in probe && { durationMs: probe.durationMs }),
  };
}

/**
 * Runs one step within `limitMs` milliseconds, so that the steps after it get their turn.
 * @param work gives what it found, in a sentence
 * @throws the reason of `outer` when that aborts
 */
export async function step(
  title: Words,
  {
    clock,
    limitMs,
    signal: outer,
  }: { readonly clock: Clock; readonly limitMs: number; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<Words>,
): Promise<Finding> {
  const startedAt = clock.now();
  const tooSlow = (): Error =>
    new StepFailure(
      l10n.t('No response within {0} seconds.', limitMs / 1000),
      l10n.t("Try again. If that doesn't help, restart VS Code."),
    );
  const limit = deadline(clock, limitMs, tooSlow, outer);
  try {
    const summary = await untilAborted(limit.signal, work(limit.signal));
    return { title, outcome: 'ok', summary, durationMs: clock.now() - startedAt };
  } catch (error) {
    outer.throwIfAborted();
    const advice = error instanceof StepFailure ? { advice: error.advice } : {};
    return {
      title,
      outcome: 'failed',
      summary: wordsOf(error),
      durationMs: clock.now() - startedAt,
      ...advice,
    };
  } finally {
    limit.dispose();
  }
}
