import { isExchangeConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { isBehind, isSameIdentityCenter } from './identityCenter.ts';

/** A connection as it is configured now, and whether it leads to another Identity Center since. */
export interface CurrentConnection {
  readonly connection: Connection;
  readonly isCorrected: boolean;
}

/**
 * What became of a connection since a session was made from it: the one that leads to the same Identity Center, be it
 * under another name or by a company's own domain; else the one of the same name, which the user has corrected; else,
 * where it is no longer configured, `stored` itself.
 */
export function currentConnection(stored: Connection, configured: readonly Connection[]): CurrentConnection {
  const named = configured.find(({ name }) => name === stored.name);
  const candidates = [...(named === undefined ? [] : [named]), ...configured];
  const same = candidates.find((candidate) => isSameIdentityCenter(candidate, stored));
  const before = same ?? candidates.find((candidate) => isBehind(stored, candidate));
  if (before !== undefined) {
    return { connection: same ?? resolvedAs(stored, before), isCorrected: false };
  }
  return named === undefined
    ? { connection: stored, isCorrected: false }
    : { connection: named, isCorrected: true };
}

/** The connection as it is configured now, with the portal that was found behind its domain. */
function resolvedAs(stored: Connection, configured: Connection): Connection {
  if (isExchangeConnection(stored) || isExchangeConnection(configured)) {
    return configured;
  }
  const { startUrl, region } = stored;
  return { ...configured, startUrl, region, configuredStartUrl: configured.startUrl };
}
