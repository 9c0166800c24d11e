import assert from 'node:assert/strict';

import * as fc from 'fast-check';

import { AccountQueue } from '../../../../../src/roles/list/fetch/accountQueue.ts';

const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 12 });

describe('the queue of accounts', () => {
  it('has each account once, those the user looks at first and the others in order, whatever changes meanwhile', () => {
    const command = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), ids }),
      fc.record({ kind: fc.constant('prefer' as const), ids }),
      fc.record({ kind: fc.constant('take' as const) }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const queue = new AccountQueue();
        const waiting = new Set<string>();
        let preferred: readonly string[] = [];
        for (const command of commands) {
          if (command.kind === 'add') {
            queue.add(command.ids);
            command.ids.forEach((id) => waiting.add(id));
          } else if (command.kind === 'prefer') {
            queue.prefer(command.ids);
            preferred = command.ids;
          } else {
            const expected = preferred.find((id) => waiting.has(id)) ?? waiting.values().next().value;
            assert.equal(queue.next, expected);
            if (expected !== undefined) {
              queue.delete(expected);
              waiting.delete(expected);
            }
          }
          assert.equal(queue.size, waiting.size);
        }
      }),
    );
  });

  it('drops the accounts that are not there any more', () => {
    const queue = new AccountQueue();
    queue.add(['a', 'b', 'c']);
    queue.retain(new Set(['b']));
    assert.equal(queue.next, 'b');
    assert.equal(queue.size, 1);
  });
});
