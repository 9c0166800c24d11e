import { l10n } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { StartUrlError } from '../../connections/startUrl/resolveStartUrl.ts';
import { SignInError } from '../../flows/signInError.ts';
import { SsoOidcError } from '../../wire/errors.ts';
import { isServiceErrorCode } from '../../wire/serviceErrors.ts';

/** What went wrong with what the user entered, for them to read. */
export type ConnectionFailure = SignInError | SsoOidcError | StartUrlError;

/** What the user can change about it. */
export type Correction = 'tryAgain' | 'region' | 'startUrl';

export function isConnectionFailure(error: unknown): error is ConnectionFailure {
  return error instanceof SignInError || error instanceof SsoOidcError || error instanceof StartUrlError;
}

/** What may help, the most likely first. @param region undefined where it was not reached */
export function correctionsOf(failure: ConnectionFailure, region: string | undefined): readonly Correction[] {
  if (failure.code === 'noAccounts') {
    return ['startUrl'];
  }
  const isUnknown = failure.code === 'noSuchIdentityCenter' && region !== undefined;
  return [
    ...(isUnknown ? [] : (['tryAgain'] as const)),
    ...(region === undefined ? [] : (['region'] as const)),
    ...(hasRegistrationRefused(failure) ? [] : (['startUrl'] as const)),
  ];
}

/** RegisterClient never saw the start URL: correcting it would not help. */
function hasRegistrationRefused(failure: ConnectionFailure): boolean {
  return failure instanceof SsoOidcError && failure.operation === 'RegisterClient' && failure.isDefinitive;
}

/** What went wrong, in a few words. The failure's own message has the details. */
export function failureTitle(failure: ConnectionFailure, region: string | undefined): Words {
  if (failure instanceof StartUrlError) {
    return failure.code === 'notAPortal'
      ? l10n.t('No AWS access portal found at this address')
      : l10n.t("Can't reach this address");
  }
  return failure instanceof SignInError ? signInTitle(failure, region) : wireTitle(failure);
}

function wireTitle(failure: SsoOidcError): Words {
  if (!isServiceErrorCode(failure.code)) {
    // Without any answer, or with one from elsewhere.
    return /^(?:Network|Timeout)/.test(failure.code)
      ? l10n.t("Can't reach IAM Identity Center")
      : l10n.t('IAM Identity Center returned an unexpected response');
  }
  return failure.isTransient
    ? l10n.t('IAM Identity Center is temporarily unavailable')
    : l10n.t('IAM Identity Center refused the request');
}

function signInTitle({ code }: SignInError, region: string | undefined): Words {
  switch (code) {
    case 'noSuchIdentityCenter':
      return region === undefined
        ? l10n.t('No IAM Identity Center found with this start URL')
        : l10n.t('No IAM Identity Center found with this start URL in {0}', region);
    case 'noAccounts':
      return l10n.t('An AWS Builder ID has no AWS accounts');
    case 'unsafeVerification':
      return l10n.t("The service asked to open a page that doesn't belong to it");
    case 'incompleteAnswer':
      return l10n.t('IAM Identity Center returned an unexpected response');
    default:
      return l10n.t('Sign-in failed');
  }
}
