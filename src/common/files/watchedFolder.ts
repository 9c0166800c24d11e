import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock } from '../clock.ts';
import type { Disposable } from '../disposable.ts';
import { Emitter } from '../event.ts';
import type { Random } from '../random.ts';
import { readText, replaceText } from './atomicFile.ts';
import type { FileTools } from './atomicFile.ts';
import { makePrivateFolder } from './privateFolder.ts';
import { watchFolder } from './watchFolder.ts';

/** A folder of small files which the windows of a machine share: for its owner only, each file replaced whole. */
export class WatchedFolder implements Disposable {
  readonly #path: string;
  readonly #tools: FileTools;
  readonly #changed = new Emitter<string | undefined>();
  readonly #disposed = new AbortController();
  /** Some window has written the file of that name; undefined where the system does not say which. */
  readonly onDidChange = this.#changed.event;

  constructor(path: string, clock: Clock, random: Random) {
    this.#path = path;
    this.#tools = { clock, random, rename };
  }

  /**
   * A file's text, or `undefined` while there is no such file.
   * @throws what the file system says
   */
  read(name: string): Promise<string | undefined> {
    return readText(join(this.#path, name));
  }

  /** @throws what the file system says */
  replace(name: string, text: string): Promise<void> {
    return replaceText(join(this.#path, name), text, this.#tools, this.#disposed.signal);
  }

  /** @throws what the file system says */
  async remove(name: string): Promise<void> {
    await rm(join(this.#path, name), { force: true });
  }

  /**
   * Makes the folder, and starts telling of changes.
   * @throws what the file system says when the folder cannot be watched; changes are then seen as files are read
   */
  async watch(): Promise<void> {
    await makePrivateFolder(this.#path);
    this.#disposed.signal.throwIfAborted();
    watchFolder(this.#path, this.#disposed.signal, (name) => this.#changed.fire(name));
  }

  dispose(): void {
    this.#disposed.abort();
    this.#changed.dispose();
  }
}
