import { isSameVersion } from '../sessionVersions.ts';
import type { Session } from '../session.ts';
import type { StoredSessions } from './indexFormat.ts';

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
  const diminished = new Set(removed.map((session) => session.account.id));
  const changed = [...now.values()].filter((session) => {
    const previous = old.get(session.id);
    const isNews =
      previous !== undefined && (!isSameVersion(previous, session) || isFoundByMore(previous, session));
    return isNews || (previous !== undefined && diminished.has(session.account.id));
  });
  return added.length + removed.length + changed.length === 0 ? undefined : { added, removed, changed };
}

/**
 * The text of what a refresh leaves as it is: who is signed in where, for what, since when, which session has ended, and
 * what was signed out. That never comes back: once something of it has changed, the text is never the same again.
 * What else the sessions say, the vault knows as well.
 */
export function lastingText({ sessions, signedOut }: Pick<StoredSessions, 'sessions' | 'signedOut'>): string {
  const lasting = sessions.map(({ state, ...session }) => ({
    ...session,
    generation: undefined,
    state: state.kind === 'signedIn' ? state.kind : state,
  }));
  return JSON.stringify([lasting, signedOut], (_name, value: unknown) => withSortedMembers(value));
}

function withSortedMembers(value: unknown): unknown {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
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
