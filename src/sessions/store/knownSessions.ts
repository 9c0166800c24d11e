import type { Disposable } from '../../common/disposable.ts';
import { Emitter } from '../../common/event.ts';
import type { Session } from '../session.ts';
import { sessionsChange } from './difference.ts';
import type { SessionsChange } from './difference.ts';
import type { LocalSessions } from './localSessions.ts';

/** The sessions as this window last saw them. Says when they change. */
export class KnownSessions implements Disposable {
  readonly #local: LocalSessions;
  readonly #changed = new Emitter<SessionsChange>();
  readonly #updated = new Emitter<void>();
  readonly #listener: Disposable;
  #all: readonly Session[] = [];
  /** Those of them that are signed in on this machine. */
  #here: readonly Session[] = [];
  #byAccount: ReadonlyMap<string, readonly Session[]> | undefined;
  /** Reads of the file, counted as they begin, and the one that is published: an older read never replaces it. */
  #readSequence = 0;
  #publishedSequence = 0;
  readonly onDidChange = this.#changed.event;
  /** Fires when anything of them changed, be it a time or a reason only. */
  readonly onDidUpdate = this.#updated.event;

  constructor(local: LocalSessions) {
    this.#local = local;
    this.#listener = local.onDidChange(() => this.#update());
  }

  /** Those of this machine. */
  get here(): readonly Session[] {
    return this.#here;
  }

  /** Those of this machine, by the ids of their accounts. */
  get byAccount(): ReadonlyMap<string, readonly Session[]> {
    return (this.#byAccount ??= Map.groupBy(this.#here, ({ account }) => account.id));
  }

  /** Those of other machines with the same folder, too. */
  get all(): readonly Session[] {
    return this.#all;
  }

  /** To be called when a read of the file begins. @returns its number */
  beginRead(): number {
    this.#readSequence += 1;
    return this.#readSequence;
  }

  /** Whether what read number `sequence` has found may be published: no later one has been. */
  isLatest(sequence: number): boolean {
    return sequence > this.#publishedSequence;
  }

  /** Takes over what is in the file, or should be: as read number `sequence`, or as of now. */
  publish(sessions: readonly Session[], sequence = this.beginRead()): void {
    const isSame = sessions === this.#all;
    this.#all = sessions;
    this.#publishedSequence = sequence;
    if (!isSame) {
      this.#update();
    }
  }

  #update(): void {
    const before = this.#here;
    this.#local.note(this.#all);
    const sessions = this.#local.select(this.#all);
    this.#here = sessions;
    this.#byAccount = undefined;
    const change = sessionsChange(before, sessions);
    if (change !== undefined) {
      this.#changed.fire(change);
    }
    const isSame = (session: Session, index: number): boolean => session === before[index];
    if (sessions.length !== before.length || !sessions.every(isSame)) {
      this.#updated.fire();
    }
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
    this.#updated.dispose();
  }
}
