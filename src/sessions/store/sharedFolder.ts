import type { Clock } from '../../common/clock.ts';
import type { Log } from '../../common/log.ts';
import { isElsewhere } from '../../common/locks/holder.ts';
import type { Holder, Host } from '../../common/locks/holder.ts';

/** A machine or container that writes to the folder. */
export interface ActiveHost extends Host {
  /** When it last did, by its own clock: milliseconds since the epoch. */
  readonly at: number;
}

interface SharedFolderParts {
  readonly holder: Holder;
  readonly clock: Clock;
  readonly log: Log;
}

/** A machine that has not written for so long is forgotten. It reads before it writes again, and is careful itself. */
const FORGET_AFTER_MS = 7 * 24 * 3_600_000;
/** One that only reads says this often that it is there. */
const ANNOUNCE_AFTER_MS = 24 * 3_600_000;
const MAX_HOSTS = 20;
/** See {@link settleMs}. */
const SETTLE_MS = 10_000;
const SETTLE_SHARE = 1 / 8;

/**
 * Who else writes to the folder of the sessions. Where another machine does, no lock is trusted to exclude it, no
 * event reports its changes, and what it wrote is seen a few seconds late.
 */
export class SharedFolder {
  readonly #holder: Holder;
  readonly #clock: Clock;
  readonly #log: Log;
  #isLogged = false;
  #hosts: readonly ActiveHost[] = [];
  /** What the index says of this machine: milliseconds since the epoch. */
  #announcedAt = -Infinity;

  constructor({ holder, clock, log }: SharedFolderParts) {
    this.#holder = holder;
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether another machine, or another container, has written to it lately. */
  get isShared(): boolean {
    return this.#recent().some((host) => isElsewhere(host, this.#holder));
  }

  /** Whether this machine should write a note that it uses the folder, though it has nothing else to write. */
  get isUnannounced(): boolean {
    return this.isShared && Math.abs(this.#clock.now() - this.#announcedAt) > ANNOUNCE_AFTER_MS;
  }

  /** Takes down what the index says of its writers. */
  note(hosts: readonly ActiveHost[]): void {
    const latest = new Map<string, ActiveHost>();
    for (const host of [...this.#hosts, ...hosts]) {
      const key = JSON.stringify([host.machine, host.processNamespace]);
      if (host.at >= (latest.get(key)?.at ?? -Infinity)) {
        latest.set(key, host);
      }
    }
    this.#hosts = [...latest.values()];
    const isHere = (host: ActiveHost): boolean => !isElsewhere(host, this.#holder);
    this.#announcedAt = hosts.find(isHere)?.at ?? -Infinity;
    if (this.isShared && !this.#isLogged) {
      this.#isLogged = true;
      this.#log.info({
        operation: 'read index',
        outcome: 'another machine writes to it: locks are not trusted',
      });
    }
  }

  /** The writers, this one included, for an index that is written now. */
  hosts(): readonly ActiveHost[] {
    const { machine, processNamespace } = this.#holder;
    const others = this.#recent().filter((host) => isElsewhere(host, this.#holder));
    const latest = others.toSorted((a, b) => b.at - a.at).slice(0, MAX_HOSTS - 1);
    return [...latest, { machine, processNamespace, at: this.#clock.now() }];
  }

  #recent(): readonly ActiveHost[] {
    const now = this.#clock.now();
    return this.#hosts.filter(({ at }) => Math.abs(now - at) < FORGET_AFTER_MS);
  }
}

/**
 * How long a note has to be in a shared folder, unchanged, before its writer may rely on it, in milliseconds. More
 * than twice as long as one machine's view may be behind: another one that has not seen the note may still write over
 * it for that long, and it takes as long again to see that. Shorter for short-lived tokens.
 */
export function settleMs(lifetime: { readonly issuedAt: number; readonly expiresAt: number }): number {
  return Math.min(SETTLE_MS, Math.max(lifetime.expiresAt - lifetime.issuedAt, 0) * SETTLE_SHARE);
}

/** {@link settleMs} for what belongs to no token. */
export const CHANGE_SETTLE_MS = SETTLE_MS;
