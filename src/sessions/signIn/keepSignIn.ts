import type { LiveSession } from '../session.ts';
import type { GrantedSignIn } from './signInKeeper.ts';

/** What becomes of a sign-in that the service has granted. */
export interface GrantedSignIns {
  readonly keep: (granted: GrantedSignIn) => Promise<LiveSession>;
  /** It is kept by now: other tools may have it. Never rejects. */
  readonly share: (live: LiveSession) => Promise<void>;
  /** Nobody will ever use it. Never rejects. */
  readonly drop: (granted: GrantedSignIn) => Promise<void>;
}

/**
 * Keeps a granted sign-in and shares it, unless it was cancelled meanwhile, is not what was requested, or somebody else
 * who asked for the same was first: then it is nowhere but at the service, and is ended there, without making anyone
 * wait for that.
 * @throws the signal's reason when `signal` has aborted; what `keep` throws
 */
export async function keepSignIn(
  { keep, share, drop }: GrantedSignIns,
  granted: GrantedSignIn,
  signal: AbortSignal,
): Promise<LiveSession> {
  if (signal.aborted) {
    void drop(granted);
    throw signal.reason as Error;
  }
  const live = await keep(granted).catch((error: unknown) => {
    void drop(granted);
    throw error;
  });
  if (live.tokens.accessToken !== granted.issued.accessToken) {
    void drop(granted);
    return live;
  }
  await share(live);
  return live;
}
