import type { Connection } from '../../connections/connection.ts';
import { isSameIdentityCenter } from '../../connections/identityCenter.ts';
import type { Session } from '../session.ts';
import type { SessionStore } from '../store/sessionStore.ts';

/** More domains than any company puts in front of its portal. */
const MAX_ALIASES = 10;

/** The start URLs that lead to the portal of `connection`: `found` ones, and those that its `sessions` know of. */
export function aliasesOf(
  connection: Connection,
  sessions: readonly Session[],
  found: readonly string[] = [],
): readonly string[] {
  const ours = sessions.filter((session) => isSameIdentityCenter(session.connection, connection));
  return latest([...ours.flatMap((session) => session.aliases ?? []), ...found]);
}

/** Notes that another start URL leads to the portal of `connection`, so that its sessions are found by it as well. */
export async function addAlias(store: SessionStore, connection: Connection, startUrl: string): Promise<void> {
  await store.transact(async (sessions) => ({
    sessions: sessions.map((session) => withAlias(session, connection, startUrl)),
    result: undefined,
  }));
}

function withAlias(session: Session, connection: Connection, startUrl: string): Session {
  const { aliases = [] } = session;
  const isNew = isSameIdentityCenter(session.connection, connection) && !aliases.includes(startUrl);
  return isNew ? { ...session, aliases: latest([...aliases, startUrl]) } : session;
}

/** Each once, and of too many the last ones. */
function latest(aliases: readonly string[]): readonly string[] {
  return [...new Set(aliases)].slice(-MAX_ALIASES);
}
