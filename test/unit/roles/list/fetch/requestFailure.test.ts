import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { fill, inEnglish, render } from '../../../../../src/common/words.ts';
import { failureWords, requestFailure } from '../../../../../src/roles/list/fetch/requestFailure.ts';
import { SignInNeeded } from '../../../../../src/roles/list/fetch/rolesSource.ts';
import { noAccess, noAnswer, portalError, tooManyRequests, unauthorized } from '../support.ts';

const german = JSON.parse(readFileSync('l10n/bundle.l10n.de.json', 'utf8')) as Readonly<
  Record<string, string>
>;

describe('a failed request for the list of roles', () => {
  it('means what its status and its code say', () => {
    const kinds = [
      [tooManyRequests(), 'throttled'],
      [portalError(429, 'NotJson'), 'throttled'],
      [noAccess(), 'forbidden'],
      [portalError(403, 'NotJson'), 'transient'],
      [unauthorized(), 'signInNeeded'],
      [new SignInNeeded(), 'signInNeeded'],
      // A firewall's, in a form of its own.
      [portalError(401, 'UnexpectedStatus'), 'transient'],
      [portalError(404, 'ResourceNotFoundException'), 'notFound'],
      [portalError(404, 'UnexpectedStatus'), 'transient'],
      [portalError(400, 'InvalidRequestException'), 'refused'],
      [portalError(500, 'InternalServerException'), 'transient'],
      [noAnswer(), 'transient'],
      [portalError(200, 'InvalidResponse'), 'transient'],
    ] as const;
    for (const [error, kind] of kinds) {
      assert.equal(requestFailure(error)?.kind, kind, error.message);
    }
    assert.equal(requestFailure(new TypeError('ours')), undefined);
    assert.equal(requestFailure(new DOMException('aborted', 'AbortError')), undefined);
  });

  it('says what happened and what to do, in English and in German', () => {
    const failure = requestFailure(noAccess()) ?? assert.fail('it is none');
    assert.equal(
      inEnglish(failureWords(failure)),
      'You don\'t have access. Ask your administrator if you need it. The service said: "No access" Request ID: request-1.',
    );
    assert.equal(
      render(failureWords(failure), ({ message, args }) =>
        fill({ message: german[message] ?? assert.fail(message), args }),
      ),
      'Sie haben keinen Zugriff. Wenn Sie ihn benötigen, fragen Sie Ihren Administrator. Der Dienst sagte: „No access“ Anforderungs-ID: request-1.',
    );
  });
});
