import { BoundedQueue } from '../../common/boundedQueue.ts';
import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import type { Session } from '../session.ts';
import { lastingText } from './difference.ts';
import type { IndexFile } from './indexFile.ts';
import { formatIndex } from './indexFormat.ts';
import type { StoredSessions } from './indexFormat.ts';
import type { PendingWrites } from './pending/pendingWrites.ts';
import type { SharedFolder } from './sharedFolder.ts';

interface IndexWriterParts {
  readonly file: IndexFile;
  readonly folder: SharedFolder;
  readonly pending: PendingWrites;
  readonly clock: Clock;
  readonly log: Log;
}

/** The disk may hang. In milliseconds. */
const DISK_WAIT_MS = 5000;

/** Writes the index file, on a disk that may hang. What cannot be written stays pending. */
export class IndexWriter {
  readonly #parts: IndexWriterParts;
  readonly #disk: BoundedQueue;
  #failedAt = -Infinity;
  /** What the copy has, as far as this window knows: see {@link lastingText}. */
  #copied: string | undefined;

  constructor(parts: IndexWriterParts) {
    this.#parts = parts;
    this.#disk = new BoundedQueue(parts.clock, DISK_WAIT_MS);
  }

  /** When the file last could not be written: milliseconds since the epoch, -Infinity for never. */
  get failedAt(): number {
    return this.#failedAt;
  }

  /**
   * Writes `sessions` over what was found in the file, and with them all pending changes. Never rejects.
   * @param isShared whether another machine may write over it
   * @returns what is in the file by now; `undefined` where it could not be written
   */
  async write(
    sessions: readonly Session[],
    { damaged, ...stored }: StoredSessions,
    isShared: boolean,
  ): Promise<StoredSessions | undefined> {
    const { file, folder, pending, clock, log } = this.#parts;
    const onSaved = pending.changes.saving(isShared);
    try {
      if (damaged) {
        await this.#disk.run(() => file.setAside());
        log.warn({ operation: 'read index', outcome: 'damaged, set aside' });
      }
      const rebuiltAt = damaged ? clock.now() : stored.rebuiltAt;
      const rebuilt = rebuiltAt === undefined ? {} : { rebuiltAt };
      const kept = new Set(sessions.map(({ id }) => id));
      const signedOut = [...stored.signedOut, ...pending.changes.removed].filter(({ id }) => !kept.has(id));
      const leftSecrets = pending.secrets.left(stored.leftSecrets ?? [], kept);
      const hosts = folder.hosts();
      const index = { ...stored, sessions, signedOut, leftSecrets, hosts, ...rebuilt };
      const text = formatIndex(index);
      await this.#disk.run(() => file.replace(text));
      onSaved();
      pending.secrets.noteWritten(kept, leftSecrets);
      await this.#copy(index, text, isShared);
      return { ...index, damaged: false };
    } catch (error) {
      this.#failedAt = clock.now();
      const outcome = 'failed, kept in memory';
      log.warn({ operation: 'save index', outcome, code: errorCode(error) });
      return undefined;
    }
  }

  /**
   * The copy need not have every refresh, except where another machine may have a vault of its own and learns from the
   * copy who has the tokens. An old copy is better than a failure.
   */
  async #copy(
    index: Pick<StoredSessions, 'sessions' | 'signedOut'>,
    text: string,
    isShared: boolean,
  ): Promise<void> {
    const lasting = lastingText(index);
    if (lasting === this.#copied && !isShared) {
      return;
    }
    const { file, log } = this.#parts;
    try {
      await this.#disk.run(() => file.replaceCopy(text));
      this.#copied = lasting;
    } catch (error) {
      log.warn({ operation: 'copy index', outcome: 'failed', code: errorCode(error) });
    }
  }

  /** Disposes of `lock`. A write that hangs may still arrive: until then nobody else may write. */
  async release(lock: Disposable | undefined): Promise<void> {
    if (this.#disk.isHanging) {
      await this.#disk.idle();
    }
    lock?.dispose();
  }
}
