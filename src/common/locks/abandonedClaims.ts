import type { Clock } from '../clock.ts';
import { isSameHost } from './holder.ts';
import type { Holder } from './holder.ts';
import { parseClaim } from './claimRecord.ts';

interface AbandonedClaimsParts {
  readonly clock: Clock;
  readonly holder: Holder;
  readonly isAlive: (pid: number) => boolean;
}

interface Watched {
  readonly content: string;
  /** Milliseconds for which it was seen to stay the same. */
  readonly unchangedMs: number;
  readonly seenAt: number;
}

/**
 * A holder elsewhere that has shown no sign of life for this many milliseconds has lost its claim: six times what lies
 * between two of them. One that was only suspended finds its claim taken over when it goes on.
 */
const LEASE_MS = 30_000;
/** As `LEASE_MS`, for one that never wrote its name. Should it do so yet, it reads again, and finds it has lost. */
const UNWRITTEN_LEASE_MS = 2000;
/** The time between two checks counts at most this much: this machine may have slept, and a holder on it too. */
const MAX_GAP_MS = LEASE_MS / 2;

/**
 * Decides whose claims may be removed.
 * - Of a process that we can see: once it is dead, suspended or not. Where another process may have its number by now,
 *   the system's lock decides: a living holder would have it.
 * - Of a process elsewhere: once its claim stayed the same for a lease, by our own time. Clocks of two machines are
 *   never compared.
 */
export class AbandonedClaims {
  readonly #parts: AbandonedClaimsParts;
  readonly #watched = new Map<string, Watched>();
  /** Claims that this process has given up, and could not remove. */
  readonly #own = new Set<string>();

  constructor(parts: AbandonedClaimsParts) {
    this.#parts = parts;
  }

  addOwn(id: string): void {
    this.#own.add(id);
  }

  /**
   * @param content the content of the file `path`
   * @param hasSystemLock whether we hold the system's lock that its holder would hold, were it on the same mount
   */
  isAbandoned(path: string, content: string, hasSystemLock: boolean): boolean {
    const unchangedMs = this.#watch(path, content);
    const record = parseClaim(content);
    if (record === undefined) {
      return unchangedMs >= UNWRITTEN_LEASE_MS;
    }
    if (this.#own.has(record.id)) {
      return true;
    }
    if (isSameHost(record.holder, this.#parts.holder)) {
      const isAlive = this.#parts.isAlive(record.holder.pid);
      return !isAlive || (hasSystemLock && unchangedMs >= LEASE_MS);
    }
    return unchangedMs >= LEASE_MS;
  }

  #watch(path: string, content: string): number {
    const now = this.#parts.clock.now();
    const before = this.#watched.get(path);
    const isSame = before?.content === content;
    const gap = isSame ? Math.min(Math.max(now - before.seenAt, 0), MAX_GAP_MS) : 0;
    const unchangedMs = isSame ? before.unchangedMs + gap : 0;
    this.#watched.set(path, { content, unchangedMs, seenAt: now });
    return unchangedMs;
  }
}
