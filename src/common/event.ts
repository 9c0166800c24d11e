import type { Disposable } from './disposable.ts';

/** Registers a listener; dispose the result to stop listening. Structurally VS Code's own `Event`. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** The sending side of an {@link Event}. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();

  readonly event: Event<T> = (listener) => {
    // Wrapped, so that the same function registered twice is called twice and disposed separately.
    const entry = (value: T): void => listener(value);
    this.#listeners.add(entry);
    return { dispose: () => void this.#listeners.delete(entry) };
  };

  /**
   * Calls every listener. The error of one that throws is neither the others' nor the caller's: it is thrown where
   * nobody catches it, and VS Code logs it as the extension's.
   */
  fire(value: T): void {
    for (const listener of this.#listeners) {
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
