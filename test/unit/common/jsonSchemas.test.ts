import assert from 'node:assert/strict';

import * as v from 'valibot';

import { readOnce, text, time, wholeFrom, withoutOdd } from '../../../src/common/jsonSchemas.ts';

const optional = { count: v.exactOptional(v.number()), inner: v.exactOptional(v.object({ a: v.string() })) };
const schema = v.pipe(withoutOdd(optional), v.object({ id: v.string(), ...optional }));

describe('an optional member of what others wrote', () => {
  it('is kept where it can be read', () => {
    const whole = { id: 'a', count: 1, inner: { a: '' } };
    assert.deepEqual(v.parse(schema, whole), whole);
  });

  for (const odd of [
    { count: '1' },
    { count: null },
    { count: '' },
    { inner: {} },
    { inner: '' },
    { inner: [] },
  ]) {
    it(`counts as absent where it is ${JSON.stringify(odd)}`, () => {
      assert.deepEqual(v.parse(schema, { id: 'a', ...odd }), { id: 'a' });
    });
  }

  it('takes no needed member with it: that is an error, and named', () => {
    const result = v.safeParse(schema, { id: 7, count: '' });
    assert.ok(!result.success);
    assert.deepEqual(
      result.issues.map((issue) => v.getDotPath(issue)),
      ['id'],
    );
  });

  it('is not mistaken for what every object inherits', () => {
    const written = JSON.parse('{"id":"a","constructor":1,"__proto__":{"count":1}}') as unknown;
    assert.deepEqual(v.parse(schema, written), { id: 'a' });
  });
});

describe('a value of JSON', () => {
  const values = [undefined, null, '', 'a', '1', -1, 0, 0.5, 1, 2, 1e300, NaN, Infinity, true, [], [1], {}];
  const read = (schema: v.GenericSchema): readonly unknown[] => values.filter((value) => v.is(schema, value));

  it('is a text if it is a string with something in it', () => {
    assert.deepEqual(read(text), ['a', '1']);
  });

  it('is a time if it is a finite number', () => {
    assert.deepEqual(read(time), [-1, 0, 0.5, 1, 2, 1e300]);
  });

  it('is a whole number from a least one on', () => {
    assert.deepEqual(read(wholeFrom(0)), [0, 1, 2, 1e300]);
    assert.deepEqual(read(wholeFrom(1)), [1, 2, 1e300]);
  });
});

describe('what is the same in many records', () => {
  it('is read once, and shared, be it right or wrong', () => {
    const seen: unknown[] = [];
    const note = (value: unknown): boolean => seen.push(value) > 0;
    const inner = v.object({ a: v.pipe(v.unknown(), v.check(note), v.string()) });
    const records = v.array(v.object({ inner: v.optional(readOnce(inner)) }));
    const right = v.parse(records, JSON.parse('[{"inner":{"a":"x","b":1}},{},{"inner":{"a":"x","b":1}}]'));
    assert.deepEqual(right, [{ inner: { a: 'x' } }, {}, { inner: { a: 'x' } }]);
    assert.equal(right[0]?.inner, right[2]?.inner);
    const wrong = v.safeParse(records, [{ inner: { a: 1 } }, { inner: { a: 'y' } }, { inner: { a: 1 } }]);
    assert.deepEqual(
      wrong.issues?.map((issue) => v.getDotPath(issue)),
      ['0.inner', '2.inner'],
    );
    assert.deepEqual(seen, ['x', 1, 'y']);
  });
});
