/** Whether two lines of a list stand for the same thing. */
export type IsSame<T> = (one: T | undefined, other: T | undefined) => boolean;

/**
 * Which line of a pick list the user means. VS Code tells an extension only the place of what was chosen, in the list as
 * the user saw it, and takes the item that has this place by then (`ExtHostQuickPick`, VS Code 1.105 to 1.139): another
 * one, where the list has changed meanwhile.
 */
export class SeenLines<T> {
  readonly #whenSeen: () => Promise<unknown>;
  readonly #isSame: IsSame<T>;
  /** The one that the user has seen for certain, and those that they may see by now, the newest last. */
  #lists: readonly (readonly T[])[] = [];
  #isTyped = false;

  /** @param whenSeen resolves once the user sees what was shown until now; what they chose before that is told before */
  constructor(whenSeen: () => Promise<unknown>, isSame: IsSame<T>) {
    this.#whenSeen = whenSeen;
    this.#isSame = isSame;
  }

  /** The list is this one from now on. */
  replace(lines: readonly T[]): void {
    this.#lists = [...this.#lists, lines];
    const forgetOlder = (): void => {
      this.#lists = this.#lists.slice(Math.max(0, this.#lists.indexOf(lines)));
      this.#isTyped &&= this.#lists.length > 1;
    };
    this.#whenSeen().then(forgetOlder, forgetOlder);
  }

  /** The next list is for what the user has typed. */
  type(): void {
    this.#isTyped = true;
  }

  /** The user has moved to another line than VS Code does by itself. */
  move(): void {
    this.#isTyped = false;
  }

  /** Whether the user has typed, and may not have seen yet what that gives. */
  get isTyped(): boolean {
    return this.#isTyped;
  }

  /** Whether the user means this line of the newest list, whichever of the lists they saw. */
  isCertain(line: T): boolean {
    const place = this.#lists.at(-1)?.indexOf(line) ?? -1;
    return this.#lists.every((lines) => this.#isSame(lines[place], line));
  }
}
