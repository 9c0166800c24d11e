/** Which part of a list is asked for. */
export interface PageRequest {
  /** Names the list: a token is good for its own only. */
  readonly list: string;
  readonly size: number;
  readonly largest: number;
  /** From the page before. */
  readonly token: string | null;
}

/** A part of a list; `nextToken` is absent on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** The part of `all` that is asked for; undefined for a size out of range or a token that is not one of ours. */
export function pageOf<T>(
  all: readonly T[],
  { list, size, largest, token }: PageRequest,
): Page<T> | undefined {
  const start = token === null ? 0 : startOf(list, token);
  if (!Number.isInteger(size) || size < 1 || size > largest || start === undefined) {
    return undefined;
  }
  const end = start + size;
  return { items: all.slice(start, end), nextToken: end < all.length ? tokenOf(list, end) : undefined };
}

/** Opaque, as AWS's are, and with characters that a query must encode. */
function tokenOf(list: string, start: number): string {
  return Buffer.from(JSON.stringify({ list, start, padding: '>>>>>?????' })).toString('base64');
}

function startOf(list: string, token: string): number | undefined {
  const [, start] = /"start":(\d+)/.exec(Buffer.from(token, 'base64').toString()) ?? [];
  return start !== undefined && tokenOf(list, Number(start)) === token ? Number(start) : undefined;
}
