import type { Clock } from '../../src/common/clock.ts';

/** RFC 8628 section 3.5: "the interval MUST be increased by 5 seconds for this and all subsequent requests". */
const SLOW_DOWN_SECONDS = 5;

/** A client's timer may fire a little early; that is not polling too fast. */
const TOLERANCE_MS = 50;

/** Watches how often each device code is polled; the engine does not. */
export class PollingGate {
  readonly #intervalSeconds: number;
  readonly #clock: Clock;
  readonly #polls = new Map<string, { readonly at: number; readonly intervalSeconds: number }>();

  constructor(intervalSeconds: number, clock: Clock) {
    this.#intervalSeconds = intervalSeconds;
    this.#clock = clock;
  }

  /** Notes a poll for `deviceCode`; false when it comes too early, which also lengthens the interval. */
  admit(deviceCode: string): boolean {
    const at = this.#clock.now();
    const last = this.#polls.get(deviceCode);
    const intervalSeconds = last?.intervalSeconds ?? this.#intervalSeconds;
    const early = last !== undefined && at - last.at < intervalSeconds * 1000 - TOLERANCE_MS;
    this.#polls.set(deviceCode, {
      at,
      intervalSeconds: early ? intervalSeconds + SLOW_DOWN_SECONDS : intervalSeconds,
    });
    return !early;
  }
}
