import type { Clock } from '../../common/clock.ts';
import { once } from '../../common/disposable.ts';
import type { Disposable } from '../../common/disposable.ts';
import { Emitter } from '../../common/event.ts';
import type { Log } from '../../common/log.ts';
import { errorCode } from '../../common/log.ts';
import type { Random } from '../../common/random.ts';
import { untilAborted, withTimeout } from '../../common/timeout.ts';
import { wordsOf } from '../../common/words.ts';
import type { Words } from '../../common/words.ts';
import { retryAfterOf } from '../../wire/errors.ts';
import { arrived, FORBIDDEN_PAUSE_MS, isFresh, isOver, pauseAfter, renewAt } from './renewal.ts';
import type { HeldCredentials } from './renewal.ts';
import { roleKey } from './roleCredentials.ts';
import type { RoleCredentials, SessionRole } from './roleCredentials.ts';
import { abandon, fetchOnce, isPaused, newRoleInUse, noteEnd } from './roleInUse.ts';
import type { RoleInUse } from './roleInUse.ts';
import type { RoleSessions } from './roleSessions.ts';
import { forbidden, notNow, unavailable } from './unavailable.ts';
import type { RoleEnded, Unavailable } from './unavailable.ts';

export interface CredentialsSourceParts {
  readonly sessions: RoleSessions;
  /** Whether this failure is the service's own word that the role may not be taken. */
  readonly isForbidden: (error: unknown) => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** What is to be had of a role. */
export type Available = { readonly kind: 'available'; readonly credentials: RoleCredentials } | Unavailable;

/** Tools give an endpoint a second or two, and botocore asks three times: an answer must come before that. */
const MAX_WAIT_MS = 700;

/**
 * Credentials of the roles in use, in memory only: fetched once however many ask, renewed in the background for as long
 * as they are used, and forgotten with the session.
 */
export class CredentialsSource implements Disposable {
  readonly #parts: CredentialsSourceParts;
  readonly #entries = new Map<string, RoleInUse>();
  readonly #onDidEnd = new Emitter<RoleEnded>();
  readonly #onDidReturn = new Emitter<SessionRole>();
  readonly #listening: Disposable;
  /** Fires once for each time that a role in use cannot be taken any more, until it can again. */
  readonly onDidEnd = this.#onDidEnd.event;
  /** Fires when a role in use that has ended can be taken again. */
  readonly onDidReturn = this.#onDidReturn.event;

  constructor(parts: CredentialsSourceParts) {
    this.#parts = parts;
    this.#listening = parts.sessions.onDidChange(() => this.#checkSessions());
  }

  /** Keeps the role's credentials available until the result is disposed. */
  use(role: SessionRole): Disposable {
    const key = roleKey(role);
    const entry = this.#entries.get(key) ?? newRoleInUse(role);
    this.#entries.set(key, entry);
    entry.users += 1;
    if (entry.held === undefined) {
      void this.#fetch(entry);
    }
    return {
      dispose: once(() => {
        entry.users -= 1;
        if (entry.users === 0) {
          this.#forget(entry);
        }
      }),
    };
  }

  /**
   * The credentials of a role in use: from memory, or after a moment where they are not there. Never waits for more than
   * 0.7 seconds; `undefined` limits nothing.
   */
  async read(role: SessionRole, limitMs: number | undefined = MAX_WAIT_MS): Promise<Available> {
    const entry = this.#entries.get(roleKey(role));
    if (entry === undefined) {
      return unavailable('closed');
    }
    const { clock } = this.#parts;
    if (entry.held === undefined || !isFresh(entry.held, clock.now())) {
      const fetching = this.#fetch(entry);
      // What takes longer goes on.
      await (limitMs === undefined
        ? fetching
        : withTimeout(clock, limitMs, () => new Error('took too long'), fetching).catch(() => undefined));
    }
    return this.#available(entry);
  }

  /** Why a role in use can't be taken any more; `undefined` where it can, or isn't used. */
  endOf(role: SessionRole): Words | undefined {
    const entry = this.#entries.get(roleKey(role));
    return entry?.hasEnded === true ? entry.why?.words : undefined;
  }

