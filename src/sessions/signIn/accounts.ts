import { isExchangeConnection } from '../../connections/connection.ts';
import type { Connection } from '../../connections/connection.ts';
import { identityCenterKey, isSameIdentityCenter } from '../../connections/identityCenter.ts';
import type { User } from '../../flows/idToken.ts';
import { isSameRequest, parseScopes } from '../scopes.ts';
import { isSignedInSince } from '../sessionVersions.ts';
import type { Account, Session } from '../session.ts';

/** Whose sign-in is meant: an account, or one that is not there yet. */
export type ChosenAccount = Account | 'another';

interface NewSignIn {
  readonly connection: Connection;
  /** As requested. */
  readonly scopes: readonly string[];
  /** The account the user or the consumer chose, if any. */
  readonly account?: ChosenAccount;
  /** The id of the session that the user signs in to again, whatever scopes it had. */
  readonly renews?: string;
  /** Whether the user has led the connection of the chosen account elsewhere, where it is to be signed in to now. */
  readonly isCorrected?: boolean;
  /** Who signed in, where the ID token says. */
  readonly user: User | undefined;
  /** The ids of sessions that were not handed out when it was asked for: their tokens could not be had, or were over. */
  readonly unusable?: ReadonlySet<string>;
  /** The sessions when the sign-in was asked for: one that was signed in to since is what others asked for as well. */
  readonly seen?: readonly Session[];
}

/** Where a sign-in belongs: an account, and the session of that account it renews, if there is one. */
export interface Placement {
  readonly account: Account;
  readonly renews: Session | undefined;
}

/**
 * Decides whose sign-in this is. The ID token has the last word; without one it is the chosen account; without that,
 * the one that somebody else who asked has just signed in to; without that, the first account of this Identity Center
 * that has no such session yet, else a further account.
 */
export function placeSignIn(sessions: readonly Session[], signIn: NewSignIn): Placement {
  const ours = sessions.filter((session) => isOurs(session, signIn));
  const account = knownAccount(ours, signIn) ?? newAccount(sessions, signIn);
  const own = ours.filter((session) => session.account.id === account.id);
  const again = own.find(({ id }) => id === signIn.renews);
  const equal = own.filter((session) => hasScopes(session, signIn));
  return { account, renews: equal.find((session) => session === again) ?? equal[0] ?? again };
}

/**
 * The accounts among which the user has to choose before a sign-in, because no ID token will name the user; none where
 * that is clear.
 * @param live the sessions that have tokens
 */
export function accountChoices(
  sessions: readonly Session[],
  live: readonly Session[],
  signIn: Pick<NewSignIn, 'connection' | 'scopes'>,
): readonly Account[] {
  const ours = sessions.filter(
    ({ connection, account }) =>
      isSameIdentityCenter(connection, signIn.connection) && subjectOf(account) === undefined,
  );
  const accounts = new Map(ours.map(({ account }) => [account.id, account]));
  const isTaken = live.some((session) => accounts.has(session.account.id) && hasScopes(session, signIn));
  return isTaken || accounts.size > 1 ? [...accounts.values()] : [];
}

/**
 * The account that was asked for, as far as it can be distinguished from the one that `placed` is: one that is signed
 * out, and that no ID token names, may be the same.
 */
export function certainAccount(
  sessions: readonly Session[],
  account: ChosenAccount | undefined,
  placed: Account,
): Account | undefined {
  if (typeof account !== 'object' || sessions.some((session) => session.account.id === account.id)) {
    return typeof account === 'object' ? account : undefined;
  }
  const subjects = new Set([account, placed].map(subjectOf));
  return subjects.size === 1 || subjects.has(undefined) ? undefined : account;
}

/** Whether the session belongs to the Identity Center of the sign-in, or has been corrected to do so. */
function isOurs({ account, connection }: Session, signIn: NewSignIn): boolean {
  const isChosen = typeof signIn.account === 'object' && signIn.account.id === account.id;
  const isCorrected = signIn.isCorrected === true && isChosen && connection.name === signIn.connection.name;
  return isCorrected || isSameIdentityCenter(connection, signIn.connection);
}

