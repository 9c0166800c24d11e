/** Whether a process is alive, suspended ones included. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Of another user's process the system says so: it is alive.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
