import type { Session } from '../session.ts';

/** What a transaction leaves behind, and what it tells its caller. */
export interface Outcome<T> {
  readonly sessions: readonly Session[];
  readonly result: T;
}

/**
 * A transaction's work. `isExclusive`: the sessions are as they lie on the disk, and nobody else changes them
 * meanwhile; otherwise they are what this window last knew.
 */
export type Change<T> = (sessions: readonly Session[], isExclusive: boolean) => Promise<Outcome<T>>;

/** The {@link Change} that changes nothing: what is pending is saved with it. */
export async function unchanged(sessions: readonly Session[]): Promise<Outcome<void>> {
  return { sessions, result: undefined };
}
