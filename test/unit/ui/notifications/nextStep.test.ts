import assert from 'node:assert/strict';

import { StartUrlError } from '../../../../src/connections/startUrl/resolveStartUrl.ts';
import { SignInError } from '../../../../src/flows/signInError.ts';
import { VaultNeedsReload } from '../../../../src/sessions/vault/vault.ts';
import { nextStepAfter } from '../../../../src/ui/notifications/nextStep.ts';
import { wireError } from '../../support/sessions.ts';

describe('the next step after a failure', () => {
  const cases: readonly (readonly [what: string, error: unknown, step: string])[] = [
    ['a denied sign-in', new SignInError('accessDenied'), 'tryAgain'],
    ['an expired code', new SignInError('codeExpired'), 'tryAgain'],
    ['an unknown Identity Center', new SignInError('noSuchIdentityCenter'), 'openSettings'],
    ['a lost network', new SignInError('networkLost'), 'runDiagnostics'],
    ['a start URL that leads nowhere', new StartUrlError('notAPortal', ''), 'tryAgain'],
    ['a name that cannot be resolved', wireError('NetworkDns'), 'runDiagnostics'],
    ['a certificate nobody trusts', wireError('NetworkTls'), 'runDiagnostics'],
    ['a proxy that refuses', wireError('NetworkProxy'), 'runDiagnostics'],
    ['a captive portal', wireError('NotJson', { status: 200 }), 'runDiagnostics'],
    ['an error of the service', wireError('InternalServerException', { status: 500 }), 'tryAgain'],
    ['too many requests', wireError('TooManyRequestsException', { status: 429 }), 'tryAgain'],
    ['an invalid scope', wireError('InvalidScopeException', { status: 400 }), 'openSettings'],
    [
      'a policy in front of the service',
      wireError('InvalidScopeException', { status: 400, isDefinitive: false }),
      'runDiagnostics',
    ],
    [
      'a KMS key that is disabled',
      wireError('InvalidRequestException', { status: 400, reason: 'KMS_DisabledException' }),
      'tryAgain',
    ],
    ['an answer that cost the code', new SignInError('unreadableAnswer'), 'tryAgain'],
    ['an endpoint that is refused', wireError('InvalidEndpoint'), 'openSettings'],
    ['a registration that has expired', wireError('InvalidClientException', { status: 401 }), 'tryAgain'],
    ['a window without the key of the vault', new VaultNeedsReload(), 'reloadWindow'],
    ['a bug', new TypeError('x is not a function'), 'showLog'],
  ];
  for (const [what, error, step] of cases) {
    it(`is ${step} after ${what}`, () => assert.equal(nextStepAfter(error), step));
  }
});
