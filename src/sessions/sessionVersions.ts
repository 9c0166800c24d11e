import { isExchangeConnection } from '../connections/connection.ts';
import type { Connection } from '../connections/connection.ts';
import type { Host } from '../common/locks/holder.ts';
import type { Session, SessionTokens, Version } from './session.ts';

/** Whether `a` came after `b`: by a later sign-in, or by a later refresh after the same one. */
export function isLater(a: Version, b: Version): boolean {
  return a.signedInAt > b.signedInAt || (a.signedInAt === b.signedInAt && a.generation > b.generation);
}

export function isSameVersion(a: Version, b: Version): boolean {
  return a.signedInAt === b.signedInAt && a.generation === b.generation;
}

/** Whether somebody has signed in to the session since the sessions were as `seen`; a refresh is no sign-in. */
export function isSignedInSince({ id, signedInAt }: Session, seen: readonly Session[]): boolean {
  const before = seen.find((session) => session.id === id);
  return before === undefined || signedInAt > before.signedInAt;
}

/** `seen` as it is now, if it still is the version that was seen. */
export function findSession(sessions: readonly Session[], seen: Session): Session | undefined {
  return sessions.find((session) => session.id === seen.id && isSameVersion(session, seen));
}

/** `sessions` with `next` in the place of the session with its id, or at the end. */
export function replaceSession(sessions: readonly Session[], next: Session): readonly Session[] {
  return sessions.some(({ id }) => id === next.id)
    ? sessions.map((session) => (session.id === next.id ? next : session))
    : [...sessions, next];
}

/**
 * `session` after a refresh at `at` (milliseconds since the epoch) that brought `tokens`.
 * @param keptBy the machine that got them
 */
export function renewed(session: Session, tokens: SessionTokens, at: number, keptBy?: Host): Session {
  const { signedInAt, generation } = tokens;
  return {
    ...session,
    ...(keptBy !== undefined && { keptBy }),
    signedInAt,
    generation,
    state: { ...signedIn(tokens, session.connection), lastRefresh: { at, result: 'refreshed' } },
  };
}

/** `sessions` where `session` has `tokens`: whoever got them had no time to say so, and it is said now, at this time. */
export function adopted(
  sessions: readonly Session[],
  session: Session,
  tokens: SessionTokens,
  at: number,
): readonly Session[] {
  return replaceSession(sessions, renewed(session, tokens, at));
}

/** The state of a session that holds `tokens`. An exchange can always be repeated. */
export function signedIn(
  { issuedAt, expiresAt, refreshToken }: SessionTokens,
  connection: Connection,
): Extract<Session['state'], { kind: 'signedIn' }> {
  const refreshable = refreshToken !== undefined || isExchangeConnection(connection);
  return { kind: 'signedIn', issuedAt, expiresAt, refreshable };
}
