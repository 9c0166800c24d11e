import * as v from 'valibot';

import type { Connection } from '../connections/connection.ts';
import { connectionSchema } from '../connections/settings.ts';
import type { IssuedTokens, RegisteredClient } from '../flows/tokens.ts';

/** Whom a session belongs to, as VS Code shows it. VS Code keys trust by the label: it never changes. */
export interface Account {
  readonly id: string;
  readonly label: string;
}

/** Why a session cannot go on without the person. */
export type NeedsSignInReason =
  /** The service no longer accepts the refresh token. */
  | 'rejected'
  /** The service did not accept it even once: signing in again would only end here again. */
  | 'rejectedAtOnce'
  /** The answer to an earlier refresh was lost, and with it the token that came in it. */
  | 'answerLost'
  /** The token ended, and there was no refresh token to renew it with. */
  | 'expired'
  /** The token is gone from the secret storage. */
  | 'tokenMissing'
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
  /** When a person or an extension needs it. Milliseconds since the epoch. */
  readonly personAt: number;
}

/** A refresh token about to be sent, noted before it is: what a crash in between leaves behind. */
export interface RefreshIntent {
  /** SHA-256 of the refresh token, base64url. */
  readonly tokenHash: string;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
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
      /** The person has been told that it is about to end. */
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
  readonly state: SessionState;
}

/** Whether the user has to sign in before the session is of use again, as far as is known. */
export function needsUser({ state }: Session): boolean {
  return state.kind === 'needsSignIn' || state.tokensMissing === true;
}

/** The secret half of a session, and the version of the session it belongs to. */
export interface SessionTokens extends Omit<IssuedTokens, 'requestId' | 'scope'>, Version {}

/** A session with a token to hand out. */
export interface LiveSession {
  readonly session: Session;
  readonly tokens: SessionTokens;
}

const time = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const text = v.pipe(v.string(), v.minLength(1));

const stateSchema = v.variant('kind', [
  v.object({
    kind: v.literal('signedIn'),
    issuedAt: time,
    expiresAt: time,
    refreshable: v.boolean(),
    lastRefresh: v.exactOptional(v.object({ at: time, result: text })),
    retry: v.exactOptional(v.object({ failures: count, since: time, backgroundAt: time, personAt: time })),
    intent: v.exactOptional(v.object({ tokenHash: text, pid: v.number(), at: time })),
    warned: v.exactOptional(v.literal(true)),
    tokensMissing: v.exactOptional(v.literal(true)),
  }),
  v.object({
    kind: v.literal('needsSignIn'),
    reason: v.picklist([
      'rejected',
      'rejectedAtOnce',
      'answerLost',
      'expired',
      'tokenMissing',
      'assertionMissing',
    ]),
    since: time,
    requestId: v.exactOptional(text),
  }),
]);

/** A session as the index file holds it. */
export const sessionSchema = v.object({
  id: text,
  account: v.object({ id: text, label: text }),
  connection: connectionSchema,
  scopes: v.array(v.string()),
  aliases: v.exactOptional(v.array(v.string())),
  signedInAt: time,
  generation: count,
  state: stateSchema,
}) satisfies v.GenericSchema<unknown, Session>;

/** A client registration as the vault holds it. */
export const registeredClientSchema = v.object({
  clientId: text,
  clientSecret: text,
  issuedAt: time,
  expiresAt: time,
  authorizationEndpoint: v.exactOptional(text),
}) satisfies v.GenericSchema<unknown, RegisteredClient>;

/** Tokens as the vault holds them. */
export const sessionTokensSchema = v.object({
  accessToken: text,
  refreshToken: v.exactOptional(text),
  idToken: v.exactOptional(text),
  issuedAt: time,
  expiresAt: time,
  client: v.exactOptional(registeredClientSchema),
  signedInAt: time,
  generation: count,
}) satisfies v.GenericSchema<unknown, SessionTokens>;
