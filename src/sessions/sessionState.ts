import { joined, l10n } from '../common/words.ts';
import type { Words } from '../common/words.ts';
import { ERROR_TEXT, KEY_TEXT } from '../wire/errorText.ts';
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
    ? l10n.t('not refreshable')
    : lastRefresh === undefined
      ? l10n.t('not refreshed yet')
      : lastRefresh.result === 'refreshed'
        ? l10n.t('refreshed {0}', timeText(lastRefresh.at))
        : l10n.t('refresh failed {0}: {1}', timeText(lastRefresh.at), refreshFailure(lastRefresh.result));
  // What a person looks for comes first: a pick list cuts off what is longer than its line.
  return joined(' · ', [
    timeLeftWords(expiresAt - now),
    renewal,
    l10n.t('signed in {0}', timeText(signedInAt)),
  ]);
}

/** How long the token is valid. @param leftMs milliseconds */
export function timeLeftWords(leftMs: number): Words {
  if (leftMs <= 0) {
    return l10n.t('token expired');
  }
  const minutes = Math.round(leftMs / 60_000);
  return minutes === 0
    ? l10n.t('token valid for less than a minute')
    : l10n.t('token valid for {0} min', minutes);
}

/** Why a session cannot go on, in a sentence. */
export function reasonWords(reason: NeedsSignInReason): Words {
  switch (reason) {
    case 'rejected':
      return l10n.t(
        'AWS no longer renews this session: it was ended by an administrator, or has reached its full length.',
      );
    case 'rejectedAtOnce':
      return l10n.t(
        'AWS refused to renew this session right after the sign-in. Signing in again would end the same way: check the clock of this machine, and ask your administrator whether the session length or a policy forbids it.',
      );
    case 'answerLost':
      return l10n.t(
        'A renewal was interrupted before its answer arrived, and AWS accepts each renewal only once.',
      );
    case 'expired':
      return l10n.t('The session has expired, and this kind cannot be renewed.');
    case 'tokenMissing':
      return l10n.t("The token is no longer in the editor's secret storage.");
    case 'bindingMismatch':
      return l10n.t("The stored session doesn't match its token, so the token wasn't used.");
    case 'assertionMissing':
      return l10n.t(
        'The account it was made from is signed out in the editor, or may no longer be used for it.',
      );
  }
}

/** Why a refresh failed, from the error code, or the reason of a KMS key, that the session keeps of it. */
export function refreshFailure(code: string): Words {
  if (isKeyReason(code)) {
    return KEY_TEXT[0];
  }
  return FAILURES.get(code) ?? l10n.t('an unexpected problem, {0}', code);
}

const FAILURES: ReadonlyMap<string, Words> = new Map<string, Words>([
  ...Object.entries(ERROR_TEXT).map(([code, [what]]) => [code, what] as const),
  ['assertionNotJwt', l10n.t('the other account has no JSON Web Token')],
  ['awsCliFileUnfinished', l10n.t("the AWS CLI's token file is being written")],
  ['awsCliSignInUnclear', l10n.t("the AWS CLI's sign-in has changed, and only you can say whose it is")],
  ['incompleteAnswer', l10n.t('the answer is incomplete')],
  ['noAssertion', l10n.t('the other account is not at hand')],
]);
