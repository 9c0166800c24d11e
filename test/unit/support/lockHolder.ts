/** A process that takes a lock, says so, and holds it until it is killed: `lockHolder.ts <kind> <folder> <name>`. */
import { systemClock } from '../../../src/common/clock.ts';
import { systemRandom } from '../../../src/common/random.ts';
import { PidLocks } from '../../../src/sessions/pidLocks.ts';
import { SqliteLocks } from '../../../src/sessions/sqliteLocks.ts';
import { isAlive } from './processes.ts';

const [kind, folder = '', name = ''] = process.argv.slice(2);
const parts = { clock: systemClock, random: systemRandom, pid: process.pid, isAlive };
const locks =
  kind === 'PidLocks' ? new PidLocks(folder, parts) : new SqliteLocks(folder, systemClock, systemRandom);
const lock = await locks.acquire(name, 0);
process.send?.(lock === undefined ? 'refused' : 'held');
process.on('message', () => lock?.dispose());
