import { fileURLToPath } from 'node:url';

import type { Clock } from '../../../src/common/clock.ts';
import { systemClock } from '../../../src/common/clock.ts';
import type { LogEvent } from '../../../src/common/log.ts';
import { systemRandom } from '../../../src/common/random.ts';
import type { Holder } from '../../../src/common/locks/holder.ts';
import { HostLocks } from '../../../src/common/locks/hostLocks.ts';
import { hostSystem, readHolder } from '../../../src/common/locks/readHolder.ts';
import { isAlive } from './processes.ts';

const HELPER = fileURLToPath(new URL('../../../src/common/locks/lockHelper.ts', import.meta.url));

/** The locks as they are, or without those of the system: then the program that takes them is not there. */
export type LockKind = 'system locks and lock files' | 'lock files alone';

interface OpenLocksOptions {
  readonly kind?: LockKind;
  /** Another one than this process. */
  readonly holder?: Holder;
  /** What is logged. */
  readonly events?: LogEvent[];
  readonly clock?: Clock;
  /** What the process that takes the system's locks finds around it. */
  readonly env?: NodeJS.ProcessEnv;
  /** The program of that process. */
  readonly file?: string;
}

/** The locks in `folder`, as the extension makes them. */
export async function openHostLocks(
  folder: string,
  { kind, holder, events = [], clock = systemClock, env = process.env, file = HELPER }: OpenLocksOptions = {},
): Promise<HostLocks> {
  const note = (event: LogEvent): void => void events.push(event);
  return new HostLocks(folder, {
    clock,
    random: systemRandom,
    log: { info: note, warn: note },
    holder: holder ?? (await readHolder(await hostSystem(process.platform, process.pid))),
    isAlive,
    helper: { file: kind === 'lock files alone' ? `${file}.missing` : file, env },
  });
}
