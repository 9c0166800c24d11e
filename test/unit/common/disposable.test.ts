import assert from 'node:assert/strict';

import { DisposableStore, once } from '../../../src/common/disposable.ts';
import type { Disposable } from '../../../src/common/disposable.ts';

describe('an action that is to happen once', () => {
  it('happens when first called, and never again', () => {
    let calls = 0;
    const act = once(() => (calls += 1));
    assert.equal(calls, 0);
    act();
    act();
    assert.equal(calls, 1);
  });

  it('does not happen again after it has thrown, nor when it calls itself', () => {
    let calls = 0;
    const act = once(() => {
      calls += 1;
      act();
      throw new Error('failed');
    });
    assert.throws(act, { message: 'failed' });
    act();
    assert.equal(calls, 1);
  });
});

describe('a store of disposables', () => {
  let store: DisposableStore;
  let disposed: string[];

  beforeEach(() => {
    store = new DisposableStore();
    disposed = [];
  });

  const item = (name: string): Disposable => ({ dispose: () => void disposed.push(name) });

  function failing(name: string): Disposable {
    return {
      dispose: () => {
        disposed.push(name);
        throw new Error(name);
      },
    };
  }

  it('gives back what is added, and leaves it alone until it is disposed itself', () => {
    const added = item('first');
    assert.equal(store.add(added), added);
    assert.deepEqual(disposed, []);
  });

  it('disposes each item once, the last added first', () => {
    ['first', 'second', 'third'].forEach((name) => store.add(item(name)));
    store.dispose();
    store.dispose();
    assert.deepEqual(disposed, ['third', 'second', 'first']);
  });

  it('disposes at once what is added after that, also while it is being disposed', () => {
    store.add({ dispose: () => void store.add(item('during')) });
    store.dispose();
    store.add(item('after'));
    assert.deepEqual(disposed, ['during', 'after']);
  });

  it('disposes the others too when one throws, and then throws what that one threw', () => {
    store.add(item('first'));
    store.add(failing('second'));
    store.add(item('third'));
    assert.throws(() => store.dispose(), { message: 'second' });
    assert.deepEqual(disposed, ['third', 'second', 'first']);
  });

  it('throws the errors of several together', () => {
    store.add(failing('first'));
    store.add(failing('second'));
    assert.throws(
      () => store.dispose(),
      (error) =>
        error instanceof AggregateError &&
        assert.deepEqual(
          error.errors.map(({ message }: Error) => message),
          ['second', 'first'],
        ) === undefined,
    );
  });
});
