import { delay } from '../../../common/clock.ts';
import type { Clock } from '../../../common/clock.ts';
import type { Random } from '../../../common/random.ts';

/** Half of the published 20, which everything else that the user runs shares. */
export const MAX_REQUESTS_PER_SECOND = 10;
const MIN_REQUESTS_PER_SECOND = 0.5;
/**
 * What each answer adds to a rate that was halved. From half of a rate of `r` back to it takes 25 × r answers: with 4 or
 * more a second to be had, fewer than one in a hundred is turned away on the way.
 */
const RECOVERY_PER_ANSWER = 0.02;
/** Before the first attempt after a failure; doubled with each further one. */
const THROTTLED_PAUSE_MS = 1000;
const FAILED_PAUSE_MS = 500;
const MAX_BACKOFF_MS = 30_000;
/** Nobody waits longer than that for a server that asks for it; it is asked again instead. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;

const SECOND_MS = 1000;

/**
 * How fast one service may be asked: a token bucket, and never more than ten requests in any second. It is full after a
 * second without a request, so that whoever begins to look gets the first answers at once; from then on it holds one
 * token. Its rate halves when the service has had too many requests, and recovers slowly with each answer; after a
 * failure it pauses.
 */
export class RequestRate {
  readonly #clock: Clock;
  readonly #random: Random;
  #perSecond = MAX_REQUESTS_PER_SECOND;
  #turns = 0;
  /** When the last ten turns were, the latest last. Milliseconds since the epoch. */
  #turnsAt: readonly number[] = [];
  /** How many may be sent without a pause between them. */
  #saved = 0;
  #pause = { at: -Infinity, ms: 0 };
  /** How many in a row, and how many turns had been taken at the last one. */
  #failures = { count: 0, turns: 0 };

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Requests a second, as of now. */
  get perSecond(): number {
    return this.#perSecond;
  }

  /** How many attempts in a row have failed; those that were in progress together count as one. */
  get failuresInARow(): number {
    return this.#failures.count;
  }

  /**
   * Resolves when the next request may be sent, and takes that turn.
   * @returns the number of the turn
   * @throws the signal's reason
   */
  async turn(signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    const isRested = this.#left(this.#lastTurnAt, SECOND_MS) <= 0;
    for (let waitMs = this.#waitMs(); waitMs > 0; waitMs = this.#waitMs()) {
      await delay(this.#clock, waitMs, signal);
    }
    this.#saved = isRested ? Math.ceil(this.#perSecond) - 1 : Math.max(this.#saved - 1, 0);
    this.#turnsAt = [...this.#turnsAt, this.#clock.now()].slice(-MAX_REQUESTS_PER_SECOND);
    this.#turns += 1;
    return this.#turns;
  }

  get #lastTurnAt(): number {
    return this.#turnsAt.at(-1) ?? -Infinity;
  }

  /** In whole milliseconds, as timers and clocks have them. */
  #waitMs(): number {
    const forToken = this.#saved > 0 ? 0 : this.#left(this.#lastTurnAt, SECOND_MS / this.#perSecond);
    const forSecond = this.#left(this.#turnsAt.at(-MAX_REQUESTS_PER_SECOND) ?? -Infinity, SECOND_MS);
    const forPause = this.#left(this.#pause.at, this.#pause.ms);
    return Math.ceil(Math.max(forToken, forSecond, forPause));
  }

  /** What is left of a time span; nothing where the clock was set back. */
  #left(at: number, spanMs: number): number {
    const passedMs = this.#clock.now() - at;
    return passedMs < 0 ? 0 : spanMs - passedMs;
  }

  /** A request was answered, with whatever it asked for or a refusal that has nothing to do with its pace. */
  onAnswered(): void {
    this.#failures = { ...this.#failures, count: 0 };
    this.#perSecond = Math.min(this.#perSecond + RECOVERY_PER_ANSWER, MAX_REQUESTS_PER_SECOND);
  }

  /**
   * The service has had too many requests.
   * @param turn the turn in which this one was sent
   * @param retryAfterMs how long the service asks to wait
   */
  onThrottled(turn: number, retryAfterMs: number | undefined): void {
    if (this.#countFailure(turn)) {
      this.#perSecond = Math.max(this.#perSecond / 2, MIN_REQUESTS_PER_SECOND);
    }
    const askedMs = Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
    this.#pauseFor(Math.max(this.#backoffMs(THROTTLED_PAUSE_MS), askedMs));
  }

  /** There was no answer, or none of use. @param turn the turn in which the request was sent */
  onFailed(turn: number): void {
    this.#countFailure(turn);
    this.#pauseFor(this.#backoffMs(FAILED_PAUSE_MS));
  }

  /** @returns whether it is a failure of its own: what was in progress at the last one fails for the same reason */
  #countFailure(turn: number): boolean {
    const isNew = turn > this.#failures.turns;
    this.#saved = 0;
    if (isNew) {
      this.#failures = { count: this.#failures.count + 1, turns: this.#turns };
    }
    return isNew;
  }

  /** With jitter upwards only: everybody else who was turned away comes back as well. */
  #backoffMs(firstMs: number): number {
    const doubled = firstMs * 2 ** Math.max(this.#failures.count - 1, 0);
    return Math.min(doubled, MAX_BACKOFF_MS) * (1 + this.#random.uniform() / 4);
  }

  #pauseFor(ms: number): void {
    if (ms > this.#left(this.#pause.at, this.#pause.ms)) {
      this.#pause = { at: this.#clock.now(), ms };
    }
  }
}
