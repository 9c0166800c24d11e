import { isKeyReason, isServiceErrorCode } from '../../wire/serviceErrors.ts';
import type { Session } from '../session.ts';
import type { SessionStore } from '../store/sessionStore.ts';

/** Notices that the machine is on another network. */
export class NetworkWatch {
  readonly #networkId: () => string;
  /** The network seen last, and when it was: milliseconds since the epoch. */
  #last: { readonly id: string; readonly seenAt: number } | undefined;

  constructor(networkId: () => string) {
    this.#networkId = networkId;
  }

  /**
   * Takes note of the network at `now`.
   * @returns when the one before was last seen, if this is another one; both in milliseconds since the epoch
   */
  note(now: number): number | undefined {
    const before = this.#last;
    const id = this.#networkId();
    this.#last = { id, seenAt: now };
    return before !== undefined && before.id !== id ? before.seenAt : undefined;
  }
}

/**
 * Lets refreshes that fail since `until` or longer (milliseconds since the epoch) be tried at once: what failed on another
 * network says nothing about this one. What the service itself has said still counts.
 * @returns whether there were such
 */
export async function clearRetriesAfterNetworkChange(store: SessionStore, until: number): Promise<boolean> {
  const isStale = (session: Session): boolean => isFailingSince(session, until);
  if (!store.sessions.some(isStale)) {
    return false;
  }
  await store.transact(async (sessions) => ({
    sessions: sessions.map((session) => (isStale(session) ? withoutRetry(session) : session)),
    result: undefined,
  }));
  return true;
}

function isFailingSince({ state }: Session, at: number): boolean {
  if (state.kind !== 'signedIn' || state.retry === undefined) {
    return false;
  }
  const { result = '' } = state.lastRefresh ?? {};
  return state.retry.since <= at && !isServiceErrorCode(result) && !isKeyReason(result);
}

function withoutRetry(session: Session): Session {
  if (session.state.kind !== 'signedIn') {
    return session;
  }
  const { retry: _, ...state } = session.state;
  return { ...session, state };
}
