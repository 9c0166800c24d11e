/** Notices that the machine is on another network. */
export class NetworkWatch {
  readonly #networkId: () => string;
  /** The network seen last, and when it was: milliseconds since the epoch. */
  #last: { readonly id: string; readonly seenAt: number } | undefined;

  constructor(networkId: () => string) {
    this.#networkId = networkId;
  }

  /**
   * Takes note of the network at `now`.
   * @returns when the one before was last seen, if this is another one; both in milliseconds since the epoch
   */
  look(now: number): number | undefined {
    const before = this.#last;
    const id = this.#networkId();
    this.#last = { id, seenAt: now };
    return before !== undefined && before.id !== id ? before.seenAt : undefined;
  }
}
