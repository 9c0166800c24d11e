import { untilAborted } from './timeout.ts';

interface Run<T> {
  readonly controller: AbortController;
  readonly result: Promise<T>;
  waiting: number;
}

/** Work that is done once for all who ask for the same, and ends early only when none of them waits for it any more. */
export class SharedWork<T> {
  readonly #running = new Map<string, Run<T>>();

  /**
   * Joins the work in progress for `key`, or starts it.
   * @param signal ends this caller's wait; the work itself where nobody else is waiting
   * @throws what `work` throws; the signal's reason when it aborts
   */
  async run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const run = this.#running.get(key) ?? this.#start(key, work);
    run.waiting += 1;
    try {
      return await untilAborted(signal, run.result);
    } finally {
      run.waiting -= 1;
      if (run.waiting === 0) {
        this.#forget(key, run);
        run.controller.abort(signal.reason);
      }
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<T>): Run<T> {
    const controller = new AbortController();
    const run: Run<T> = { controller, result: work(controller.signal), waiting: 0 };
    this.#running.set(key, run);
    // Whoever comes later does not join what is over.
    run.result.then(
      () => this.#forget(key, run),
      () => this.#forget(key, run),
    );
    return run;
  }

  #forget(key: string, run: Run<T>): void {
    if (this.#running.get(key) === run) {
      this.#running.delete(key);
    }
  }
}
