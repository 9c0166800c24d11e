import assert from 'node:assert/strict';

import { BoundedQueue } from '../../../src/common/boundedQueue.ts';
import type { WorkTimeout } from '../../../src/common/boundedQueue.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const LIMIT_MS = 3000;
const TIMEOUT = { name: 'WorkTimeout', code: 'Timeout' };

describe('a bounded queue', () => {
  let clock: VirtualClock;
  let queue: BoundedQueue;
  let begun: string[];

  beforeEach(() => {
    clock = new VirtualClock();
    queue = new BoundedQueue(clock, LIMIT_MS);
    begun = [];
  });

  /** Work that ends when told to. */
  function work(name: string): {
    readonly end: (result: string) => void;
    readonly fail: (error: Error) => void;
    readonly run: () => Promise<string>;
  } {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const run = (): Promise<string> => {
      begun.push(name);
      return promise;
    };
    return { end: resolve, fail: reject, run };
  }

  it('gives back what the work gives, or throws what it throws, and keeps no timer', async () => {
    assert.equal(await queue.run(async () => 'done'), 'done');
    await assert.rejects(
      queue.run(async () => {
        throw new Error('injected');
      }),
      { message: 'injected' },
    );
    assert.equal(await queue.run(async () => 'again'), 'again');
    assert.equal(clock.pendingTimers, 0);
  });

  it('begins a piece of work only when the one before has ended', async () => {
    const [first, second] = [work('first'), work('second')];
    const both = [queue.run(first.run), queue.run(second.run)];
    await clock.advance(0);
    assert.deepEqual(begun, ['first']);
    first.fail(new Error('injected'));
    await assert.rejects(both[0] ?? Promise.resolve(), { message: 'injected' });
    second.end('two');
    assert.equal(await both[1], 'two');
  });

  it('never waits longer than its limit, neither for the work nor for its turn', async () => {
    const failed: unknown[] = [];
    const hanging = work('hanging');
    void queue.run(hanging.run).catch((error: unknown) => failed.push(error));
    void queue.run(work('waiting').run).catch((error: unknown) => failed.push(error));
    await clock.advance(LIMIT_MS - 1);
    assert.deepEqual(failed, []);
    await clock.advance(1);
    assert.equal(failed.length, 2);
    failed.forEach((error) => assert.equal((error as WorkTimeout).code, TIMEOUT.code));
    hanging.end('late');
    await clock.advance(0);
    assert.deepEqual(begun, ['hanging'], 'what has given up waiting is not begun any more');
  });

  it('never has more than one piece of work hanging: it refuses the next ones at once', async () => {
    const hanging = work('hanging');
    const late = queue.run(hanging.run);
    late.catch(() => undefined);
    await clock.advance(LIMIT_MS);
    assert.ok(queue.isHanging);
    for (let times = 0; times < 10; times += 1) {
      await assert.rejects(queue.run(work(`${times}`).run), TIMEOUT);
    }
    assert.deepEqual(begun, ['hanging']);
  });

  it('recovers from a hang: it works again once what hung has ended', async () => {
    for (const end of ['end', 'fail'] as const) {
      const hanging = work('hanging');
      const late = queue.run(hanging.run);
      await Promise.all([assert.rejects(late, TIMEOUT), clock.advance(LIMIT_MS)]);
      const idle = queue.idle();
      if (end === 'end') {
        hanging.end('late');
      } else {
        hanging.fail(new Error('late'));
      }
      await idle;
      assert.equal(queue.isHanging, false);
      assert.equal(await queue.run(async () => 'again'), 'again');
    }
  });
});
