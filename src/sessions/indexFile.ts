import { watch } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, basename } from 'node:path';

import { delay } from '../common/clock.ts';
import type { Clock } from '../common/clock.ts';
import type { Disposable } from '../common/disposable.ts';
import { Emitter } from '../common/event.ts';
import type { Event } from '../common/event.ts';
import type { Random } from '../common/random.ts';

/** The one file all windows of a machine share. It holds nothing secret. */
export interface IndexFile extends Disposable {
  /** Its text, or `undefined` while there is no such file. */
  read(): Promise<string | undefined>;
  /** Replaces it whole: a reader sees the old text or the new one, never a part. */
  replace(text: string): Promise<void>;
  /** Moves an unreadable one out of the way, and keeps it for whoever wants to look. */
  setAside(): Promise<void>;
  /** Some window replaced it; this one is told too. */
  readonly onDidChange: Event<void>;
}

/** Virus scanners and backups hold files open for a moment; Windows then refuses the rename. */
const BUSY_CODES = new Set(['EPERM', 'EACCES', 'EBUSY']);
const RENAME_ATTEMPTS = 5;
const RENAME_PAUSE_MS = 40;

/** An {@link IndexFile} on a real disk. `path`'s folder is made when first needed. */
export class DiskIndexFile implements IndexFile {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #rename: typeof rename;
  readonly #changed = new Emitter<void>();
  readonly #disposed = new AbortController();
  readonly onDidChange = this.#changed.event;

  constructor(path: string, clock: Clock, random: Random, renameFile = rename) {
    this.#path = path;
    this.#clock = clock;
    this.#random = random;
    this.#rename = renameFile;
  }

  async read(): Promise<string | undefined> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') {
        return undefined;
      }
      throw error;
    }
  }

  async replace(text: string): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    const temporary = `${this.#path}.${this.#random.uuid()}.tmp`;
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await this.#moveInPlace(temporary);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #moveInPlace(temporary: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#rename(temporary, this.#path);
        return;
      } catch (error) {
        if (attempt === RENAME_ATTEMPTS || !BUSY_CODES.has(codeOf(error) ?? '')) {
          throw error;
        }
        await delay(this.#clock, RENAME_PAUSE_MS * attempt, this.#disposed.signal);
      }
    }
  }

  async setAside(): Promise<void> {
    try {
      await this.#rename(this.#path, `${this.#path}.unreadable-${this.#clock.now()}`);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') {
        throw error;
      }
    }
  }

  /**
   * Starts telling of changes. Watches the folder, since a replaced file is a new one.
   * @throws what the file system says when the folder cannot be watched; readers then learn of changes as they read
   */
  async watch(): Promise<void> {
    const folder = dirname(this.#path);
    await mkdir(folder, { recursive: true });
    const watcher = watch(folder, { persistent: false, signal: this.#disposed.signal }, (_kind, name) => {
      if (name === null || name === basename(this.#path)) {
        this.#changed.fire();
      }
    });
    watcher.on('error', () => watcher.close());
  }

  dispose(): void {
    this.#disposed.abort();
    this.#changed.dispose();
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
