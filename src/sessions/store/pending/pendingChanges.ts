import type { Session } from '../../session.ts';
import { isLater } from '../../sessionVersions.ts';
import { isSignedOut } from '../indexFormat.ts';
import type { SignedOut, StoredSessions } from '../indexFormat.ts';

type Unsaved =
  | { readonly kind: 'present'; readonly session: Session }
  /** Since this time, in milliseconds since the epoch. */
  | { readonly kind: 'removed'; readonly at: number };

/** What one window has changed and the index file does not have yet. The user's last action wins, whichever window saw it. */
export class PendingChanges {
  readonly #changes = new Map<string, Unsaved>();
  /** Saved where another machine may write over them without having seen them. */
  readonly #unconfirmed = new Map<string, Unsaved>();

  get isEmpty(): boolean {
    return this.#changes.size === 0;
  }

  has(id: string): boolean {
    return this.#changes.has(id);
  }

  /** The sessions that were removed. */
  get removed(): readonly SignedOut[] {
    return [...this.#changes].flatMap(([id, change]) =>
      change.kind === 'removed' ? [{ id, at: change.at }] : [],
    );
  }

  /** Takes down how `after` differs from `before`, by an action `at` this time (milliseconds since the epoch). */
  note(before: readonly Session[], after: readonly Session[], at: number): void {
    const kept = new Set(after.map(({ id }) => id));
    for (const { id, signedInAt } of before) {
      if (!kept.has(id)) {
        // No earlier than the sign-in it ends, whatever the clock says.
        this.#changes.set(id, { kind: 'removed', at: Math.max(at, signedInAt) });
      }
    }
    const old = new Set(before);
    for (const session of after.filter((candidate) => !old.has(candidate))) {
      this.#changes.set(session.id, { kind: 'present', session });
    }
  }

  /** The file has lost these; they are to go in again. */
  restore(sessions: readonly Session[]): void {
    for (const session of sessions) {
      if (!this.#changes.has(session.id)) {
        this.#changes.set(session.id, { kind: 'present', session });
      }
    }
  }

  /** `stored` with these changes. Forgets those that another window has overtaken. */
  applyTo({ sessions, signedOut }: StoredSessions): readonly Session[] {
    if (this.isEmpty) {
      return sessions;
    }
    const merged = new Map(sessions.map((session) => [session.id, session]));
    for (const [id, change] of this.#changes) {
      const existing = merged.get(id);
      if (existing === undefined ? isKnown(id, change, signedOut) : isOvertaken(change, existing)) {
        this.#changes.delete(id);
      } else if (change.kind === 'removed') {
        merged.delete(id);
      } else {
        merged.set(id, change.session);
      }
    }
    return [...merged.values()];
  }

  /**
   * What there is to save now; call the result once it is saved.
   * @param isShared whether another machine may write over it: then it is remembered until {@link confirming} says so
   */
  saving(isShared: boolean): () => void {
    const saved = new Map(this.#changes);
    return () => {
      remove(saved, this.#changes);
      for (const [id, change] of isShared ? saved : []) {
        this.#unconfirmed.set(id, change);
      }
    };
  }

  /** What was saved by now; call the result once nobody can write over it any more. */
  confirming(): () => void {
    const saved = new Map(this.#unconfirmed);
    return () => remove(saved, this.#unconfirmed);
  }

  /** Notices what was saved and is not in `stored`: another machine has written over it, and it is to be saved again. */
  recall(stored: StoredSessions): void {
    for (const [id, change] of this.#unconfirmed) {
      if (isLost(id, change, stored)) {
        this.#unconfirmed.delete(id);
        if (!this.#changes.has(id)) {
          // A change of its own: what is waiting to confirm the first must not confirm this one.
          this.#changes.set(id, { ...change });
        }
      }
    }
  }
}

function remove(saved: ReadonlyMap<string, Unsaved>, from: Map<string, Unsaved>): void {
  for (const [id, change] of saved) {
    if (from.get(id) === change) {
      from.delete(id);
    }
  }
}

function isLost(id: string, change: Unsaved, { sessions, signedOut }: StoredSessions): boolean {
  const existing = sessions.find((session) => session.id === id);
  if (change.kind === 'removed') {
    return existing !== undefined && existing.signedInAt <= change.at;
  }
  return existing === undefined ? !isKnown(id, change, signedOut) : isLater(change.session, existing);
}

/** Of a session that the file does not have: whether it is known to be signed out by then. */
function isKnown(id: string, change: Unsaved, signedOut: readonly SignedOut[]): boolean {
  return isSignedOut(id, change.kind === 'removed' ? change.at : change.session.signedInAt, signedOut);
}

function isOvertaken(change: Unsaved, existing: Session): boolean {
  return change.kind === 'removed' ? existing.signedInAt > change.at : isLater(existing, change.session);
}
