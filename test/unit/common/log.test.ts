import assert from 'node:assert/strict';

import { errorCode } from '../../../src/common/log.ts';

describe('the code of an error', () => {
  it('is what names it for machines, else its class, and never empty', () => {
    assert.equal(errorCode(Object.assign(new Error('x'), { code: 'ENOSPC' })), 'ENOSPC');
    assert.equal(errorCode(Object.assign(new TypeError('x'), { code: '' })), 'TypeError');
    assert.equal(errorCode(Object.assign(new Error('x'), { code: '', name: '' })), 'Error');
    assert.equal(errorCode('thrown'), 'string');
  });
});
