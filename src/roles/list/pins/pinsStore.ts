import { isDeepStrictEqual } from 'node:util';

import type { BoundedQueue } from '../../../common/boundedQueue.ts';
import type { Clock } from '../../../common/clock.ts';
import { Emitter } from '../../../common/event.ts';
import type { Disposable } from '../../../common/disposable.ts';
import type { WatchedFolder } from '../../../common/files/watchedFolder.ts';
import type { Locks } from '../../../common/locks/locks.ts';
import { errorCode } from '../../../common/log.ts';
import type { Log } from '../../../common/log.ts';
import type { Closable } from '../../../common/onDemand.ts';
import type { RoleKey } from '../../role.ts';
import { mergePins, NO_PINS, setPinned, setUsed } from './pins.ts';
import type { Pins } from './pins.ts';
import { formatPins, parsePins } from './pinsFormat.ts';

interface PinsStoreParts {
  readonly folder: WatchedFolder;
  /** The disk may hang: nobody waits for it long. */
  readonly disk: BoundedQueue;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly log: Log;
}

const FILE = 'pins.json';
const LOCK = 'role-pins';
const LOCK_WAIT_MS = 1000;

/**
 * The pins and recents of all windows. What this window has changed holds here at once; when it is written, it is merged
 * with what others have written, and where two wrote at the same time, each brings back what it misses.
 */
export class PinsStore implements Closable {
  readonly #parts: PinsStoreParts;
  readonly #changed = new Emitter<void>();
  readonly #watching: Disposable;
  readonly onDidChange = this.#changed.event;
  #pins: Pins = NO_PINS;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: PinsStoreParts) {
    this.#parts = parts;
    this.#watching = parts.folder.onDidChange((name) => {
      if (name === undefined || name === FILE) {
        void this.load();
      }
    });
  }

  get pins(): Pins {
    return this.#pins;
  }

  /** Reads what other windows have changed. Never rejects. */
  async load(): Promise<void> {
    try {
      const { pins, isReadOnly } = await this.#read();
      this.#show(mergePins(this.#pins, pins));
      if (!this.#isClosed && !isReadOnly && !isDeepStrictEqual(this.#pins, mergePins(pins, NO_PINS))) {
        await this.#save();
      }
    } catch (error) {
      this.#warn('read pins', error);
    }
  }

  /** @throws what the file system says when it cannot be saved; in this window it holds all the same */
  setPinned(role: RoleKey, isPinned: boolean): Promise<void> {
    return this.#change(setPinned(this.#pins, role, isPinned, this.#parts.clock.now()));
  }

  /** Notes that the role was used just now. Never rejects: nobody waits for that. */
  async setUsed(role: RoleKey): Promise<void> {
    await this.#change(setUsed(this.#pins, role, this.#parts.clock.now())).catch((error: unknown) =>
      this.#warn('save recent role', error),
    );
  }

  #change(pins: Pins): Promise<void> {
    this.#show(pins);
    return this.#save();
  }

  #save(): Promise<void> {
    const saved = this.#writing.then(() => this.#write());
    this.#writing = saved.catch(() => undefined);
    return saved;
  }

  /** Without the lock where it cannot be had: then others bring back what is lost. */
  async #write(): Promise<void> {
    const { disk, folder } = this.#parts;
    const lock = await this.#lock();
    try {
      const { pins, newer, isReadOnly } = await this.#read();
      const merged = mergePins(this.#pins, pins);
      this.#show(merged);
      if (!isReadOnly) {
        await disk.run(() => folder.replace(FILE, formatPins(merged, newer)));
      }
    } finally {
      lock?.dispose();
    }
  }

  async #lock(): Promise<Disposable | undefined> {
    try {
      return await this.#parts.locks.acquire(LOCK, LOCK_WAIT_MS);
    } catch (error) {
      this.#warn('lock pins', error);
      return undefined;
    }
  }

  async #read(): Promise<ReturnType<typeof parsePins>> {
    return parsePins(await this.#parts.disk.run(() => this.#parts.folder.read(FILE)));
  }

  #show(pins: Pins): void {
    if (!isDeepStrictEqual(pins, this.#pins)) {
      this.#pins = pins;
      this.#changed.fire();
    }
  }

  #warn(operation: string, error: unknown): void {
    this.#parts.log.warn({ operation, outcome: 'failed', code: errorCode(error) });
  }

  /** Stops following other windows; resolves once what this window has changed is written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watching.dispose();
    await this.#writing;
    this.#changed.dispose();
  }
}
