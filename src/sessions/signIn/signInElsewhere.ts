import { untilAborted } from '../../common/timeout.ts';
import { isSameIdentityCenter } from '../../connections/identityCenter.ts';
import { isSignedInSince } from '../sessionVersions.ts';
import type { LiveSession, Session } from '../session.ts';
import type { SessionManager } from '../sessionManager.ts';
import type { GrantedSignIn } from './signInKeeper.ts';

/** A sign-in that is wanted, and may be brought by somebody else who wants the same. */
export interface WantedSignIn extends Omit<GrantedSignIn, 'issued'> {
  /** The sessions when it was asked for. */
  readonly seen: readonly Session[];
}

/** The session that answers the request and was signed in to since it was asked for, by whichever window. */
export async function signedInElsewhere(
  sessions: SessionManager,
  { connection, scopes, account, seen }: WantedSignIn,
): Promise<LiveSession | undefined> {
  if (account === 'another') {
    return undefined;
  }
  const live = await sessions.getSessions({ scopes, ...(account !== undefined && { account }) });
  return live.find(
    ({ session }) => isSignedInSince(session, seen) && isSameIdentityCenter(session.connection, connection),
  );
}

/**
 * Obtains a session, or takes the one that another window brings first: of two windows that ask for the same, one
 * sign-in serves both. `obtain` gets a signal that ends its wait for the user then.
 * @throws what `obtain` throws
 */
export async function unlessSignedInElsewhere(
  sessions: SessionManager,
  wanted: WantedSignIn,
  signal: AbortSignal,
  obtain: (signal: AbortSignal) => Promise<LiveSession>,
): Promise<LiveSession> {
  const overtaken = new AbortController();
  let theirs: LiveSession | undefined;
  const check = async (): Promise<void> => {
    const found = await signedInElsewhere(sessions, wanted);
    // A later check may have ended first.
    theirs ??= found;
    if (theirs !== undefined) {
      overtaken.abort(new Error('signed in elsewhere'));
    }
  };
  const listener = sessions.onDidChange(() => void check());
  try {
    // It may have been brought while the user chose what to sign in to.
    await untilAborted(signal, check());
    return theirs ?? (await obtain(AbortSignal.any([signal, overtaken.signal])));
  } catch (error) {
    if (theirs === undefined || error !== overtaken.signal.reason) {
      throw error;
    }
    return theirs;
  } finally {
    listener.dispose();
  }
}
