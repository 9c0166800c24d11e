import { isDeepStrictEqual } from 'node:util';

import type { Machine } from './machine.ts';
import type { SimulatedWindow } from './window.ts';

const SECOND_MS = 1000;
/** A silent call takes no longer than 3 seconds. */
const ANSWERED_MS = 4 * SECOND_MS;
const MAX_READS = 3;

/** What a window hands out: access tokens by session. */
export type View = ReadonlyMap<string, string>;

/** What each of the windows hands out. A refresh just now may fall between two readings; one of several shows them all at rest. */
export async function viewsAtRest(
  { world }: Machine,
  windows: readonly SimulatedWindow[],
): Promise<readonly View[]> {
  const read = async (): Promise<readonly View[]> => {
    const asked = Promise.all(windows.map(({ sessions }) => sessions.getSessions({})));
    await world.run(world.now + ANSWERED_MS);
    return (await asked).map(
      (live) => new Map(live.map(({ session, tokens }) => [session.id, tokens.accessToken])),
    );
  };
  let views = await read();
  for (let reads = 1; reads < MAX_READS && !agree(views); reads += 1) {
    views = await read();
  }
  return views;
}

/** Whether all of them hand out the same. */
export function agree([first, ...others]: readonly View[]): boolean {
  return others.every((view) => isDeepStrictEqual(view, first));
}
