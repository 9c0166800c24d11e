/** Chance as the rest of the code sees it: passed in, so that a simulation can seed it. */
export interface Random {
  /** A number drawn evenly from [0, 1): for jitter, never for secrets. */
  uniform(): number;
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array;
  /** A random UUID (RFC 9562, version 4). */
  uuid(): string;
}

/** The operating system's own source of randomness, by the globals: `node:crypto` is slow to load. */
export const systemRandom: Random = {
  uniform: () => Math.random(),
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  uuid: () => crypto.randomUUID(),
};
