import type { Connection } from './connection.ts';
import { isSameIdentityCenter } from './identityCenter.ts';

/** A connection as it is configured now, and whether it leads to another Identity Center since. */
export interface CurrentConnection {
  readonly connection: Connection;
  readonly isCorrected: boolean;
}

/**
 * What became of a connection since a session was made from it: the one that leads to the same Identity Center, be it
 * under another name; else the one of the same name, which the user has corrected; else, where it is no longer
 * configured, `stored` itself.
 */
export function currentConnection(stored: Connection, configured: readonly Connection[]): CurrentConnection {
  const named = configured.find(({ name }) => name === stored.name);
  const same = [named, ...configured].find(
    (candidate) => candidate !== undefined && isSameIdentityCenter(candidate, stored),
  );
  if (same === undefined && named !== undefined) {
    return { connection: named, isCorrected: true };
  }
  return { connection: same ?? stored, isCorrected: false };
}
