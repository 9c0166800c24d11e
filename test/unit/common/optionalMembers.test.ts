import assert from 'node:assert/strict';

import * as v from 'valibot';

import { withoutOdd } from '../../../src/common/optionalMembers.ts';

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
