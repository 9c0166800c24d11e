/** How many are remembered: a keychain that refuses more than that is broken in another way. */
const MAX_LEFT = 50;

/**
 * The secrets of sessions that are gone, which have yet to be deleted: the secret storage may refuse, or the window may
 * close before it answers. Their ids are noted in the index before the attempt, so that the next start can try again.
 */
export class LeftSecrets {
  readonly #left = new Set<string>();
  readonly #deleted = new Set<string>();

  /** To be called before the index is written without the session. */
  add(id: string): void {
    this.#left.add(id);
    this.#deleted.delete(id);
  }

  /** The secret is deleted: the index may forget it when it is next written. */
  remove(id: string): void {
    this.#left.delete(id);
    this.#deleted.add(id);
  }

  /** What the index is to say, which has `noted` so far; `kept` are the sessions that are there. */
  merge(noted: readonly string[], kept: ReadonlySet<string>): readonly string[] {
    const all = new Set([...noted, ...this.#left]);
    return [...all].filter((id) => !this.#deleted.has(id) && !kept.has(id)).slice(-MAX_LEFT);
  }
}