function knownAccount(ours: readonly Session[], signIn: NewSignIn): Account | undefined {
  const { user, account: chosen, unusable, seen } = signIn;
  const accounts = ours.map(({ account }) => account);
  const theirs = accounts.find((account) => user !== undefined && subjectOf(account) === user.subject);
  if (theirs !== undefined || chosen === 'another') {
    return theirs;
  }
  if (chosen !== undefined) {
    const found = accounts.find(({ id }) => id === chosen.id);
    // Of an account without a name anybody may be the owner; of one with another name, not this user.
    return found !== undefined && user !== undefined && subjectOf(found) !== undefined ? undefined : found;
  }
  if (user !== undefined) {
    return undefined;
  }
  const isNews = (session: Session): boolean => seen !== undefined && isSignedInSince(session, seen);
  const taken = ours.filter(
    (session) =>
      session.state.kind === 'signedIn' &&
      (unusable?.has(session.id) !== true || isNews(session)) &&
      hasScopes(session, signIn),
  );
  return (
    taken.find(isNews)?.account ?? accounts.find(({ id }) => !taken.some(({ account }) => account.id === id))
  );
}

function newAccount(sessions: readonly Session[], signIn: NewSignIn): Account {
  const { connection, user } = signIn;
  const base = user?.email === undefined ? connection.name : `${user.email} (${connection.name})`;
  const labels = sessions.map(({ account }) => account.label);
  const ids = sessions.map(({ account }) => account.id);
  const place = placeOf(connection);
  const subject = user === undefined ? '' : `${SUBJECT}${user.subject}`;
  return {
    id: rememberedId(signIn, ids) ?? firstFree(place + subject, (n) => `${place}#${n}${subject}`, ids),
    label: firstFree(base, (n) => `${base} (${n})`, labels),
  };
}

/** What the ids of an Identity Center's accounts begin with. One with an endpoint of its own shares none with AWS's own. */
function placeOf(connection: Connection): string {
  if (connection.endpointUrl !== undefined) {
    return identityCenterKey(connection);
  }
  return isExchangeConnection(connection) ? connection.applicationArn : connection.startUrl;
}

/** An account that was signed out may be known to an extension still: it is found again by its id. */
function rememberedId(
  { account, user, connection }: NewSignIn,
  taken: readonly string[],
): string | undefined {
  const isRemembered = typeof account === 'object' && user === undefined && isIdAt(account, connection);
  return isRemembered && !taken.includes(account.id) ? account.id : undefined;
}

/** Whether a sign-in to `connection` may bring the account: it is there, or has been and was signed out. */
export function isPossible(account: Account, connection: Connection, sessions: readonly Session[]): boolean {
  return isIdAt(account, connection) || sessions.some((session) => session.account.id === account.id);
}

function isIdAt({ id }: Account, connection: Connection): boolean {
  const place = placeOf(connection);
  return id.startsWith(place) && /^(?:#\d+)?(?:#sub=.+)?$/.test(id.slice(place.length));
}

function firstFree(first: string, further: (n: number) => string, taken: readonly string[]): string {
  let candidate = first;
  for (let n = 2; taken.includes(candidate); n += 1) {
    candidate = further(n);
  }
  return candidate;
}

const SUBJECT = '#sub=';

/** The user whose account it is, where an ID token has named them; see `User`. */
export function subjectOf({ id }: Account): string | undefined {
  const index = id.indexOf(SUBJECT);
  return index < 0 ? undefined : id.slice(index + SUBJECT.length);
}

function hasScopes(session: Session, { scopes }: Pick<NewSignIn, 'scopes'>): boolean {
  return isSameRequest(parseScopes(session.scopes), parseScopes(scopes));
}
