/** Lives the lives it is given, one after the other, and reports each: for `scripts/tasks/simulate.ts`. */
import { simulate } from './simulate.ts';

process.on('message', ({ seed, years }: { readonly seed: number; readonly years: number }) => {
  void simulate(seed, years).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());
