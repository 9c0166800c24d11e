import { constants } from 'node:fs';
import { copyFile, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join, sep } from 'node:path';

import type { Clock } from '../clock.ts';
import { errorCode } from '../log.ts';
import type { Log } from '../log.ts';
import { unlessMissing } from '../files/missingFile.ts';
import type { Random } from '../random.ts';
import { readText } from '../files/atomicFile.ts';
import type { Holder } from './holder.ts';
import { AbandonedClaims } from './abandonedClaims.ts';
import { Claim } from './claim.ts';
import { formatClaim, parseClaim } from './claimRecord.ts';

export interface ClaimsParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly holder: Holder;
  /** Whether a process that we can see is alive, suspended ones included. */
  readonly isAlive: (pid: number) => boolean;
}

/** Milliseconds in which a claim is written so quickly that nobody can have taken it for an abandoned one. */
const SLOW_MS = 1000;

/**
 * Locks by files that only one can create (`O_EXCL`): that also excludes between two mounts or machines, where the
 * system's own locks often do not. Each names its {@link Holder}; what a holder left behind when it died is removed
 * according to {@link AbandonedClaims}.
 */
export class Claims {
  readonly #folder: string;
  readonly #parts: ClaimsParts;
  readonly #abandoned: AbandonedClaims;
  /** What is being removed just now, by name. */
  readonly #releasing = new Map<string, Promise<void>>();

  constructor(folder: string, parts: ClaimsParts) {
    this.#folder = folder;
    this.#parts = parts;
    this.#abandoned = new AbandonedClaims(parts);
  }

  /** The file that is created for `name`. */
  path(name: string): string {
    return join(this.#folder, `${name}.claim`);
  }

  /**
   * Takes the lock `name` if it is free. The folder must be there.
   * @param hasSystemLock whether the system's lock of that name is held by us
   * @throws what the file system says when the lock cannot be used at all
   */
  async take(name: string, hasSystemLock: boolean): Promise<Claim | undefined> {
    await this.#releasing.get(name);
    const path = this.path(name);
    const claim = await this.#create(path, hasSystemLock);
    if (claim !== undefined) {
      return claim;
    }
    const content = await readText(path);
    if (content === undefined) {
      return this.#create(path);
    }
    const mayRemove = this.#abandoned.isAbandoned(path, content, hasSystemLock);
    return mayRemove && (await this.#remove(path, content)) ? this.#create(path) : undefined;
  }

  /** Gives back what {@link take} gave. Never rejects. */
  release(name: string, claim: Claim): Promise<void> {
    const released = this.#release(name, claim);
    this.#releasing.set(name, released);
    return released;
  }

  async #release(name: string, claim: Claim): Promise<void> {
    if (!(await claim.release())) {
      this.#abandoned.addOwn(claim.id);
    }
    this.#releasing.delete(name);
  }

  /** @param isExclusive whether the system's lock keeps other windows of this mount out meanwhile */
  async #create(path: string, isExclusive = false): Promise<Claim | undefined> {
    const { random, holder, clock } = this.#parts;
    const record = { id: random.uuid(), holder, beat: 0 };
    const startedAt = clock.now();
    const file = await createFile(path);
    if (file === undefined) {
      return undefined;
    }
    try {
      try {
        await file.writeFile(formatClaim(record));
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined);
      throw error;
    }
    // Whoever was slow to write may have lost it, and not every file system keeps its word.
    const tookMs = clock.now() - startedAt;
    const isSure = isExclusive && tookMs >= 0 && tookMs < SLOW_MS;
    if (!isSure && parseClaim((await readText(path)) ?? '')?.id !== record.id) {
      return undefined;
    }
    return new Claim(path, record, this.#parts);
  }

  /**
   * Removes a claim that is abandoned, one window at a time: whoever was slow would otherwise remove the claim of
   * whoever was quick.
   */
  async #remove(path: string, content: string): Promise<boolean> {
    const guardPath = `${path}.remove`;
    const guard = await this.#create(guardPath);
    if (guard === undefined) {
      const left = await readText(guardPath);
      if (left !== undefined && this.#abandoned.isAbandoned(guardPath, left, false)) {
        await rm(guardPath, { force: true });
      }
      return false;
    }
    try {
      return (await readText(path)) === content && (await this.#moveAway(path, content));
    } finally {
      await guard.release();
    }
  }

  /** What turns out to be somebody's living claim is put back. */
  async #moveAway(path: string, content: string): Promise<boolean> {
    const { log, random } = this.#parts;
    const away = `${path}.${random.uuid()}`;
    await unlessMissing(rename(path, away));
    const moved = await readText(away);
    const isRight = moved === undefined || moved === content;
    if (!isRight) {
      await copyFile(away, path, constants.COPYFILE_EXCL).catch((error: unknown) =>
        log.warn({ operation: 'remove lock file', outcome: 'took a living one', code: errorCode(error) }),
      );
    }
    await rm(away, { force: true });
    return isRight;
  }

  /** Never rejects. */
  async discard(name: string): Promise<void> {
    await this.#releasing.get(name);
    await rm(this.path(name), { force: true }).catch(() => undefined);
  }
}

/** `undefined` when there is one already. Windows refuses for a moment what somebody has just removed. */
async function createFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if (errorCode(error) === 'EEXIST' || (errorCode(error) === 'EPERM' && sep === '\\')) {
      return undefined;
    }
    throw error;
  }
}
