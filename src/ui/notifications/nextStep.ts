import { StartUrlError } from '../../connections/startUrl/resolveStartUrl.ts';
import type { SignInErrorCode } from '../../flows/signInError.ts';
import { SignInError } from '../../flows/signInError.ts';
import { SsoOidcError } from '../../wire/errors.ts';
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
  if (error.needsOtherSettings) {
    return 'openSettings';
  }
  // Where a service cannot be reached, the diagnostics show which step fails.
  return error.isTransient && !error.isPassing ? 'runDiagnostics' : 'tryAgain';
}
