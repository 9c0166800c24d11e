import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** A file that cannot be read as one. */
export class UnsuitableFile extends Error {
  override readonly name = 'UnsuitableFile';
  /** `ENOTREG`: a pipe, a device or a folder. `EFBIG`: too large to be what it should be. */
  readonly code: 'ENOTREG' | 'EFBIG';

  constructor(code: UnsuitableFile['code'], path: string) {
    super(`${code}: ${code === 'ENOTREG' ? 'not a regular file' : 'file too large'}, read '${path}'`);
    this.code = code;
  }
}

const MAX_BYTES = 16 * 1024 * 1024;

/** A file's bytes, and when it was written last, in milliseconds since the epoch by the clock of the disk. */
interface DatedBytes {
  readonly bytes: Buffer;
  readonly writtenAt: number;
}

/**
 * Opens a file that somebody else may have put there, for as long as `read` takes. Reading a named pipe would wait for
 * whoever writes to it, and a device may never end: only a regular file is read.
 * @throws UnsuitableFile; what the file system says; what `read` throws
 */
export async function withRegularFile<T>(
  path: string,
  read: (file: FileHandle, status: Stats) => Promise<T>,
): Promise<T> {
  // Opening a pipe waits, too, unless told not to. Windows has neither, and no such flag.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = await file.stat();
    if (!status.isFile()) {
      throw new UnsuitableFile('ENOTREG', path);
    }
    if (status.size > MAX_BYTES) {
      throw new UnsuitableFile('EFBIG', path);
    }
    return await read(file, status);
  } finally {
    await file.close();
  }
}

/** The bytes of a regular file. @throws as {@link withRegularFile} */
export function readRegularBytes(path: string): Promise<DatedBytes> {
  return withRegularFile(path, async (file, { mtimeMs }) => ({
    bytes: await file.readFile(),
    writtenAt: mtimeMs,
  }));
}

/** As `readRegularBytes`, its text. */
export async function readRegularFile(path: string): Promise<string> {
  return (await readRegularBytes(path)).bytes.toString('utf8');
}
