import type { Disposable } from '../disposable.ts';

/** Exclusion between all windows of a machine, held by the operating system: a killed holder frees it, a sleeping one keeps it. */
export interface Locks extends Disposable {
  /**
   * Takes the lock `name`, waiting at most `waitMs` milliseconds. Dispose the result to release it.
   * @returns `undefined` when another holder kept it all that time
   * @throws what the file system says when the lock cannot be used at all
   */
  acquire(name: string, waitMs: number): Promise<Disposable | undefined>;
  /** Tidies up after a lock whose name will never be used again. Never rejects. */
  discard(name: string): Promise<void>;
}
