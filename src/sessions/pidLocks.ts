import { link, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { delay } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import { once } from '../common/disposable.ts';
import type { Disposable } from '../common/disposable.ts';
import type { Random } from '../common/random.ts';
import { codeOf, readText } from './atomicFile.ts';
import type { Locks } from './locks.ts';

interface PidLocksParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly pid: number;
  /** Whether a process is alive, suspended ones included. */
  readonly isAlive: (pid: number) => boolean;
}

/** Between attempts to take a lock that is held. */
const PAUSE_MS = 50;

/**
 * {@link Locks} for hosts without SQLite: by numbered files with the pid of their holder. Whoever creates the file
 * after the last one holds the lock; that is allowed once the last holder has released it or died, never before.
 * The last file of a lock is never deleted, so that a number is never given twice.
 */
export class PidLocks implements Locks {
  readonly #folder: string;
  readonly #parts: PidLocksParts;
  readonly #disposed = new AbortController();

  constructor(folder: string, parts: PidLocksParts) {
    this.#folder = folder;
    this.#parts = parts;
  }

  async acquire(name: string, waitMs: number): Promise<Disposable | undefined> {
    const { clock, random } = this.#parts;
    await mkdir(this.#folder, { recursive: true });
    const until = clock.now() + waitMs;
    for (;;) {
      const lock = await this.#tryLock(name);
      const left = until - clock.now();
      if (lock !== undefined || left <= 0) {
        return lock;
      }
      await delay(clock, Math.min(left, PAUSE_MS * (0.5 + random.uniform())), this.#disposed.signal);
    }
  }

  async #tryLock(name: string): Promise<Disposable | undefined> {
    const numbers = await this.#numbers(name);
    const last = Math.max(0, ...numbers);
    if (last > 0 && (await this.#isHeld(name, last))) {
      return undefined;
    }
    const mine = last + 1;
    if (!(await this.#create(name, mine))) {
      return undefined;
    }
    // Whoever was slow may have created a number that was already passed over.
    if (Math.max(...(await this.#numbers(name))) > mine) {
      await rm(this.#path(name, mine), { force: true });
      return undefined;
    }
    await Promise.all(numbers.map((number) => rm(this.#path(name, number), { force: true })));
    return { dispose: once(() => void this.#release(name, mine)) };
  }

  /** The file appears with its content, or a process that dies in between would hold the lock for ever. */
  async #create(name: string, number: number): Promise<boolean> {
    const { pid, random } = this.#parts;
    const temporary = join(this.#folder, `${random.uuid()}.tmp`);
    await writeFile(temporary, String(pid), { mode: 0o600 });
    try {
      await link(temporary, this.#path(name, number));
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') {
        return false;
      }
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** One that is gone meanwhile was passed over: somebody else has the lock, or had it. */
  async #isHeld(name: string, number: number): Promise<boolean> {
    const text = await readText(this.#path(name, number));
    const pid = Number(text);
    return text === undefined || (pid > 0 && this.#parts.isAlive(pid));
  }

  /** Pid 0 stands for nobody. A failure leaves the lock taken for as long as this process lives. */
  async #release(name: string, number: number): Promise<void> {
    await writeFile(this.#path(name, number), '0').catch(() => undefined);
  }

  async #numbers(name: string): Promise<readonly number[]> {
    const files = await readdir(this.#folder);
    return files
      .filter((file) => file.startsWith(`${name}.`) && file.endsWith('.pid'))
      .map((file) => Number(file.slice(name.length + 1, -'.pid'.length)))
      .filter((number) => number > 0);
  }

  #path(name: string, number: number): string {
    return join(this.#folder, `${name}.${number}.pid`);
  }

  async discard(name: string): Promise<void> {
    const numbers = await this.#numbers(name).catch(() => []);
    await Promise.all(numbers.map((number) => rm(this.#path(name, number), { force: true }))).catch(
      () => undefined,
    );
  }

  dispose(): void {
    this.#disposed.abort();
  }
}
