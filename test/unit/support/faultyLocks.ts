import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What the system's locks do: fail with an error, let everybody in, never come back, or work. */
export type LockFault = 'ENOLCK' | 'EACCES' | 'EIO' | 'ENOTCONN' | 'grant' | 'block' | 'none';

const SOURCE = fileURLToPath(new URL('./faultyLocks.c', import.meta.url));
/** Not among the names that Node has for every platform. */
const ENOLCK_LINUX = 37;

/** A file system whose locks do not work, for processes with `env`. */
export class FaultyLocks {
  readonly env: NodeJS.ProcessEnv;
  readonly #file: string;

  private constructor(file: string, library: string) {
    this.#file = file;
    this.env = { ...process.env, LD_PRELOAD: library, LOCK_FAULT: file };
  }

  /** @returns `undefined` where it cannot be had: it takes Linux and a C compiler */
  static async build(folder: string): Promise<FaultyLocks | undefined> {
    if (process.platform !== 'linux') {
      return undefined;
    }
    const library = join(folder, 'faultyLocks.so');
    const built = promisify(execFile)('cc', ['-shared', '-fPIC', '-o', library, SOURCE, '-ldl']);
    const isBuilt = await built.then(
      () => true,
      (error: unknown) => {
        // A compiler that is there must be able to.
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
          return false;
        }
        throw error;
      },
    );
    return isBuilt ? new FaultyLocks(join(folder, 'fault'), library) : undefined;
  }

  async set(fault: LockFault): Promise<void> {
    const { ENOLCK = ENOLCK_LINUX, EACCES, EIO, ENOTCONN } = constants.errno as Record<string, number>;
    const numbers: Readonly<Record<string, number | undefined>> = { ENOLCK, EACCES, EIO, ENOTCONN };
    await writeFile(this.#file, String(numbers[fault] ?? fault));
  }
}
