import { runMocha } from './mocha.ts';
import type { Counts } from './stages.ts';

const PATTERNS = ['test/unit/**/*.test.ts', 'test/network/**/*.test.ts', 'test/identity-center/**/*.test.ts'];

/** Runs every suite that needs nothing but Node, and seconds only. `args` are mocha's. */
export function unitTests(args: readonly string[] = []): Promise<Counts> {
  return runMocha(PATTERNS, args);
}

/** Runs simulated fleets of windows through years and faults. */
export function simulation(): Promise<Counts> {
  return runMocha(['test/simulation/**/*.test.ts'], []);
}

/** Runs windows as real processes that share a folder, and kills some. */
export function realProcesses(): Promise<Counts> {
  return runMocha(['test/processes/**/*.test.ts'], []);
}