  #available({ held, why }: RoleInUse): Available {
    if (held !== undefined && !isOver(held, this.#parts.clock.now())) {
      return { kind: 'available', credentials: held.credentials };
    }
    return why ?? notNow();
  }

  async #fetch(entry: RoleInUse): Promise<void> {
    if (!isPaused(entry, this.#parts.clock.now())) {
      await fetchOnce(entry, (signal) => this.#request(entry, signal));
    }
  }

  async #request(entry: RoleInUse, signal: AbortSignal): Promise<void> {
    entry.timer?.dispose();
    const { role } = entry;
    const { clock, log, sessions } = this.#parts;
    const startedAt = clock.now();
    try {
      const session = await untilAborted(signal, sessions.ask(role.sessionId));
      if (session.kind !== 'signedIn') {
        this.#end(entry, unavailable(session.kind));
        return;
      }
      const credentials = await untilAborted(signal, session.getCredentials(role, signal));
      // It may have ended in the moment in which they came.
      signal.throwIfAborted();
      this.#hold(entry, arrived({ credentials, fetchedAt: startedAt }, clock.now()));
    } catch (error) {
      if (!signal.aborted) {
        log.warn({ operation: 'role credentials', outcome: 'failed', code: errorCode(error) });
        this.#fail(entry, error);
      }
    }
  }

  #hold(entry: RoleInUse, held: HeldCredentials): void {
    entry.held = held;
    [entry.why, entry.told] = [undefined, undefined];
    entry.failures = 0;
    this.#schedule(entry, renewAt(held) - this.#parts.clock.now());
    if (entry.hasEnded) {
      entry.hasEnded = false;
      this.#onDidReturn.fire(entry.role);
    }
  }

  #fail(entry: RoleInUse, error: unknown): void {
    const at = this.#parts.clock.now();
    if (this.#parts.isForbidden(error)) {
      entry.pause = { at, ms: FORBIDDEN_PAUSE_MS };
      this.#end(entry, forbidden(error, entry.held !== undefined));
      return;
    }
    entry.failures += 1;
    entry.why = notNow(wordsOf(error));
    entry.pause = { at, ms: retryAfterOf(error) ?? 0 };
    this.#schedule(entry, pauseAfter(entry.failures, this.#parts.random.uniform(), entry.pause.ms));
  }

  /** What was returned before stops working here at once. */
  #end(entry: RoleInUse, why: Unavailable): void {
    abandon(entry, 'ended');
    if (noteEnd(entry, why)) {
      this.#onDidEnd.fire({ role: entry.role, why });
    }
  }

  #schedule(entry: RoleInUse, delayMs: number): void {
    entry.timer?.dispose();
    entry.timer = this.#parts.clock.schedule(() => void this.#fetch(entry), Math.max(0, delayMs));
  }

  /** A sign-in was added or removed: credentials end with their sign-in, and what waited for one continues. */
  #checkSessions(): void {
    for (const entry of this.#entries.values()) {
      void this.#checkSession(entry);
    }
  }

  async #checkSession(entry: RoleInUse): Promise<void> {
    const session = await this.#parts.sessions.ask(entry.role.sessionId).catch(() => undefined);
    if (session === undefined || this.#entries.get(roleKey(entry.role)) !== entry) {
      return;
    }
    if (session.kind !== 'signedIn') {
      this.#end(entry, unavailable(session.kind));
    } else if (entry.held === undefined && entry.why?.reason !== 'forbidden') {
      if (entry.why?.reason === 'needsSignIn') {
        // There is a sign-in: what is missing by now is the service's answer.
        [entry.why, entry.told] = [notNow(), undefined];
      }
      await this.#fetch(entry);
    }
  }

  #forget(entry: RoleInUse): void {
    entry.timer?.dispose();
    entry.held = undefined;
    abandon(entry, 'no longer used');
    this.#entries.delete(roleKey(entry.role));
  }

  dispose(): void {
    this.#listening.dispose();
    for (const entry of this.#entries.values()) {
      this.#forget(entry);
    }
    this.#onDidEnd.dispose();
    this.#onDidReturn.dispose();
  }
}
