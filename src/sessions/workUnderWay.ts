/** Work that nobody waits for, and whose outcome would be lost if the process ended before it. */
export class WorkUnderWay {
  readonly #running = new Set<Promise<unknown>>();

  /** @returns `work`, which {@link idle} waits for */
  add<T>(work: Promise<T>): Promise<T> {
    const onEnd = (): void => void this.#running.delete(work);
    this.#running.add(work);
    work.then(onEnd, onEnd);
    return work;
  }

  /** Resolves once nothing is in progress, what was added meanwhile included. Never rejects. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) {
      await Promise.allSettled(this.#running);
    }
  }
}
