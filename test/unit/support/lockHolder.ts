/**
 * A process that takes a lock, says whether it got it, and holds it until it is killed or told anything:
 * `lockHolder.ts <kind> <folder> <name>`.
 */
import { openHostLocks } from './hostLocks.ts';
import type { LockKind } from './hostLocks.ts';

const [kind, folder = '', name = ''] = process.argv.slice(2);
const locks = await openHostLocks(folder, { kind: kind as LockKind });
// The channel keeps the process going.
process.on('message', () => {
  lock?.dispose();
  process.send?.('released');
});
const lock = await locks.acquire(name, 0);
process.send?.(lock === undefined ? 'refused' : 'held');
