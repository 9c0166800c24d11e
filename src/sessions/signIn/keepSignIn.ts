import type { LiveSession } from '../session.ts';
import type { GrantedSignIn, KeptSignIn } from './signInKeeper.ts';

/** What becomes of a sign-in that the service has granted. */
export interface GrantedSignIns {
  readonly keep: (granted: GrantedSignIn) => Promise<KeptSignIn>;
  /** It is kept by now: other tools may have it. Never rejects. */
  readonly share: (live: LiveSession) => Promise<void>;
  /** It was cancelled while it was being kept: all is to be as it was before. Never rejects. */
  readonly undo: (kept: KeptSignIn) => Promise<void>;
  /** Nobody will ever use it. Never rejects. */
  readonly drop: (granted: GrantedSignIn) => Promise<void>;
}

/** What may come before a sign-in is kept. */
export interface KeepSignals {
  /** Ends the wait for the user: it was cancelled, or another window has brought what was asked for. */
  readonly waiting: AbortSignal;
  /** It was cancelled: the caller has been rejected, and uses no result. */
  readonly cancelled: AbortSignal;
}

/**
 * Keeps a granted sign-in and shares it, unless it is cancelled before both are done, is not what was requested, or
 * somebody else who asked for the same was first: then it is nowhere but at the service, and is ended there, without
 * making anyone wait for that.
 * @throws the reason of the signal that has aborted; what `keep` throws
 */
export async function keepSignIn(
  { keep, share, undo, drop }: GrantedSignIns,
  granted: GrantedSignIn,
  { waiting, cancelled }: KeepSignals,
): Promise<LiveSession> {
  if (waiting.aborted) {
    void drop(granted);
    throw waiting.reason as Error;
  }
  const live = await keep(granted).catch((error: unknown) => {
    void drop(granted);
    throw error;
  });
  if (live.tokens.accessToken !== granted.issued.accessToken) {
    void drop(granted);
    return live;
  }
  if (!cancelled.aborted) {
    await share(live);
  }
  if (cancelled.aborted) {
    await undo(live);
    void drop(granted);
    throw cancelled.reason as Error;
  }
  return live;
}
