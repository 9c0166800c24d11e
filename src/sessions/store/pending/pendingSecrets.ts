/** How many are remembered: a keychain that refuses more than that is broken in another way. */
const MAX_LEFT = 50;

/** The sessions, by their ids, whose secrets the vault has yet to take or to delete. */
export class PendingSecrets {
  readonly #unsaved = new Set<string>();
  /** Those of them that the index does not name yet: nobody would ever delete what the vault has of them. */
  readonly #unnamed = new Set<string>();
  readonly #undeleted = new Map<string, number>();
  /** To be noted in the index until they are deleted: the window may close before the vault answers. */
  readonly #left = new Set<string>();
  readonly #deleted = new Set<string>();

  get isEmpty(): boolean {
    return this.#unsaved.size + this.#undeleted.size === 0;
  }

  /** Those whose tokens live in this window's memory only. */
  get unsaved(): ReadonlySet<string> {
    return this.#unsaved;
  }

  /** Those of them that the vault may have. */
  get savable(): readonly string[] {
    return [...this.#unsaved].filter((id) => this.isNamed(id));
  }

  /** Whether the index names it, as far as this window has had to do with that. */
  isNamed(id: string): boolean {
    return !this.#unnamed.has(id);
  }

  /** Those whose tokens are to be deleted, each up to which sign-in: milliseconds since the epoch. */
  get undeleted(): ReadonlyMap<string, number> {
    return this.#undeleted;
  }

  noteUnsaved(id: string): void {
    this.#unsaved.add(id);
  }

  /** The vault has its tokens, or nobody needs them any more. */
  noteSaved(id: string): void {
    this.#unsaved.delete(id);
  }

  /** There will be tokens of a session that the index does not name: the vault gets them once it does, or says so. */
  noteNew(id: string): void {
    this.#unnamed.add(id);
    this.noteLeft(id);
  }

  /** The index is written: with the sessions `kept`, and with a note of those whose secrets are `left`. */
  noteWritten(kept: ReadonlySet<string>, left: readonly string[]): void {
    for (const id of [...kept, ...left]) {
      this.#unnamed.delete(id);
    }
    for (const id of kept) {
      this.#left.delete(id);
    }
  }

  noteUndeleted(id: string, upTo: number): void {
    this.#undeleted.set(id, upTo);
  }

  /** The index may forget it when it is next written. */
  noteDeleted(id: string): void {
    this.#undeleted.delete(id);
    this.#left.delete(id);
    this.#deleted.add(id);
  }

  /** The session is there again, with tokens of its own: those are not to be deleted. */
  noteReturned(id: string): void {
    this.#undeleted.delete(id);
  }

  /** Its tokens will be deleted. To be called before the index is written without the session: the next start goes on then. */
  noteLeft(id: string): void {
    this.#left.add(id);
    this.#deleted.delete(id);
  }

  /** What the index is to say of secrets that are left, which has `noted` so far; `kept` are the sessions that are there. */
  left(noted: readonly string[], kept: ReadonlySet<string>): readonly string[] {
    const all = new Set([...noted, ...this.#left]);
    return [...all].filter((id) => !this.#deleted.has(id) && !kept.has(id)).slice(-MAX_LEFT);
  }
}
