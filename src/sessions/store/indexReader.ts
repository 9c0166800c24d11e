import { BoundedQueue } from '../../common/boundedQueue.ts';
import type { Clock } from '../../common/clock.ts';
import { errorCode } from '../../common/log.ts';
import type { Log } from '../../common/log.ts';
import type { IndexFile } from './indexFile.ts';
import { parseIndex } from './indexFormat.ts';
import type { StoredSessions } from './indexFormat.ts';
import type { SharedFolder } from './sharedFolder.ts';

interface IndexReaderParts {
  readonly file: IndexFile;
  readonly folder: SharedFolder;
  readonly clock: Clock;
  readonly log: Log;
}

/** The disk may hang. In milliseconds. */
const DISK_WAIT_MS = 5000;

/** Reads the index file and its copy, on a disk that may hang. */
export class IndexReader {
  readonly #file: IndexFile;
  readonly #folder: SharedFolder;
  readonly #log: Log;
  readonly #disk: BoundedQueue;
  /** Most reads find the file as it was. */
  #last: { readonly text: string; readonly stored: StoredSessions } | undefined;

  constructor({ file, folder, clock, log }: IndexReaderParts) {
    this.#file = file;
    this.#folder = folder;
    this.#log = log;
    this.#disk = new BoundedQueue(clock, DISK_WAIT_MS);
  }

  /** What was found last; the same object for as long as the file stays the same. */
  get last(): StoredSessions | undefined {
    return this.#last?.stored;
  }

  /** The ids of removed sessions whose secrets may still be there. */
  get leftSecrets(): readonly string[] {
    const { sessions = [], leftSecrets = [], newer } = this.last ?? {};
    const ids = new Set([...sessions, ...(newer?.sessions ?? [])].map(({ id }) => id));
    return leftSecrets.filter((id) => !ids.has(id));
  }

  /**
   * What is in the file. Never rejects.
   * @param isExpected whether there were sessions in it before: where there is no file, they are lost
   * @returns `undefined` when it cannot be read just now: then nothing may be written over it either
   */
  async read(isExpected: boolean): Promise<StoredSessions | undefined> {
    try {
      const text = await this.#disk.run(() => this.#file.read());
      if (text === undefined) {
        const isLost = isExpected || (await this.readCopy()) !== undefined;
        return { sessions: [], damaged: isLost, signedOut: [] };
      }
      if (this.#last?.text !== text) {
        this.#last = { text, stored: parseIndex(text) };
        this.#folder.note(this.#last.stored.hosts ?? []);
        if (this.#last.stored.isReadOnly === true) {
          this.#log.warn({ operation: 'read index', outcome: "a newer version's, not written" });
        }
      }
      return this.#last.stored;
    } catch (error) {
      this.#log.warn({ operation: 'read index', outcome: 'failed', code: errorCode(error) });
      return undefined;
    }
  }

  /** The text of the file's copy, if there is one. @throws what the disk says, WorkTimeout */
  readCopy(): Promise<string | undefined> {
    return this.#disk.run(() => this.#file.readCopy());
  }
}
