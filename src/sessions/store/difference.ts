import { isSameVersion } from '../sessionVersions.ts';
import type { Session } from '../session.ts';

/** What changed for those who use sessions: one that needs sign-in is, to them, removed. */
export interface SessionsChange {
  readonly added: readonly Session[];
  readonly removed: readonly Session[];
  readonly changed: readonly Session[];
}

/**
 * The difference between two views. When one session of an account goes and another stays, the survivor counts
 * as changed: VS Code removes the account's menu entry with the first and puts it back with the second.
 * @returns `undefined` when nothing visible changed
 */
export function sessionsChange(
  before: readonly Session[],
  after: readonly Session[],
): SessionsChange | undefined {
  const old = visibleById(before);
  const now = visibleById(after);
  const added = [...now.values()].filter(({ id }) => !old.has(id));
  const removed = [...old.values()].filter(({ id }) => !now.has(id));
  const robbed = new Set(removed.map((session) => session.account.id));
  const changed = [...now.values()].filter((session) => {
    const previous = old.get(session.id);
    const isNews =
      previous !== undefined && (!isSameVersion(previous, session) || isFoundByMore(previous, session));
    return isNews || (previous !== undefined && robbed.has(session.account.id));
  });
  return added.length + removed.length + changed.length === 0 ? undefined : { added, removed, changed };
}

/** A request that had no answer may have one by what is learnt about the session's portal. */
function isFoundByMore({ aliases: known = [] }: Session, { aliases = [] }: Session): boolean {
  return aliases.some((alias) => !known.includes(alias));
}

function visibleById(sessions: readonly Session[]): ReadonlyMap<string, Session> {
  return new Map(
    sessions.filter(({ state }) => state.kind === 'signedIn').map((session) => [session.id, session]),
  );
}
