import assert from 'node:assert/strict';

import { WorkUnderWay } from '../../../src/sessions/workUnderWay.ts';

describe('work in progress', () => {
  it('is idle at once where there is none', async () => {
    await new WorkUnderWay().idle();
  });

  it('is waited for, that which was added meanwhile included, and that which fails', async () => {
    const underWay = new WorkUnderWay();
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    assert.equal(underWay.add(first.promise), first.promise);
    let isIdle = false;
    const idle = underWay.idle().then(() => (isIdle = true));
    underWay.add(second.promise).catch(() => undefined);
    first.resolve();
    await new Promise(setImmediate);
    assert.equal(isIdle, false);
    second.reject(new Error('it failed'));
    await idle;
  });
});
