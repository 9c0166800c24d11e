import { execFileSync } from 'node:child_process';

/** Whether this system has named pipes in its file system. */
export const hasNamedPipes = process.platform !== 'win32';

/** Makes a named pipe that nobody writes to: reading it as a file would wait forever. */
export function makeNamedPipe(path: string): void {
  execFileSync('mkfifo', [path]);
}
