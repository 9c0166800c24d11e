/** The accounts whose roles are still to be listed: those that the user looks at first, the others in order. */
export class AccountQueue {
  readonly #waiting = new Set<string>();
  #preferred: readonly string[] = [];

  /** Adds accounts at the end; one that is waiting already keeps its place. */
  add(accountIds: Iterable<string>): void {
    for (const accountId of accountIds) {
      this.#waiting.add(accountId);
    }
  }

  /** From now on these come first, in this order, whether they are waiting or come later. Replaces an earlier call. */
  prefer(accountIds: readonly string[]): void {
    this.#preferred = accountIds;
  }

  isPreferred(accountId: string): boolean {
    return this.#preferred.includes(accountId);
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** The next of those that the user looks at, if any; it stays in the queue. */
  get nextPreferred(): string | undefined {
    return this.#preferred.find((accountId) => this.#waiting.has(accountId));
  }

  /** The next account; it stays in the queue. */
  get next(): string | undefined {
    return this.nextPreferred ?? this.#waiting.values().next().value;
  }

  /** Drops all others. */
  retain(accountIds: ReadonlySet<string>): void {
    for (const accountId of this.#waiting) {
      if (!accountIds.has(accountId)) {
        this.#waiting.delete(accountId);
      }
    }
  }

  delete(accountId: string): void {
    this.#waiting.delete(accountId);
  }
}
