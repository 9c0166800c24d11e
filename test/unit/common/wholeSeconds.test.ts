import assert from 'node:assert/strict';

import { wholeSeconds } from '../../../src/common/wholeSeconds.ts';

describe('a time in whole seconds', () => {
  it('is in UTC, and never later than the time itself', () => {
    assert.equal(wholeSeconds(Date.UTC(2026, 0, 31, 12)), '2026-01-31T12:00:00Z');
    assert.equal(wholeSeconds(Date.UTC(2026, 0, 31, 12, 0, 0, 999)), '2026-01-31T12:00:00Z');
  });
});
