import assert from 'node:assert/strict';

import { isSameSecret } from '../../../../src/common/loopback/sameSecret.ts';

describe('two secrets', () => {
  it('are the same only to the last character', () => {
    assert.equal(isSameSecret('a secret', 'a secret'), true);
    assert.equal(isSameSecret('', ''), true);
    for (const other of ['', 'a secre', 'a secret ', 'a secreT', 'A secret']) {
      assert.equal(isSameSecret(other, 'a secret'), false, other);
    }
  });
});
