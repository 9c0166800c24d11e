import type { Random } from '../../src/common/random.ts';

/** One of them; `undefined` where there is none. */
export function pick<T>(random: Random, items: Iterable<T>): T | undefined {
  const all = [...items];
  return all[Math.floor(random.uniform() * all.length)];
}
