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

/**
 * Notes that other start URLs lead to the portal of `connection`, so that its sessions are found by them as well. Asks
 * nothing of the disk where every session knows of them.
 */
export async function addAliases(
  store: SessionStore,
  connection: Connection,
  startUrls: readonly string[],
): Promise<void> {
  const withAliases = (session: Session): Session => withNew(session, connection, startUrls);
  if (store.sessions.some((session) => withAliases(session) !== session)) {
    await store.transact(async (sessions) => ({ sessions: sessions.map(withAliases), result: undefined }));
  }
}

function withNew(session: Session, connection: Connection, startUrls: readonly string[]): Session {
  const { aliases = [] } = session;
  const found = startUrls.filter((startUrl) => !aliases.includes(startUrl));
  const isNew = found.length > 0 && isSameIdentityCenter(session.connection, connection);
  return isNew ? { ...session, aliases: latest([...aliases, ...found]) } : session;
}

/** Each once, and of too many the last ones. */
function latest(aliases: readonly string[]): readonly string[] {
  return [...new Set(aliases)].slice(-MAX_ALIASES);
}
