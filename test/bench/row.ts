/** One line of the table: what was measured here, beside what was measured of a peer in the same run. */
export interface Row {
  readonly name: string;
  /** Of `ours` and `peer`, as in "12.5 ms". */
  readonly unit: string;
  /** The median. */
  readonly ours: number;
  /** The peer's median; without one where there is nothing to compare with. */
  readonly peer?: number;
  readonly peerName?: string;
  /** `ours` / `peer`. */
  readonly ratio?: number;
  /** How many pairs were measured. */
  readonly runs: number;
  /** The median of the pairs' own ratios. */
  readonly median?: number;
  /** The middle half of the pairs' ratios; of our own values where there is no peer. */
  readonly spread: readonly [from: number, to: number];
  readonly goal: string;
  readonly note?: string;
}

/** A family of rows that are measured together. */
export interface Benchmark {
  /** For `npm run bench -- --only <name>`. */
  readonly name: string;
  /** How many pairs are measured when nobody says otherwise. */
  readonly runs: number;
  measure(runs: number): Promise<readonly Row[]>;
}

/** One pair: measured one right after the other, so that what else the machine does hits both. */
export interface Pair {
  readonly ours: number;
  readonly peer: number;
}

/** What a row is called, and what else it says. */
export interface Caption {
  readonly name: string;
  readonly unit: string;
  readonly goal: string;
  readonly note?: string;
}

/** The row of values that come in pairs. @throws RangeError without a pair */
export function pairedRow(caption: Caption & { readonly peerName: string }, pairs: readonly Pair[]): Row {
  const ours = median(pairs.map((pair) => pair.ours));
  const peer = median(pairs.map((pair) => pair.peer));
  const ratios = pairs.map((pair) => pair.ours / pair.peer);
  return {
    ...caption,
    ours,
    peer,
    ratio: ours / peer,
    runs: pairs.length,
    median: median(ratios),
    spread: middleHalf(ratios),
  };
}

/** The row of values that have no peer. @throws RangeError without a value */
export function plainRow(caption: Caption, values: readonly number[]): Row {
  return { ...caption, ours: median(values), runs: values.length, spread: middleHalf(values) };
}

/** @throws RangeError without a value */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which the share `q` of `values` lies, interpolated. @throws RangeError without a value */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const [low, high] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
  if (low === undefined || high === undefined) throw new RangeError('Nothing was measured.');
  return low + (high - low) * (position - Math.floor(position));
}

function middleHalf(values: readonly number[]): readonly [number, number] {
  return [quantile(values, 0.25), quantile(values, 0.75)];
}
