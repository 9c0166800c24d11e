import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 5000;
const LOOK_MS = 20;

/** What keeps this process alive: how many there are of each kind, as Node calls them. */
function open(): ReadonlyMap<string, number> {
  const kinds = Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind);
  return new Map([...kinds].map(([kind, { length }]) => [kind, length]));
}

/**
 * Fails the tests of a file after which something is still open that would keep their process alive. Mocha ends the
 * processes in which it runs files in parallel whatever is open in them; one after the other, the reporter sees it.
 */
export function mochaHooks(): Mocha.RootHookObject {
  let atStart: ReadonlyMap<string, number> = new Map();
  const left = (): readonly string[] =>
    [...open()].flatMap(([kind, count]) => (count > (atStart.get(kind) ?? 0) ? [kind] : []));
  return {
    async beforeAll(this: Mocha.Context) {
      this.timeout(0);
      await nextTurn(); // Mocha has a timer of its own for what is asynchronous, as it has below.
      atStart = open();
    },
    async afterAll(this: Mocha.Context) {
      this.timeout(0);
      await nextTurn();
      const deadline = performance.now() + PATIENCE_MS;
      while (left().length > 0) {
        if (performance.now() > deadline) {
          const [{ file } = {}] = this.test?.parent?.suites ?? [];
          throw new Error(`The tests of ${file} are over, but something is still open: ${left().join(', ')}`);
        }
        await delay(LOOK_MS);
      }
    },
  };
}
