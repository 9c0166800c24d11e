import type { Holder, Host } from '../common/locks/holder.ts';
import type { Connection } from '../connections/connection.ts';
import type { IssuedTokens } from '../flows/tokens.ts';

/** Whom a session belongs to, as VS Code shows it. VS Code keys trust by the label: it never changes. */
export interface Account {
  readonly id: string;
  readonly label: string;
}

/** Why a session cannot go on without the user. */
export type NeedsSignInReason =
  /** The service no longer accepts the refresh token. */
  | 'rejected'
  /** The service did not accept it even once: signing in again would only end here again. */
  | 'rejectedAtOnce'
  /** The answer to an earlier refresh was lost, and with it the token that came in it. */
  | 'answerLost'
  /** The token ended, and there was no refresh token to renew it with. */
  | 'expired'
  /** The token is missing from the secret storage. */
  | 'tokenMissing'
  /** The index says that the session is another one than its tokens belong to. */
  | 'bindingMismatch'
  /** The account whose token is exchanged is not signed in any more, or may not be used. */
  | 'assertionMissing';

/** How the last refresh went: `refreshed`, or the error code that kept it from going. */
export interface LastRefresh {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly result: string;
}

/** When a failed refresh is tried again: by whichever window comes first, so that they add up to one. */
export interface RefreshRetry {
  /** How many attempts in a row have failed; at least 1. */
  readonly failures: number;
  /** When the first of them did. Milliseconds since the epoch. */
  readonly since: number;
  /** While nobody waits for it. Milliseconds since the epoch. */
  readonly backgroundAt: number;
  /** When a user or an extension needs it. Milliseconds since the epoch. */
  readonly personAt: number;
}

/** A refresh token about to be sent, noted before it is: what a crash in between leaves behind. */
export interface RefreshIntent extends Holder {
  /** SHA-256 of the refresh token, base64url. */
  readonly tokenHash: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * The service has turned the session's refresh token down, in a folder that several machines share: one of the others may
 * have used it just before, and its tokens are awaited.
 */
export interface Rejection {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** What the session ends with if nothing comes. */
  readonly reason: NeedsSignInReason;
  /** The service's id of the request. */
  readonly requestId?: string;
}

/** Which of two states of one session is the later one: compare with `isLater`. */
export interface Version {
  /** Milliseconds since the epoch; a later sign-in has a later one, whatever the clock said. */
  readonly signedInAt: number;
  /** Raised by every change of the tokens: a writer that started from an older one has lost. */
  readonly generation: number;
}

export type SessionState =
  | {
      readonly kind: 'signedIn';
      /** Milliseconds since the epoch. */
      readonly issuedAt: number;
      /** Milliseconds since the epoch. */
      readonly expiresAt: number;
      readonly refreshable: boolean;
      readonly lastRefresh?: LastRefresh;
      /** After a failure, until a refresh succeeds. */
      readonly retry?: RefreshRetry;
      readonly intent?: RefreshIntent;
      readonly rejection?: Rejection;
      /** The user has been told that it is about to end. */
      readonly warned?: true;
      /** The vault has no tokens for it, and the user has been told. They may come back. */
      readonly tokensMissing?: true;
    }
  | {
      readonly kind: 'needsSignIn';
      readonly reason: NeedsSignInReason;
      /** Milliseconds since the epoch. */
      readonly since: number;
      /** The service's id of the request that ended it. */
      readonly requestId?: string;
    };

/** All that is known of a session but its tokens: nothing in it is secret. */
export interface Session extends Version {
  readonly id: string;
  readonly account: Account;
  readonly connection: Connection;
  /** As they were requested at sign-in, selectors included. */
  readonly scopes: readonly string[];
  /** Start URLs on a company's own domain that were found to lead to its portal, as selectors name them. */
  readonly aliases?: readonly string[];
  /** The machine whose vault has its tokens, where that is known: others may have a vault of their own. */
  readonly keptBy?: Host;
  readonly state: SessionState;
}

/** A session that goes on, as far as is known. */
export type SignedInSession = Session & { readonly state: Extract<SessionState, { kind: 'signedIn' }> };

export function isSignedIn(session: Session): session is SignedInSession {
  return session.state.kind === 'signedIn';
}

/** Whether the user has to sign in before the session is of use again, as far as is known. */
export function needsUser({ state }: Session): boolean {
  return state.kind === 'needsSignIn' || state.tokensMissing === true;
}

/**
 * Whether its token is over and cannot be refreshed. By the clock, which may be wrong for the moment: such a session is
 * not handed out, and has not ended yet.
 * @param now milliseconds since the epoch
 */
export function isOver({ state }: Session, now: number): boolean {
  return state.kind === 'signedIn' && !state.refreshable && state.expiresAt <= now;
}

/** What tokens belong to, by their own record: checked against the index, which anybody may have written. */
export interface TokenBinding {
  readonly session: string;
  readonly account: Account;
  readonly connection: Connection;
  /** As they were requested at sign-in. */
  readonly scopes: readonly string[];
}

/** The secret half of a session, and the version of the session it belongs to. */
export interface SessionTokens extends Omit<IssuedTokens, 'requestId' | 'scope'>, Version {
  /** Absent in records of the first version. */
  readonly boundTo?: TokenBinding;
}

/** A session with a token to hand out. */
export interface LiveSession {
  readonly session: Session;
  readonly tokens: SessionTokens;
}
