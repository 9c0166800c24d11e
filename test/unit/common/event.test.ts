import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { Emitter } from '../../../src/common/event.ts';
import { unhandledDuring } from '../support/unhandled.ts';

describe('an event', () => {
  let emitter: Emitter<string>;
  let heard: string[];

  beforeEach(() => {
    emitter = new Emitter();
    heard = [];
  });

  const listen = (name: string) => emitter.event((value) => void heard.push(`${name}: ${value}`));

  it('reaches every listener, in the order in which they came', () => {
    listen('first');
    listen('second');
    emitter.fire('news');
    assert.deepEqual(heard, ['first: news', 'second: news']);
  });

  it('reaches a listener until that is disposed, however often', () => {
    const first = listen('first');
    listen('second');
    first.dispose();
    first.dispose();
    emitter.fire('news');
    assert.deepEqual(heard, ['second: news']);
  });

  it('does not reach a listener that an earlier one disposes meanwhile', () => {
    emitter.event(() => last.dispose());
    const last = listen('last');
    emitter.fire('news');
    assert.deepEqual(heard, []);
  });

  it('reaches the same function once for each time it was registered, and each ends by itself', () => {
    const listener = (value: string): void => void heard.push(value);
    const first = emitter.event(listener);
    emitter.event(listener);
    emitter.fire('twice');
    first.dispose();
    emitter.fire('once');
    assert.deepEqual(heard, ['twice', 'twice', 'once']);
  });

  it('reaches nobody once its emitter is disposed', () => {
    listen('first');
    emitter.dispose();
    emitter.fire('news');
    assert.deepEqual(heard, []);
  });

  it('reaches the other listeners and does not fail for the caller when one throws; the error is reported as uncaught', async () => {
    const errors = [new Error('of the first'), new Error('of the last')];
    const left = [...errors];
    const fail = (): void => {
      throw left.shift() ?? new Error('called too often');
    };
    emitter.event(fail);
    listen('second');
    emitter.event(fail);
    const unhandled = await unhandledDuring(async () => {
      emitter.fire('news');
      assert.deepEqual(heard, ['second: news']);
      await nextTurn();
    });
    assert.deepEqual(unhandled, errors);
  });
});
