import assert from 'node:assert/strict';

/**
 * What was matched, listed or read, for a loop that asserts something of each: a loop over nothing would prove nothing.
 * @param what it is, for the message
 * @throws AssertionError when there is nothing
 */
export function nonEmpty<T>(what: string, items: Iterable<T>): readonly T[] {
  const list = [...items];
  assert.ok(list.length > 0, `there is no ${what} to look at`);
  return list;
}
