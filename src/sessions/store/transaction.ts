import type { Session } from '../session.ts';
import type { StoredSessions } from './indexFormat.ts';

/** What saving came to: the sessions with what another machine did meanwhile, and the file, where it could be written. */
export interface Saved {
  readonly sessions: readonly Session[];
  readonly file?: StoredSessions;
}

/** What a transaction changes, and its result for the caller. */
export interface Outcome<T> {
  readonly sessions: readonly Session[];
  readonly result: T;
}

/**
 * Notes that the vault is about to get tokens of a session that is not in the index yet: should the window die before
 * it is, the next start deletes them. Where that cannot be written, the vault gets them only once the session is.
 */
export type NoteSecret = (id: string) => Promise<void>;

/**
 * A transaction's work. `isExclusive`: the sessions are as they are on the disk, and nothing else changes them
 * meanwhile; otherwise they are what this window last knew.
 */
export type Change<T> = (
  sessions: readonly Session[],
  isExclusive: boolean,
  noteSecret: NoteSecret,
) => Promise<Outcome<T>>;

/** The {@link Change} that changes nothing: what is pending is saved with it. */
export async function unchanged(sessions: readonly Session[]): Promise<Outcome<void>> {
  return { sessions, result: undefined };
}
