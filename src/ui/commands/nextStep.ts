import { StartUrlError } from '../../connections/startUrl/resolveStartUrl.ts';
import type { SignInErrorCode } from '../../flows/signInError.ts';
import { SignInError } from '../../flows/signInError.ts';
import { isTransient, SsoOidcError } from '../../wire/errors.ts';
import type { SsoOidcErrorCode } from '../../wire/errors.ts';
import { VaultNeedsReload } from '../../sessions/vault/vault.ts';

/** The one thing that helps most after a failed sign-in. */
export type NextStepKind = 'tryAgain' | 'openSettings' | 'runDiagnostics' | 'reloadWindow' | 'showLog';

const SIGN_IN_STEPS: Readonly<Partial<Record<SignInErrorCode, NextStepKind>>> = {
  networkLost: 'runDiagnostics',
  noSuchIdentityCenter: 'openSettings',
  unsafeVerification: 'openSettings',
  incompleteAnswer: 'runDiagnostics',
  malformedScope: 'openSettings',
  unusableRequest: 'showLog',
  otherIdentityCenter: 'openSettings',
  scopesNotGranted: 'openSettings',
};

/** What only other settings change. */
const SETTINGS_ERRORS: ReadonlySet<SsoOidcErrorCode> = new Set([
  'InvalidClientMetadataException',
  'InvalidEndpoint',
  'InvalidRedirectUriException',
  'InvalidRequestException',
  'InvalidRequestRegionException',
  'InvalidScopeException',
  'UnauthorizedClientException',
  'UnsupportedGrantTypeException',
]);

/** What passes by itself. */
const PASSING_ERRORS: ReadonlySet<SsoOidcErrorCode> = new Set([
  'InternalServerException',
  'TooManyRequestsException',
]);

/** The next step after `error` ended a sign-in. */
export function nextStepAfter(error: unknown): NextStepKind {
  if (error instanceof SignInError) {
    return SIGN_IN_STEPS[error.code] ?? 'tryAgain';
  }
  if (error instanceof StartUrlError) {
    return 'tryAgain';
  }
  if (error instanceof VaultNeedsReload) {
    return 'reloadWindow';
  }
  if (!(error instanceof SsoOidcError)) {
    return 'showLog';
  }
  if (SETTINGS_ERRORS.has(error.code) && !isTransient(error) && !error.isKeyFault) {
    return 'openSettings';
  }
  // A service that cannot be reached is worth a look at the way to it.
  return isTransient(error) && !PASSING_ERRORS.has(error.code) ? 'runDiagnostics' : 'tryAgain';
}
