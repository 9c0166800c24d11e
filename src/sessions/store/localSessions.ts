import type { Clock } from '../../common/clock.ts';
import { Emitter } from '../../common/event.ts';
import { isElsewhere } from '../../common/locks/holder.ts';
import type { Holder } from '../../common/locks/holder.ts';
import type { Session, Version } from '../session.ts';
import { isSameVersion } from '../sessionVersions.ts';
import type { TokenStore } from './tokenStore.ts';

interface LocalSessionsParts {
  readonly tokens: TokenStore;
  readonly holder: Holder;
  readonly clock: Clock;
}

interface Search extends Version {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly hasTokens: Promise<boolean>;
}

/** The vault is asked for the tokens of one version of a session this often, at most. In milliseconds. */
const SEARCH_PAUSE_MS = 60_000;

/**
 * Which of a folder's sessions are signed in here. Machines that share a home folder may have a keychain each: a session
 * of another machine is then that machine's alone, neither shown nor ended here. Where they share the vault too, as in
 * the browser, its tokens are found, and it is everybody's.
 */
export class LocalSessions {
  readonly #parts: LocalSessionsParts;
  readonly #here = new Set<string>();
  readonly #searches = new Map<string, Search>();
  readonly #changed = new Emitter<void>();
  /** {@link select} would select others by now. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: LocalSessionsParts) {
    this.#parts = parts;
  }

  /** Takes note of all sessions of the folder. One that is here stays so, whichever machine renews it, until {@link leave}. */
  note(sessions: readonly Session[]): void {
    for (const session of sessions) {
      if (!this.isKeptElsewhere(session)) {
        this.#here.add(session.id);
      }
    }
  }

  /** Those of `sessions` that are here. */
  select(sessions: readonly Session[]): readonly Session[] {
    return sessions.filter((session) => this.#here.has(session.id) || !this.isKeptElsewhere(session));
  }

  /** Whether another machine got the session's tokens last. */
  isKeptElsewhere({ keptBy }: Session): boolean {
    return keptBy !== undefined && isElsewhere(keptBy, this.#parts.holder);
  }

  /** Searches the vault for the tokens of those `sessions` that are not here so far. Never rejects. */
  async findTokens(sessions: readonly Session[]): Promise<void> {
    this.note(sessions);
    const here = new Set(this.select(sessions));
    const absent = sessions.filter((session) => !here.has(session));
    const answers = await Promise.all(absent.map((session) => this.#search(session)));
    const found = absent.filter(({ id }, index) => answers[index] === true && !this.#here.has(id));
    if (found.length > 0) {
      for (const { id } of found) {
        this.#here.add(id);
      }
      this.#changed.fire();
    }
  }

  #search(session: Session): Promise<boolean> {
    const now = this.#parts.clock.now();
    const last = this.#searches.get(session.id);
    if (last !== undefined && isSameVersion(last, session) && Math.abs(now - last.at) < SEARCH_PAUSE_MS) {
      return last.hasTokens;
    }
    const { signedInAt, generation } = session;
    const hasTokens = this.#hasTokens(session);
    this.#searches.set(session.id, { signedInAt, generation, at: now, hasTokens });
    return hasTokens;
  }

  /** Earlier tokens count while they are good: the later ones may be on their way here. */
  async #hasTokens(session: Session): Promise<boolean> {
    const stored = await this.#parts.tokens.readVault(session);
    if (stored.kind === 'stale' && session.state.kind === 'signedIn') {
      return stored.tokens.expiresAt > this.#parts.clock.now();
    }
    return 'tokens' in stored;
  }

  /** The vault has said for long that it has no tokens for a session of another machine. */
  leave(id: string): void {
    if (this.#here.delete(id)) {
      this.#changed.fire();
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
