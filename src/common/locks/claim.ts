import { open, rm } from 'node:fs/promises';

import type { Clock } from '../clock.ts';
import type { Disposable } from '../disposable.ts';
import { errorCode } from '../log.ts';
import type { Log } from '../log.ts';
import { readText } from '../files/atomicFile.ts';
import { formatClaim, parseClaim } from './claimRecord.ts';
import type { ClaimRecord } from './claimRecord.ts';

/** Milliseconds between two signs of life: see `LEASE_MS` of `abandonedClaims`. */
const BEAT_MS = 5000;
/** Milliseconds since the last one for which nobody can have taken the claim for an abandoned one. */
const SURE_MS = 2 * BEAT_MS;

/** A lock file that this process has created. Its text changes while it is held, so that others see its holder live. */
export class Claim {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #log: Log;
  #record: ClaimRecord;
  #timer: Disposable;
  #writing: Promise<void> = Promise.resolve();
  #isReleased = false;
  #writtenAt: number;

  constructor(
    path: string,
    record: ClaimRecord,
    { clock, log }: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#path = path;
    this.#record = record;
    this.#clock = clock;
    this.#log = log;
    this.#writtenAt = clock.now();
    this.#timer = this.#scheduleBeat();
  }

  get id(): string {
    return this.#record.id;
  }

  #scheduleBeat(): Disposable {
    return this.#clock.schedule(() => {
      this.#writing = this.#beat();
    }, BEAT_MS);
  }

  async #beat(): Promise<void> {
    try {
      if (!(await this.#renew())) {
        this.#log.warn({ operation: 'renew lock file', outcome: 'taken over: no sign of life came through' });
        return;
      }
    } catch (error) {
      this.#log.warn({ operation: 'renew lock file', outcome: 'failed', code: errorCode(error) });
    }
    if (!this.#isReleased) {
      this.#timer = this.#scheduleBeat();
    }
  }

  /** In place: a file that was moved away meanwhile stays away. */
  async #renew(): Promise<boolean> {
    const file = await open(this.#path, 'r+');
    try {
      if (parseClaim(await file.readFile('utf8'))?.id !== this.id) {
        return false;
      }
      this.#record = { ...this.#record, beat: this.#record.beat + 1 };
      await file.write(formatClaim(this.#record), 0);
      this.#writtenAt = this.#clock.now();
      return true;
    } finally {
      await file.close();
    }
  }

  /** Removes the file, if it is still this claim's. Never rejects. @returns whether it was removed */
  async release(): Promise<boolean> {
    this.#isReleased = true;
    this.#timer.dispose();
    await this.#writing;
    try {
      if (await this.#isOurs()) {
        await rm(this.#path, { force: true });
      }
      return true;
    } catch (error) {
      this.#log.warn({ operation: 'remove lock file', outcome: 'failed', code: errorCode(error) });
      return false;
    }
  }

  async #isOurs(): Promise<boolean> {
    const sinceWritten = this.#clock.now() - this.#writtenAt;
    const isSure = sinceWritten >= 0 && sinceWritten < SURE_MS;
    return isSure || parseClaim((await readText(this.#path)) ?? '')?.id === this.id;
  }
}
