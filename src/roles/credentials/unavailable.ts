import { joined, l10n, wordsOf } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { SsoOidcError } from '../../wire/errors.ts';
import { serviceParticulars } from '../../wire/quotedWords.ts';
import type { SessionRole } from './roleCredentials.ts';

/** Why there are no credentials of a role. */
export type UnavailableReason =
  /** The session is signed out. */
  | 'signedOut'
  /** The session needs sign-in. */
  | 'needsSignIn'
  /** The service says that the user may not take this role, or not any more. */
  | 'forbidden'
  /** The service could not be reached, or could not answer just now. */
  | 'notNow'
  /** The terminal that asks has been closed, or the extension was restarted since it was opened. */
  | 'closed';

/** No credentials: a machine-readable reason, and what to do, for the user of the terminal. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: UnavailableReason;
  readonly words: Words;
}

/** What the user reads in the terminal. `notNow` and `forbidden` have the words of the failure as well. */
export function unavailable(reason: Exclude<UnavailableReason, 'notNow'>): Unavailable {
  return { kind: 'unavailable', reason, words: WORDS[reason]() };
}

/** @param why the failure's own words, where there was one */
export function notNow(why?: Words): Unavailable {
  const words = l10n.t("The role's credentials aren't available right now. Try again in a moment.");
  return { kind: 'unavailable', reason: 'notNow', words: why === undefined ? words : [words, ' ', why] };
}

/** @param wasAllowed whether there were credentials until now */
export function forbidden(error: unknown, wasAllowed: boolean): Unavailable {
  if (!(error instanceof SsoOidcError)) {
    return unavailable('forbidden');
  }
  const particulars = serviceParticulars(error.error_description, error.requestId);
  const words = wasAllowed ? joined(' ', [WORDS.forbidden(), ...particulars]) : wordsOf(error);
  return { ...unavailable('forbidden'), words };
}

const WORDS: Readonly<Record<Exclude<UnavailableReason, 'notNow'>, () => Words>> = {
  signedOut: () =>
    l10n.t("You've signed out, so access to this role has ended. Open a new role terminal in VS Code."),
  needsSignIn: () =>
    l10n.t(
      'Your AWS SSO sign-in has ended. Choose Sign In Again in VS Code; this terminal then works again.',
    ),
  forbidden: () =>
    l10n.t(
      'AWS no longer lets you use this role. Ask your administrator, or open a terminal with another role.',
    ),
  closed: () => l10n.t("This terminal's access to the role has ended. Open a new role terminal in VS Code."),
};

/** A role that cannot be taken any more. */
export interface RoleEnded {
  readonly role: SessionRole;
  readonly why: Unavailable;
}
