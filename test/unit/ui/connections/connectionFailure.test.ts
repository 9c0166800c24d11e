import assert from 'node:assert/strict';

import { inEnglish } from '../../../../src/common/words.ts';
import { StartUrlError } from '../../../../src/connections/startUrl/resolveStartUrl.ts';
import { SignInError } from '../../../../src/flows/signInError.ts';
import { SsoOidcError } from '../../../../src/wire/errors.ts';
import { correctionsOf, failureTitle } from '../../../../src/ui/connections/connectionFailure.ts';
import { wireError } from '../../support/sessions.ts';

function refused(operation: 'RegisterClient' | 'StartDeviceAuthorization'): SsoOidcError {
  return new SsoOidcError({ code: 'InvalidScopeException', operation, what: '', advice: '', sent: 'maybe' });
}

describe('the message about a new connection that does not work', () => {
  for (const [failure, title] of [
    [
      new SignInError('noSuchIdentityCenter'),
      'No IAM Identity Center found with this start URL in eu-west-1',
    ],
    [new SignInError('unsafeVerification'), "The service asked to open a page that doesn't belong to it"],
    [new SignInError('incompleteAnswer'), 'IAM Identity Center returned an unexpected response'],
    [new SignInError('noAccounts'), 'An AWS Builder ID has no AWS accounts'],
    [wireError('NetworkDns'), "Can't reach IAM Identity Center"],
    [wireError('Timeout'), "Can't reach IAM Identity Center"],
    [wireError('NotJson'), 'IAM Identity Center returned an unexpected response'],
    [wireError('InvalidScopeException'), 'IAM Identity Center refused the request'],
    [wireError('InternalServerException'), 'IAM Identity Center is temporarily unavailable'],
    [wireError('TooManyRequestsException'), 'IAM Identity Center is temporarily unavailable'],
    [new StartUrlError('notAPortal', ''), 'No AWS access portal found at this address'],
    [new StartUrlError('unreachable', ''), "Can't reach this address"],
  ] as const) {
    it(`is in its title: ${failure.code}`, () => {
      assert.equal(inEnglish(failureTitle(failure, 'eu-west-1')), title);
    });
  }

  it('does not offer to correct the start URL where RegisterClient refused, which never saw it', () => {
    assert.deepEqual(correctionsOf(refused('RegisterClient'), 'eu-west-1'), ['tryAgain', 'region']);
    assert.deepEqual(correctionsOf(refused('StartDeviceAuthorization'), 'eu-west-1').at(-1), 'startUrl');
  });

  it('offers only another start URL where an AWS Builder ID is asked for AWS accounts', () => {
    assert.deepEqual(correctionsOf(new SignInError('noAccounts'), 'us-east-1'), ['startUrl']);
  });

  it('offers no retry for what does not exist, and no other region before one was chosen', () => {
    const unknown = new SignInError('noSuchIdentityCenter');
    assert.deepEqual(correctionsOf(unknown, 'eu-west-1'), ['region', 'startUrl']);
    assert.deepEqual(correctionsOf(wireError('NetworkDns'), 'eu-west-1'), ['tryAgain', 'region', 'startUrl']);
    assert.deepEqual(correctionsOf(wireError('NetworkDns'), undefined), ['tryAgain', 'startUrl']);
  });
});
