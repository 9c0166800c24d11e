import assert from 'node:assert/strict';

import { signOutChoices } from '../../../../src/ui/signOut/signOutChoices.ts';

describe('what Sign Out offers while sign-ins are in progress', () => {
  it('is each connection once, and all who ask for it end together', () => {
    const cancelled: number[] = [];
    const pending = ['acme', 'beta', 'acme', undefined].map((connection, index) => ({
      connection,
      cancel: () => void cancelled.push(index),
    }));
    const choices = signOutChoices(pending);
    assert.deepEqual(
      choices.map(({ connection }) => connection),
      ['acme', 'beta', undefined],
    );
    choices[0]?.cancel();
    assert.deepEqual(cancelled, [0, 2]);
  });

  it('is nothing where none is', () => assert.deepEqual(signOutChoices([]), []));
});
