import { isExchangeConnection } from '../connections/connection.ts';
import type { Connection } from '../connections/connection.ts';
import type { Person } from '../flows/idToken.ts';
import { isSameRequest, parseScopes } from './scopes.ts';
import type { Account, Session } from './session.ts';

interface NewSignIn {
  readonly connection: Connection;
  /** As requested. */
  readonly scopes: readonly string[];
  /** The account the person or the consumer chose, if any. */
  readonly account?: Account;
  /** Who signed in, where the ID token says. */
  readonly person: Person | undefined;
}

/** Where a sign-in belongs: an account, and the session of that account it renews, if there is one. */
export interface Placement {
  readonly account: Account;
  readonly renews: Session | undefined;
}

/**
 * Decides whose sign-in this is. The ID token has the last word; without one it is the chosen account;
 * without that, the first account of this connection that has no such session yet, else a further account.
 */
export function placeSignIn(sessions: readonly Session[], signIn: NewSignIn): Placement {
  const issuer = issuerOf(signIn.connection);
  const ours = sessions.filter((session) => issuerOf(session.connection) === issuer);
  const account = knownAccount(ours, signIn, issuer) ?? newAccount(sessions, signIn, issuer);
  const renews = ours.find((session) => session.account.id === account.id && hasScopes(session, signIn));
  return { account, renews };
}

function knownAccount(ours: readonly Session[], signIn: NewSignIn, issuer: string): Account | undefined {
  if (signIn.person !== undefined) {
    const id = personId(issuer, signIn.person);
    return ours.find((session) => session.account.id === id)?.account;
  }
  if (signIn.account !== undefined) {
    const { id } = signIn.account;
    return ours.find((session) => session.account.id === id)?.account;
  }
  const taken = ours.filter((session) => session.state.kind === 'signedIn' && hasScopes(session, signIn));
  return ours.find(({ account }) => !taken.some((session) => session.account.id === account.id))?.account;
}

function newAccount(
  sessions: readonly Session[],
  { connection, person }: NewSignIn,
  issuer: string,
): Account {
  const base = person?.email === undefined ? connection.name : `${person.email} (${connection.name})`;
  const label = firstFree(
    base,
    (n) => `${base} (${n})`,
    sessions.map((session) => session.account.label),
  );
  const id =
    person === undefined
      ? firstFree(
          issuer,
          (n) => `${issuer}#${n}`,
          sessions.map((session) => session.account.id),
        )
      : personId(issuer, person);
  return { id, label };
}

function firstFree(first: string, further: (n: number) => string, taken: readonly string[]): string {
  let candidate = first;
  for (let n = 2; taken.includes(candidate); n += 1) {
    candidate = further(n);
  }
  return candidate;
}

function personId(issuer: string, { subject }: Person): string {
  return `${issuer}#sub=${subject}`;
}

function issuerOf(connection: Connection): string {
  return isExchangeConnection(connection) ? connection.applicationArn : connection.startUrl;
}

function hasScopes(session: Session, { scopes }: NewSignIn): boolean {
  return isSameRequest(parseScopes(session.scopes), parseScopes(scopes));
}
