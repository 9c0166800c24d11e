import { chmod, mkdir } from 'node:fs/promises';

import { delay } from '../clock.ts';
import { once } from '../disposable.ts';
import type { Disposable } from '../disposable.ts';
import { errorCode } from '../log.ts';
import { BoundedLocks } from './boundedLocks.ts';
import type { Locks } from './locks.ts';
import { Claims } from './claims.ts';
import type { ClaimsParts } from './claims.ts';
import { HelperProcess } from './helperProcess.ts';
import type { HelperOutcome, HelperProgram } from './helperProcess.ts';
import { SystemLocks } from './systemLocks.ts';
import type { SystemLocksState } from './systemLocks.ts';

interface HostLocksParts extends ClaimsParts {
  readonly helper: HelperProgram;
}

/** What came of locks tried for real. `bySystem`, `byFile`: what a second process got while this one held the lock. */
export interface LocksExamination {
  readonly systemLocks: SystemLocksState;
  readonly bySystem: HelperOutcome;
  readonly byFile: HelperOutcome;
}

const EXAMINED_NAME = 'diagnostics';
const EXAMINED_WAIT_MS = 1000;
const MIN_PAUSE_MS = 5;
const MAX_PAUSE_MS = 100;
/** Milliseconds beyond the wait that was asked for: finding out that locks block takes a part of it. */
const GRACE_MS = 15_000;

/**
 * {@link Locks} in two layers, both taken by everybody: the operating system's file lock, where that works, and a lock
 * file. The first is right for the windows of one machine, whatever happens to them; the second also excludes those
 * who see the folder through another mount or machine. So it need not be agreed on which kind is used.
 */
export class HostLocks implements Locks {
  readonly #folder: string;
  readonly #parts: HostLocksParts;
  readonly #helper: HelperProcess;
  readonly #system: SystemLocks;
  readonly #claims: Claims;
  readonly #bounded: BoundedLocks;
  readonly #disposed = new AbortController();
  #hasFolder = false;

  constructor(folder: string, parts: HostLocksParts) {
    this.#folder = folder;
    this.#parts = parts;
    this.#helper = new HelperProcess(parts.helper, parts.clock);
    this.#system = new SystemLocks(folder, { ...parts, helper: this.#helper });
    this.#claims = new Claims(folder, parts);
    const inner: Locks = {
      acquire: (name, waitMs) => this.#acquire(name, waitMs),
      discard: (name) => this.discard(name),
      dispose: () => this.dispose(),
    };
    this.#bounded = new BoundedLocks(inner, parts.clock, GRACE_MS);
  }

  get systemLocks(): SystemLocksState {
    return this.#system.state;
  }

  acquire(name: string, waitMs: number): Promise<Disposable | undefined> {
    return this.#bounded.acquire(name, waitMs);
  }

  async #acquire(name: string, waitMs: number): Promise<Disposable | undefined> {
    const { clock, random } = this.#parts;
    const until = clock.now() + waitMs;
    for (let pauseMs = MIN_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)) {
      const lock = await this.#tryLockInFolder(name);
      const left = until - clock.now();
      if (lock !== undefined || left <= 0) {
        return lock;
      }
      const jittered = pauseMs * (0.5 + random.uniform() / 2);
      await delay(clock, Math.min(jittered, left), this.#disposed.signal);
    }
  }

  /** Whoever deletes what the editor stored for us deletes the folder too. */
  async #tryLockInFolder(name: string): Promise<Disposable | undefined> {
    if (!this.#hasFolder) {
      await this.#makeFolder();
      this.#hasFolder = true;
    }
    try {
      return await this.#tryLock(name);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        throw error;
      }
      await this.#makeFolder();
      return this.#tryLock(name);
    }
  }

  /** Other users of the machine are kept out of it: whoever can open a lock's file can hold the lock. */
  async #makeFolder(): Promise<void> {
    const made = await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    if (made === undefined) {
      // One that an earlier version made. Where there are no modes, this is refused.
      await chmod(this.#folder, 0o700).catch(() => undefined);
    }
  }

  async #tryLock(name: string): Promise<Disposable | undefined> {
    const taken = await this.#system.take(name);
    if (taken === 'busy') {
      return undefined;
    }
    const system = taken === 'unusable' ? undefined : taken;
    try {
      const claim = await this.#claims.take(name, system !== undefined);
      if (claim !== undefined) {
        const release = async (): Promise<void> => {
          await this.#claims.release(name, claim);
          system?.dispose();
        };
        return { dispose: once(() => void release()) };
      }
    } catch (error) {
      if (system === undefined) {
        throw error;
      }
      // A full disk takes no new file. Among the windows of this mount the system's lock is enough.
      this.#parts.log.warn({ operation: 'create lock file', outcome: 'failed', code: errorCode(error) });
      return system;
    }
    system?.dispose();
    return undefined;
  }

  async discard(name: string): Promise<void> {
    await Promise.all([this.#claims.discard(name), this.#system.discard(name)]);
  }

  /**
   * Tries the locks for real: takes one, and has a second process try to.
   * @returns `undefined` when another window keeps trying them at the same time
   * @throws what the file system says when no lock can be taken
   */
  async examine(): Promise<LocksExamination | undefined> {
    const lock = await this.acquire(EXAMINED_NAME, EXAMINED_WAIT_MS);
    if (lock === undefined) {
      return undefined;
    }
    const second = new HelperProcess(this.#parts.helper, this.#parts.clock);
    try {
      const bySystem = await second.lock(this.#system.path(EXAMINED_NAME));
      const byFile = await second.create(this.#claims.path(EXAMINED_NAME));
      return { systemLocks: this.#system.state, bySystem, byFile };
    } finally {
      second.end();
      lock.dispose();
      await this.discard(EXAMINED_NAME);
    }
  }

  dispose(): void {
    this.#disposed.abort();
    this.#helper.dispose();
  }
}
