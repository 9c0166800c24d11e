import assert from 'node:assert/strict';

import { OnDemand } from '../../../src/common/onDemand.ts';

class Part {
  closed = 0;

  async close(): Promise<void> {
    this.closed += 1;
  }
}

describe('what is started on demand', () => {
  it('is started when first asked for, and once for everybody', async () => {
    let starts = 0;
    const part = new Part();
    const onDemand = new OnDemand(async () => {
      starts += 1;
      return part;
    });
    assert.equal(starts, 0);
    assert.deepEqual(await Promise.all([onDemand.get(), onDemand.get()]), [part, part]);
    assert.equal(await onDemand.get(), part);
    assert.equal(starts, 1);
  });

  for (const how of ['rejects', 'throws'] as const) {
    it(`never fails forever: where starting it ${how}, whoever asks next starts it again`, async () => {
      let starts = 0;
      const part = new Part();
      const onDemand = new OnDemand(() => {
        starts += 1;
        if (starts > 2) {
          return Promise.resolve(part);
        }
        const error = new Error(`failure ${starts}`);
        if (how === 'throws') {
          throw error;
        }
        return Promise.reject(error);
      });
      const first = [onDemand.get(), onDemand.get()];
      for (const asked of first) {
        await assert.rejects(asked, { message: 'failure 1' });
      }
      await assert.rejects(onDemand.get(), { message: 'failure 2' });
      assert.equal(await onDemand.get(), part);
      assert.equal(starts, 3);
    });
  }

  it('is closed once, and not started any more after that', async () => {
    const part = new Part();
    const onDemand = new OnDemand(async () => part);
    await onDemand.get();
    await Promise.all([onDemand.close(), onDemand.close()]);
    assert.equal(part.closed, 1);
    const never = new OnDemand(() => assert.fail('started after it was closed'));
    await never.close();
    await assert.rejects(never.get(), { message: 'The window is being closed.' });
  });

  it('never stays behind when it finishes starting after the window began to close', async () => {
    const part = new Part();
    const { promise, resolve } = Promise.withResolvers<Part>();
    const onDemand = new OnDemand(() => promise);
    const asked = onDemand.get();
    const refused = assert.rejects(asked, { message: 'The window is being closed.' });
    const closed = onDemand.close();
    resolve(part);
    await Promise.all([refused, closed]);
    assert.equal(part.closed, 1);
  });

  it('closes in peace where starting it has failed', async () => {
    const onDemand = new OnDemand<Part>(() => Promise.reject(new Error('injected')));
    const asked = onDemand.get();
    const closed = onDemand.close();
    await assert.rejects(asked, { message: 'injected' });
    await closed;
  });
});
