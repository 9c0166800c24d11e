import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';

import { delay } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { once } from '../common/disposable.ts';
import type { Disposable } from '../common/disposable.ts';
import type { Random } from '../common/random.ts';
import type { Locks } from './locks.ts';

/** SQLITE_BUSY: another connection holds the lock. */
const BUSY = 5;
const SHORTEST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;

/** {@link Locks} by exclusive transactions on empty SQLite files: the operating system's own file locks, on every platform. */
export class SqliteLocks implements Locks {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #disposed = new AbortController();

  constructor(folder: string, clock: Clock, random: Random) {
    this.#folder = folder;
    this.#clock = clock;
    this.#random = random;
  }

  async acquire(name: string, waitMs: number): Promise<Disposable | undefined> {
    const { DatabaseSync: Database } = await import('node:sqlite');
    await mkdir(this.#folder, { recursive: true });
    const until = this.#clock.now() + waitMs;
    const path = this.#path(name);
    for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const held = tryLock(new Database(path, { timeout: 0 }));
      if (held !== undefined) {
        return held;
      }
      const left = until - this.#clock.now();
      if (left <= 0) {
        return undefined;
      }
      const jittered = pauseMs * (0.5 + this.#random.uniform() / 2);
      await delay(this.#clock, Math.min(jittered, left), this.#disposed.signal);
    }
  }

  async discard(name: string): Promise<void> {
    // Where another window still has it open, some systems refuse; an empty file is left behind.
    await rm(this.#path(name), { force: true }).catch(() => undefined);
  }

  #path(name: string): string {
    return join(this.#folder, `${name}.lock`);
  }

  dispose(): void {
    this.#disposed.abort();
  }
}

/** Takes ownership of `database`: it is closed when the lock is released, or was not to be had. */
function tryLock(database: DatabaseSync): Disposable | undefined {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { dispose: once(() => database.close()) };
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) {
      return undefined;
    }
    throw error;
  }
}
