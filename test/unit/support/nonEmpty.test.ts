import assert from 'node:assert/strict';

import { nonEmpty } from './nonEmpty.ts';

describe('a loop over what was found', () => {
  it('fails where nothing was found', () => {
    const nothing = 'text'.matchAll(/number/g);
    assert.throws(() => nonEmpty('number', nothing), /there is no number/);
  });

  it('gets all that was found', () => {
    assert.deepEqual(nonEmpty('letter', new Set(['a', 'b'])), ['a', 'b']);
  });
});
