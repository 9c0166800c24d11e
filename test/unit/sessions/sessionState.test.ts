import assert from 'node:assert/strict';

import { inEnglish } from '../../../src/common/words.ts';
import type { LastRefresh, Session } from '../../../src/sessions/session.ts';
import { refreshFailure, stateWords, timeLeftWords } from '../../../src/sessions/sessionState.ts';

const NOW = Date.UTC(2026, 0, 2);

function signedIn(leftMs: number, lastRefresh?: LastRefresh): Session {
  return {
    id: '1',
    account: { id: 'acme', label: 'acme' },
    connection: { name: 'acme', startUrl: 'https://acme.awsapps.com/start', region: 'eu-west-1' },
    scopes: [],
    signedInAt: NOW,
    generation: 1,
    state: {
      kind: 'signedIn',
      issuedAt: NOW,
      expiresAt: NOW + leftMs,
      refreshable: true,
      ...(lastRefresh && { lastRefresh }),
    },
  };
}

describe('the state of a session', () => {
  for (const [leftMs, text] of [
    [3_600_000, 'Token valid for 60 minutes'],
    [31_000, 'Token valid for 1 minute'],
    [29_000, 'Token valid for less than a minute'],
    [1, 'Token valid for less than a minute'],
    [0, 'Token expired'],
    [-90_000, 'Token expired'],
  ] as const) {
    it(`with ${leftMs} ms left is: ${text}`, () => {
      assert.equal(inEnglish(timeLeftWords(leftMs)), text);
    });
  }

  it('tells on one line when it began, how long it lasts, and why the last refresh failed', () => {
    const session = signedIn(60_000, { at: NOW, result: 'NetworkReset' });
    assert.equal(
      inEnglish(stateWords(session, NOW, () => 'at noon')),
      'Token valid for 1 minute · Refresh failed (at noon): The connection was lost. · Signed in: at noon',
    );
  });

  it('never shows a token as valid that the secret storage has lost', () => {
    const session = signedIn(60_000);
    assert(session.state.kind === 'signedIn');
    const lost: Session = { ...session, state: { ...session.state, tokensMissing: true } };
    assert.equal(
      inEnglish(stateWords(lost, NOW, () => 'at noon')),
      "The token is no longer in VS Code's secret storage.",
    );
  });

  it('names the failures of an exchange, and leaves a code only of what nobody knows', () => {
    assert.equal(inEnglish(refreshFailure('noAssertion')), "The other account isn't available.");
    assert.equal(
      inEnglish(refreshFailure('KMS_DisabledException')),
      "IAM Identity Center can't use the AWS KMS key that encrypts its data.",
    );
    assert.equal(inEnglish(refreshFailure('ENOSPC')), 'An unexpected problem occurred (ENOSPC).');
    assert.equal(inEnglish(refreshFailure('toString')), 'An unexpected problem occurred (toString).');
  });
});
