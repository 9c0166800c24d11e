/** Something that takes a while to end. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * Something that is started when first asked for: once for everybody who asks, and again for whoever asks after it has
 * failed. What finishes starting after it was closed is closed at once.
 */
export class OnDemand<T extends Closable> implements Closable {
  readonly #start: () => Promise<T>;
  #starting: Promise<T> | undefined;
  #started: T | undefined;
  #isClosed = false;

  constructor(start: () => Promise<T>) {
    this.#start = start;
  }

  /** @throws what starting it throws; Error once it is closed */
  get(): Promise<T> {
    if (this.#starting === undefined) {
      const starting = this.#begin();
      this.#starting = starting;
      starting.catch(() => {
        this.#starting = undefined;
      });
    }
    return this.#starting;
  }

  async #begin(): Promise<T> {
    this.#throwIfClosed();
    const started = await this.#start();
    if (this.#isClosed) {
      await started.close();
      this.#throwIfClosed();
    }
    this.#started = started;
    return started;
  }

  #throwIfClosed(): void {
    if (this.#isClosed) {
      throw new Error('The window is being closed.');
    }
  }

  /** Resolves once what was started is closed, also if it was still starting. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#starting?.catch(() => undefined);
    const started = this.#started;
    this.#started = undefined;
    await started?.close();
  }
}
