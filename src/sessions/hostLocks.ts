import type { Clock } from '../common/clock.ts';
import type { Random } from '../common/random.ts';
import type { Locks } from './locks.ts';
import { PidLocks } from './pidLocks.ts';
import { SqliteLocks } from './sqliteLocks.ts';

interface HostLocksParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
}

/** The best locks this host has. All windows of a machine run in the same kind of host, and so agree. */
export async function hostLocks(folder: string, parts: HostLocksParts): Promise<Locks> {
  const hasSqlite = await import('node:sqlite').then(
    () => true,
    () => false,
  );
  return hasSqlite ? new SqliteLocks(folder, parts.clock, parts.random) : new PidLocks(folder, parts);
}
