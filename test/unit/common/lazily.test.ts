import assert from 'node:assert/strict';

import { lazily } from '../../../src/common/lazily.ts';

describe('what is loaded lazily', () => {
  it('is loaded when first asked for, and once', async () => {
    let loads = 0;
    const get = lazily(async () => (loads += 1));
    assert.equal(loads, 0);
    assert.deepEqual(await Promise.all([get(), get()]), [1, 1]);
    assert.equal(await get(), 1);
  });

  it('is loaded again after a failure', async () => {
    let loads = 0;
    const get = lazily(async () => {
      loads += 1;
      return loads === 1 ? Promise.reject(new Error('not yet')) : loads;
    });
    await assert.rejects(get(), /not yet/);
    assert.equal(await get(), 2);
  });
});
