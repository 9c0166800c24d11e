import { runMocha } from './mocha.ts';
import type { Counts } from './stages.ts';

const PATTERNS = [
  'test/unit/**/*.test.ts',
  'test/network/**/*.test.ts',
  'test/identity-center/**/*.test.ts',
  'test/simulation/**/*.test.ts',
];

/** Runs every suite that needs nothing but Node. `args` are mocha's. */
export function unitTests(args: readonly string[] = []): Promise<Counts> {
  return runMocha(PATTERNS, args);
}
