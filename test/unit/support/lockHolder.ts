/**
 * A process that takes a lock, says whether it got it, and holds it until it is killed or told anything:
 * `lockHolder.ts <kind> <folder> <name> [<machine>]`, the last to pass for a process of another machine.
 */
import { openHostLocks } from './hostLocks.ts';
import type { LockKind } from './hostLocks.ts';

const [kind, folder = '', name = '', machine = ''] = process.argv.slice(2);
const elsewhere = { machine, boot: machine, processNamespace: machine, pid: process.pid };
const locks = await openHostLocks(folder, {
  kind: kind as LockKind,
  ...(machine !== '' && { holder: elsewhere }),
});
// The channel keeps the process going.
process.on('message', () => {
  lock?.dispose();
  process.send?.('released');
});
const lock = await locks.acquire(name, 0);
process.send?.(lock === undefined ? 'refused' : 'held');
