import assert from 'node:assert/strict';

import { SharedWork } from '../../../src/common/sharedWork.ts';

describe('shared work', () => {
  const cancel = new Error('Canceled');
  let shared: SharedWork<string>;
  let started: { readonly signal: AbortSignal; readonly finish: (result: string) => void }[];
  beforeEach(() => {
    shared = new SharedWork();
    started = [];
  });

  function ask(key: string, { signal } = new AbortController()): Promise<string> {
    return shared.run(key, signal, (workSignal) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      started.push({ signal: workSignal, finish: resolve });
      return promise;
    });
  }

  it('is done once for all who ask for the same, and apart for others', async () => {
    const all = [ask('a'), ask('a'), ask('b')];
    assert.equal(started.length, 2);
    started[0]?.finish('of a');
    started[1]?.finish('of b');
    assert.deepEqual(await Promise.all(all), ['of a', 'of a', 'of b']);
  });

  it('ends for the one who gives up, and goes on for the others', async () => {
    const first = new AbortController();
    const given = ask('a', first);
    const kept = ask('a');
    first.abort(cancel);
    await assert.rejects(given, cancel);
    assert.equal(started[0]?.signal.aborted, false);
    started[0]?.finish('done');
    assert.equal(await kept, 'done');
  });

  it('ends when the last one gives up, with the reason of that one', async () => {
    const callers = [new AbortController(), new AbortController()];
    const asked = callers.map((caller) => ask('a', caller));
    callers[0]?.abort(new Error('The first is gone.'));
    callers[1]?.abort(cancel);
    await Promise.allSettled(asked);
    assert.equal(started[0]?.signal.reason, cancel);
  });

  it('starts again after it is over, whether done, failed or given up', async () => {
    const given = new AbortController();
    const first = ask('a', given);
    given.abort(cancel);
    await assert.rejects(first, cancel);
    const second = ask('a');
    started[1]?.finish('done');
    await second;
    const failed = shared.run('a', new AbortController().signal, async () => {
      throw cancel;
    });
    await assert.rejects(failed, cancel);
    void ask('a');
    assert.equal(started.length, 3);
  });

  it('never starts for a caller that has given up already', async () => {
    const given = new AbortController();
    given.abort(cancel);
    await assert.rejects(ask('a', given), cancel);
    assert.equal(started.length, 0);
  });
});
