import type { Session } from './session.ts';
import { isLater } from './sessionChanges.ts';

type Unsaved =
  /** A sign-in that the file does not know: whoever removes the session cannot have meant it. */
  | { readonly kind: 'added'; readonly session: Session }
  /** In the file as something earlier; if it is no longer there, another window has removed it. */
  | { readonly kind: 'changed'; readonly session: Session }
  | { readonly kind: 'removed'; readonly signedInAt: number };

/** What one window has changed and could not save yet. The last action of a person wins, whichever window saw it. */
export class UnsavedChanges {
  readonly #changes = new Map<string, Unsaved>();

  get isEmpty(): boolean {
    return this.#changes.size === 0;
  }

  has(id: string): boolean {
    return this.#changes.has(id);
  }

  /** The ids of the sessions that were removed. */
  get removed(): readonly string[] {
    return [...this.#changes].filter(([, { kind }]) => kind === 'removed').map(([id]) => id);
  }

  /** Takes down how `after` differs from `before`. */
  note(before: readonly Session[], after: readonly Session[]): void {
    const kept = new Set(after.map(({ id }) => id));
    for (const { id, signedInAt } of before) {
      if (!kept.has(id)) {
        this.#changes.set(id, { kind: 'removed', signedInAt });
      }
    }
    const old = new Map(before.map((session) => [session.id, session]));
    for (const session of after) {
      const previous = old.get(session.id);
      if (previous !== session) {
        const isSignIn = previous?.signedInAt !== session.signedInAt;
        const isNew = isSignIn || this.#changes.get(session.id)?.kind === 'added';
        this.#changes.set(session.id, { kind: isNew ? 'added' : 'changed', session });
      }
    }
  }

  /** The file has lost these; they are to go in again. */
  restore(sessions: readonly Session[]): void {
    for (const session of sessions) {
      const unsaved = this.#changes.get(session.id);
      if (unsaved?.kind !== 'removed') {
        this.#changes.set(session.id, { kind: 'added', session: unsaved?.session ?? session });
      }
    }
  }

  /**
   * `stored` with these changes. Forgets those that another window has overtaken.
   * @param isComplete whether what is not in `stored` is gone, or may only have been lost
   */
  applyTo(stored: readonly Session[], isComplete: boolean): readonly Session[] {
    if (this.isEmpty) {
      return stored;
    }
    const merged = new Map(stored.map((session) => [session.id, session]));
    for (const [id, change] of this.#changes) {
      const existing = merged.get(id);
      if ((isComplete || existing !== undefined) && isOvertaken(change, existing)) {
        this.#changes.delete(id);
      } else if (change.kind === 'removed') {
        merged.delete(id);
      } else {
        merged.set(id, change.session);
      }
    }
    return [...merged.values()];
  }

  /** What there is to save now; call the result once it is saved. */
  saving(): () => void {
    const saved = new Map(this.#changes);
    return () => {
      for (const [id, change] of saved) {
        if (this.#changes.get(id) === change) {
          this.#changes.delete(id);
        }
      }
    };
  }
}

function isOvertaken(change: Unsaved, existing: Session | undefined): boolean {
  switch (change.kind) {
    case 'added':
      return existing !== undefined && isLater(existing, change.session);
    case 'changed':
      return existing === undefined || isLater(existing, change.session);
    case 'removed':
      return existing === undefined || existing.signedInAt > change.signedInAt;
  }
}
