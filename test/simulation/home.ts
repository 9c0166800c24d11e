import type { Random } from '../../src/common/random.ts';
import type { World } from './world.ts';

interface Write {
  /** `undefined`: removed. */
  readonly text: string | undefined;
  /** The machine that wrote; `undefined` for what befalls the disk itself. */
  readonly by: object | undefined;
  /** True time from which the other machines see it. */
  readonly seenAt: number;
}

/** How far one machine's view of a shared folder may be behind, in milliseconds. */
const MAX_STALE_MS = 3000;

/** The files of a home folder. Where several machines share it, each sees what another wrote a little later. */
export class Home {
  readonly #world: World;
  readonly #random: Random;
  readonly #writes = new Map<string, readonly Write[]>();
  /** Whether more than one machine has it. */
  isShared = false;
  /** In sealed records: the refresh token in each. */
  readonly sealedTokens = new Map<string, string>();

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** The file as `machine` sees it. */
  read(name: string, machine: object): string | undefined {
    const { now } = this.#world;
    return this.#writes.get(name)?.findLast(({ by, seenAt }) => by === machine || seenAt <= now)?.text;
  }

  /** The file as it is. */
  current(name: string): string | undefined {
    return this.#writes.get(name)?.at(-1)?.text;
  }

  /** The files that `machine` sees. */
  names(machine: object): readonly string[] {
    return [...this.#writes.keys()].filter((name) => this.read(name, machine) !== undefined);
  }

  /** @param by the machine that writes */
  replace(name: string, text: string | undefined, by?: object): void {
    const { now } = this.#world;
    const isDelayed = this.isShared && by !== undefined;
    const seenAt = isDelayed ? now + MAX_STALE_MS * this.#random.uniform() : now;
    const writes = this.#writes.get(name) ?? [];
    // Nobody looks behind one that everybody sees.
    const kept = writes.slice(
      Math.max(
        0,
        writes.findLastIndex((write) => write.seenAt <= now),
      ),
    );
    this.#writes.set(name, [...kept, { text, by, seenAt }]);
  }
}
