import type { FileHandle } from 'node:fs/promises';

import { unlessMissing } from './missingFile.ts';
import { withRegularFile } from './regularFile.ts';

/**
 * A file that is read again and again, and replaced whole: all of it is read each time, but while its bytes stay the
 * same, so does the string, and whoever reads it sees at once that nothing has changed.
 */
export class RereadFile {
  readonly #path: string;
  #last: { readonly bytes: Buffer; readonly text: string } | undefined;
  /** What the next read may use: new memory for each would cost more than the read. */
  #spare: Buffer | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Its text, or `undefined` while there is no such file.
   * @throws UnsuitableFile; what the file system says
   */
  read(): Promise<string | undefined> {
    return unlessMissing(withRegularFile(this.#path, (file, { size }) => this.#text(file, size)));
  }

  async #text(file: FileHandle, size: number): Promise<string> {
    const memory =
      this.#spare !== undefined && this.#spare.length >= size ? this.#spare : Buffer.allocUnsafeSlow(size);
    this.#spare = undefined;
    const bytes = memory.subarray(0, await fill(memory, size, file));
    if (this.#last?.bytes.equals(bytes) === true) {
      this.#spare = memory;
      return this.#last.text;
    }
    const text = bytes.toString('utf8');
    this.#last = { bytes, text };
    return text;
  }
}

/** Reads up to `size` bytes. @returns how many there were */
async function fill(memory: Buffer, size: number, file: FileHandle): Promise<number> {
  let length = 0;
  while (length < size) {
    const { bytesRead } = await file.read(memory, length, size - length);
    if (bytesRead === 0) {
      break;
    }
    length += bytesRead;
  }
  return length;
}
