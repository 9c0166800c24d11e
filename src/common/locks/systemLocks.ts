import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '../clock.ts';
import type { Disposable } from '../disposable.ts';
import type { Log } from '../log.ts';
import type { Random } from '../random.ts';
import type { HelperOutcome, HelperProcess } from './helperProcess.ts';

/** `alwaysBusy`: even a file that nobody else knows cannot be locked. `blocking`: a call does not come back. */
export type UnusableReason = 'alwaysBusy' | 'blocking' | 'failing';

/** Whether the operating system's file locks work in a folder, as far as known. */
export type SystemLocksState =
  | { readonly kind: 'untried' }
  | { readonly kind: 'working' }
  | {
      readonly kind: 'unusable';
      readonly reason: UnusableReason;
      /** What the system said. */
      readonly code: string;
    };

/** A lock that is held; or `'busy'`, because another window has it; or `'unusable'`, because locking does not work. */
export type SystemLock = Disposable | 'busy' | 'unusable';

interface SystemLocksParts {
  readonly helper: HelperProcess;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Milliseconds for which a lock that was had proves that "busy" means somebody. */
const PROOF_MS = 60_000;
/** Milliseconds after which locks that do not work are tried again: what was lost may be mounted again. */
const RETRY_MS = 5 * 60_000;

/**
 * The operating system's file locks in one folder, distinguished from those of a file system where they do not work:
 * CIFS may answer "busy" to everybody, NFS may block, others refuse. They say nothing of who has the folder mounted
 * elsewhere.
 */
export class SystemLocks {
  readonly #folder: string;
  readonly #parts: SystemLocksParts;
  #state: SystemLocksState = { kind: 'untried' };
  #provedAt = -Infinity;
  #unusableAt = -Infinity;

  constructor(folder: string, parts: SystemLocksParts) {
    this.#folder = folder;
    this.#parts = parts;
  }

  get state(): SystemLocksState {
    return this.#state;
  }

  /** The file that is locked for `name`. */
  path(name: string): string {
    return join(this.#folder, `${name}.lock`);
  }

  /** Takes the lock `name` if it is free. The folder must be there. */
  async take(name: string): Promise<SystemLock> {
    const { clock, helper } = this.#parts;
    const sinceUnusable = clock.now() - this.#unusableAt;
    if (this.#state.kind === 'unusable' && sinceUnusable >= 0 && sinceUnusable < RETRY_MS) {
      return 'unusable';
    }
    return this.#judge(await helper.lock(this.path(name)));
  }

  async #judge(outcome: HelperOutcome): Promise<SystemLock> {
    switch (outcome.kind) {
      case 'granted':
        this.#onWorking();
        return outcome.lock;
      case 'busy':
        return (await this.#provesSomebody()) ? 'busy' : 'unusable';
      case 'failed':
        return this.#onUnusable('failing', outcome.code);
      case 'silent':
        return this.#onUnusable('blocking', 'ETIMEDOUT');
    }
  }

  /** A file that nobody else knows can be locked where locking works at all. */
  async #provesSomebody(): Promise<boolean> {
    const { clock, helper, random } = this.#parts;
    const sinceProof = clock.now() - this.#provedAt;
    if (sinceProof >= 0 && sinceProof < PROOF_MS) {
      return true;
    }
    const path = this.path(`probe-${random.uuid()}`);
    const outcome = await helper.lock(path);
    if (outcome.kind === 'granted') {
      outcome.lock.dispose();
      this.#onWorking();
    } else if (outcome.kind === 'busy') {
      this.#onUnusable('alwaysBusy', 'SQLITE_BUSY');
    } else {
      await this.#judge(outcome);
    }
    await this.#remove(path);
    return outcome.kind === 'granted';
  }

  #onWorking(): void {
    const { clock, log } = this.#parts;
    this.#provedAt = clock.now();
    if (this.#state.kind === 'unusable') {
      log.info({ operation: 'system locks', outcome: 'work again' });
    }
    this.#state = { kind: 'working' };
  }

  #onUnusable(reason: UnusableReason, code: string): 'unusable' {
    const { clock, log } = this.#parts;
    this.#unusableAt = clock.now();
    this.#provedAt = -Infinity;
    if (this.#state.kind !== 'unusable' || this.#state.reason !== reason || this.#state.code !== code) {
      log.warn({
        operation: 'system locks',
        outcome: `${OUTCOMES[reason]}, lock files are used alone`,
        code,
      });
    }
    this.#state = { kind: 'unusable', reason, code };
    return 'unusable';
  }

  /** Removes the file of a lock whose name will never be used again. Never rejects. */
  discard(name: string): Promise<void> {
    return this.#remove(this.path(name));
  }

  /** Where another window still has the file open, some systems refuse; an empty file is left behind. */
  async #remove(path: string): Promise<void> {
    for (const file of [path, `${path}-journal`]) {
      await rm(file, { force: true }).catch(() => undefined);
    }
  }
}

const OUTCOMES = {
  alwaysBusy: 'always busy here',
  blocking: 'block here',
  failing: 'fail here',
} as const satisfies Record<UnusableReason, string>;
