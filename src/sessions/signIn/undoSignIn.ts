import { replaceSession } from '../sessionVersions.ts';
import type { Session } from '../session.ts';
import type { SignOut } from '../signOut.ts';
import type { SessionStore } from '../store/sessionStore.ts';
import type { TokenStore } from '../store/tokenStore.ts';
import type { KeptSignIn } from './signInKeeper.ts';

interface UndoParts {
  readonly store: SessionStore;
  readonly tokens: TokenStore;
  readonly signOut: SignOut;
}

/**
 * Undoes a sign-in that was cancelled while it was being kept: its session is removed, or is again as it was before,
 * unless somebody has signed in to it since or has signed it out. It is not ended at the service.
 */
export async function undoSignIn(
  { store, tokens, signOut }: UndoParts,
  { session: { id, signedInAt }, replaced }: KeptSignIn,
): Promise<void> {
  if (replaced === undefined) {
    if (store.sessions.some((session) => session.id === id && session.signedInAt === signedInAt)) {
      await signOut.remove(id);
    }
    return;
  }
  await store.transact(async (sessions) => {
    const current = sessions.find((session) => session.id === id && session.signedInAt === signedInAt);
    if (current === undefined) {
      return { sessions, result: undefined };
    }
    // A later version than the sign-in's, for those who have seen that one.
    const version = { signedInAt, generation: current.generation + 1 };
    const before: Session = { ...replaced.session, ...version };
    await (replaced.tokens === undefined
      ? tokens.delete(id)
      : tokens.write(id, { ...replaced.tokens, ...version }));
    return { sessions: replaceSession(sessions, before), result: undefined };
  });
}
