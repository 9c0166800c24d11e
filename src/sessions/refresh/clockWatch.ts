/** Adjustments of the clock that are smaller than this are ignored. In milliseconds. */
export const CLOCK_TOLERANCE_MS = 30_000;

/** A clock that has jumped is believed once it has run evenly for so long, in milliseconds. */
const SETTLED_MS = 3 * 60_000;

/**
 * Determines since when the clock has run evenly, from when timers were due and when they came. A clock that was set
 * and a machine that slept look the same: whatever happened, what cannot be undone waits until the clock has settled.
 */
export class ClockWatch {
  /** Milliseconds since the epoch, as everything here. */
  #evenSince = Infinity;
  #seenAt = -Infinity;
  /** By then the time is noted again. */
  #expectedBy = -Infinity;

  /** Takes note of the time. @returns whether the clock was set back since it was noted last */
  note(now: number): boolean {
    const wasSetBack = now < this.#seenAt - CLOCK_TOLERANCE_MS;
    if (wasSetBack || this.#isLate(now)) {
      this.#evenSince = now;
    }
    this.#seenAt = now;
    return wasSetBack;
  }

  /** The time will be noted again at this time, or earlier. */
  expect(at: number): void {
    this.#expectedBy = at;
  }

  /**
   * From when on the clock is to be believed about something that began at `since`: at once where it has run evenly
   * ever since.
   */
  believableFrom(since: number, now: number): number {
    if (this.#isLate(now)) {
      return now + SETTLED_MS;
    }
    return this.#evenSince <= since + CLOCK_TOLERANCE_MS ? -Infinity : this.#evenSince + SETTLED_MS;
  }

  #isLate(now: number): boolean {
    return now > this.#expectedBy + CLOCK_TOLERANCE_MS;
  }
}
