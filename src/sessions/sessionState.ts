import { joined, l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { errorTexts, KEY_TEXT } from '../wire/errorText.ts';
import { isKeyReason } from '../wire/serviceErrors.ts';
import type { NeedsSignInReason, Session } from './session.ts';

/**
 * How the session is doing, on one line.
 * @param now milliseconds since the epoch
 * @param timeText says when something was, from milliseconds since the epoch
 */
export function stateWords(
  { state, signedInAt }: Session,
  now: number,
  timeText: (at: number) => string,
): Words {
  if (state.kind === 'needsSignIn') {
    return reasonWords(state.reason);
  }
  if (state.tokensMissing === true) {
    return reasonWords('tokenMissing');
  }
  const { expiresAt, lastRefresh, refreshable } = state;
  const renewal = !refreshable
    ? l10n.t("Can't be renewed")
    : lastRefresh === undefined
      ? l10n.t('Not refreshed yet')
      : lastRefresh.result === 'refreshed'
        ? refreshedWords(timeText(lastRefresh.at))
        : refreshFailedWords(timeText(lastRefresh.at), lastRefresh.result);
  // What matters most comes first: a pick list cuts off what is longer than its line.
  return joined(' · ', [
    timeLeftWords(expiresAt - now),
    renewal,
    l10n.t({
      message: 'Signed in: {0}',
      args: [timeText(signedInAt)],
      comment: ['{0} is a time, such as 10:15 AM or 11/27/26, 10:15 AM'],
    }),
  ]);
}

/** When the token was refreshed last. */
export function refreshedWords(time: string): Words {
  return l10n.t({
    message: 'Refreshed: {0}',
    args: [time],
    comment: ['{0} is a time, such as 10:15 AM or 11/27/26, 10:15 AM'],
  });
}

/** When the last refresh failed, and why: `code` is the error code that the session keeps. */
export function refreshFailedWords(time: string, code: string): Words {
  return l10n.t({
    message: 'Refresh failed ({0}): {1}',
    args: [time, refreshFailure(code)],
    comment: ['{0} is a time, such as 10:15 AM', '{1} is a sentence that says why'],
  });
}

/** How long the token is valid. @param leftMs milliseconds */
export function timeLeftWords(leftMs: number): Words {
  if (leftMs <= 0) {
    return l10n.t('Token expired');
  }
  const minutes = Math.round(leftMs / 60_000);
  switch (minutes) {
    case 0:
      return l10n.t('Token valid for less than a minute');
    case 1:
      return l10n.t('Token valid for 1 minute');
    default:
      return l10n.t('Token valid for {0} minutes', minutes);
  }
}

/** Why a session cannot go on, in a sentence. */
export function reasonWords(reason: NeedsSignInReason): Words {
  switch (reason) {
    case 'rejected':
      return l10n.t(
        'AWS no longer renews this session. An administrator ended it, or it reached its maximum duration.',
      );
    case 'rejectedAtOnce':
      return l10n.t(
        "AWS refused to renew this session right after you signed in. Signing in again won't help. Check this computer's clock, and ask your administrator whether the session duration or a policy prevents it.",
      );
    case 'answerLost':
      return l10n.t("A token refresh was interrupted, so this session can't be renewed.");
    case 'expired':
      return l10n.t("The session has expired and can't be renewed.");
    case 'tokenMissing':
      return l10n.t("The token is no longer in VS Code's secret storage.");
    case 'bindingMismatch':
      return l10n.t("The stored session doesn't match its token, so the token wasn't used.");
    case 'assertionMissing':
      return l10n.t(
        'The account it was created with is signed out in VS Code, or AWS SSO is no longer allowed to use that account.',
      );
  }
}

/** Why a refresh failed, in a sentence, from the error code, or the reason of a KMS key, that the session keeps of it. */
export function refreshFailure(code: string): Words {
  if (isKeyReason(code)) {
    return KEY_TEXT[0];
  }
  const texts = new Map<string, readonly Words[]>(Object.entries(errorTexts()));
  return (
    texts.get(code)?.[0] ?? OTHER_FAILURES.get(code) ?? l10n.t('An unexpected problem occurred ({0}).', code)
  );
}

const OTHER_FAILURES: ReadonlyMap<string, Words> = new Map<string, Words>([
  ['assertionNotJwt', l10n.t('The other account has no JSON Web Token.')],
  ['awsCliFileUnfinished', l10n.t('The AWS CLI is writing its token file.')],
  [
    'awsCliSignInUnclear',
    l10n.t("The AWS CLI's sign-in has changed. AWS SSO needs you to confirm whose it is."),
  ],
  ['incompleteAnswer', l10n.t('The response is incomplete.')],
  ['noAssertion', l10n.t("The other account isn't available.")],
]);
