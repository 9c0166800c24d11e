import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { Clock } from '../../common/clock.ts';
import type { Disposable } from '../../common/disposable.ts';
import { Emitter } from '../../common/event.ts';
import type { Event } from '../../common/event.ts';
import { unlessMissing } from '../../common/files/missingFile.ts';
import type { Random } from '../../common/random.ts';
import { readText, replaceText } from '../../common/files/atomicFile.ts';
import type { FileTools } from '../../common/files/atomicFile.ts';
import { PRIVATE_FOLDER_MODE } from '../../common/files/privateFolder.ts';
import { RereadFile } from '../../common/files/rereadFile.ts';
import { watchFolder } from '../../common/files/watchFolder.ts';

/** The one file all windows of a machine share. It holds nothing secret. */
export interface IndexFile extends Disposable {
  /** Its text, or `undefined` while there is no such file. */
  read(): Promise<string | undefined>;
  /** Replaces it whole: a reader sees the old text or the new one, never a part. */
  replace(text: string): Promise<void>;
  /** A copy that is kept beside it, for when it is damaged. */
  readCopy(): Promise<string | undefined>;
  /** Replaces the copy, whole. */
  replaceCopy(text: string): Promise<void>;
  /** Moves an unreadable one out of the way, and keeps it, but no earlier one, for whoever wants to look. */
  setAside(): Promise<void>;
  /** A window replaced it; this also fires for this window's own changes. */
  readonly onDidChange: Event<void>;
}

/** An {@link IndexFile} on a real disk. `path`'s folder is made when first needed. */
export class DiskIndexFile implements IndexFile {
  readonly #path: string;
  readonly #file: RereadFile;
  readonly #copyPath: string;
  readonly #tools: FileTools;
  readonly #changed = new Emitter<void>();
  readonly #disposed = new AbortController();
  readonly onDidChange = this.#changed.event;

  constructor(path: string, clock: Clock, random: Random, renameFile = rename) {
    this.#path = path;
    this.#file = new RereadFile(path);
    this.#copyPath = `${path}.copy`;
    this.#tools = { clock, random, rename: renameFile };
  }

  read(): Promise<string | undefined> {
    return this.#file.read();
  }

  readCopy(): Promise<string | undefined> {
    return readText(this.#copyPath);
  }

  replace(text: string): Promise<void> {
    return replaceText(this.#path, text, this.#tools, this.#disposed.signal);
  }

  replaceCopy(text: string): Promise<void> {
    return replaceText(this.#copyPath, text, this.#tools, this.#disposed.signal);
  }

  async setAside(): Promise<void> {
    const folder = dirname(this.#path);
    const prefix = `${basename(this.#path)}.unreadable-`;
    const before = ((await unlessMissing(readdir(folder))) ?? []).filter((name) => name.startsWith(prefix));
    const aside = join(folder, `${prefix}${this.#tools.clock.now()}`);
    const isMoved = await unlessMissing(rename(this.#path, aside).then(() => true));
    const others = isMoved ? before.filter((name) => join(folder, name) !== aside) : [];
    await Promise.all(others.map((name) => rm(join(folder, name), { force: true })));
  }

  /**
   * Starts telling of changes. Watches the folder, since a replaced file is a new one.
   * @throws what the file system says when the folder cannot be watched; readers then learn of changes as they read
   */
  async watch(): Promise<void> {
    const folder = dirname(this.#path);
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER_MODE });
    watchFolder(folder, this.#disposed.signal, (name) => {
      if (name === undefined || name === basename(this.#path)) {
        this.#changed.fire();
      }
    });
  }

  dispose(): void {
    this.#disposed.abort();
    this.#changed.dispose();
  }
}
