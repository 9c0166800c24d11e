import type { Disposable } from '../../src/common/disposable.ts';
import type { Session } from '../../src/sessions/session.ts';
import { Grants } from './grants.ts';
import type { LeftAlive } from './grants.ts';
import type { Machine } from './machine.ts';
import type { Process } from './process.ts';
import type { Family, Server } from './server.ts';
import type { World } from './world.ts';

export interface Violation {
  readonly what: string;
  /** Milliseconds since the epoch, true time. */
  readonly at: number;
}

/** Ends and repetitions that nobody can avoid, counted by what made them so. */
export type Unavoidable =
  | LeftAlive
  /** Two windows could not see each other, or their tokens, when both were signed in to. */
  | 'signed in twice by windows that could not see each other'
  /** A token went out again because nobody can know what became of it the first time. */
  | 'sent again after a crash or a lost answer'
  /** The server's answer reached no window: a crash, or the network, got between. */
  | 'ended by an answer that reached nobody'
  /** The only window that knew the new token died before it could save it. */
  | 'ended by a crash before the save'
  /** The token that replaced it was fetched, and could not be saved, where nothing can be locked either. */
  | 'sent again after a refresh that nothing could lock'
  /** The clock was set ahead for good, and with it the end of what cannot be refreshed. */
  | 'ended early by a clock that was set'
  /** A sign-in or sign-out was known to one window only, which could not save it and died. */
  | 'unsaved change lost with its window';

const HOUR_MS = 3_600_000;
/** What one sign-in may cost the service when all goes wrong and the user never rests. */
const MAX_REQUESTS_AN_HOUR = 30;

/** A clock that is ahead by no more than this need not be noticed. */
const UNNOTICED_MS = 100_000;

interface Sending {
  readonly process: Process;
  isPending: boolean;
}

interface Rejection {
  readonly family: Family | undefined;
  readonly isRegistrationOver: boolean;
}

/** Sees everything, and holds the engine to its promises. */
export class Witness {
  readonly #world: World;
  readonly #machines: readonly Machine[];
  readonly #server: Server;
  readonly #sendings = new Map<string, Sending[]>();
  /** Tokens that came while nothing could be locked. */
  readonly #unlockable = new Set<string>();
  readonly #receivers = new Map<string, Process>();
  /** The last ones, by connection; and by sign-in, as each of two machines may have its own of one connection. */
  readonly #rejections = new Map<string | Family, Rejection>();
  readonly #judged = new Set<string>();
  readonly #lost = new Map<Family, Unavoidable>();
  readonly grants: Grants;
  readonly violations: Violation[] = [];
  readonly unavoidable = new Map<Unavoidable, number>();
  readonly reasons = new Map<string, number>();
  readonly #requests = new Map<Family, readonly number[]>();
  /** Sees every refresh that a window sends, or tries to. */
  onRequest: () => void = () => undefined;
  /** Of one sign-in. */
  mostRequestsInAnHour = 0;

  constructor(world: World, machines: readonly Machine[], server: Server) {
    this.#world = world;
    this.#machines = machines;
    this.#server = server;
    this.grants = new Grants(server);
  }

  /** When all is calm: nothing is left alive at the service that nobody will ever use. */
  judgeGrants(): void {
    for (const reason of this.grants.judge()) {
      if (reason === undefined) {
        this.accuse('a granted token that nobody keeps is alive at the service');
      } else {
        this.excuse(reason);
      }
    }
  }

  accuse(what: string): void {
    this.violations.push({ what, at: this.#world.now });
  }

  excuse(what: Unavoidable): void {
    this.unavoidable.set(what, (this.unavoidable.get(what) ?? 0) + 1);
  }

  /** A window sends a refresh token. */
  sends(token: string, process: Process): Disposable {
    const earlier = this.#sendings.get(token) ?? [];
    if (earlier.some((sending) => sending.isPending && sending.process.isAlive)) {
      this.accuse('a refresh token was sent by two windows at once');
    }
    this.onRequest();
    const family = this.#server.familyOf(token);
    this.#countRequest(family);
    if (family !== undefined && family.refreshToken !== token && !this.#server.isOver(family)) {
      const isSaved = this.#isSaved(family.refreshToken);
      if (this.#unlockable.has(family.refreshToken) && !isSaved) {
        this.excuse('sent again after a refresh that nothing could lock');
        this.#lost.set(family, 'sent again after a refresh that nothing could lock');
      } else if (this.#isKnown(family.refreshToken)) {
        this.accuse('a spent refresh token was sent although its successor is known');
      } else {
        this.excuse('sent again after a crash or a lost answer');
        this.#lost.set(family, this.#whyLost(family.refreshToken));
      }
    }
    const sending = { process, isPending: true };
    this.#sendings.set(token, [...earlier, sending]);
    return { dispose: () => void (sending.isPending = false) };
  }

  #countRequest(family: Family | undefined): void {
    if (family === undefined) {
      return;
    }
    const { now } = this.#world;
    const recent = (this.#requests.get(family) ?? []).filter((at) => at > now - HOUR_MS);
    this.#requests.set(family, [...recent, now]);
    this.mostRequestsInAnHour = Math.max(this.mostRequestsInAnHour, recent.length + 1);
    if (recent.length === MAX_REQUESTS_AN_HOUR) {
      this.accuse(`a sign-in was refreshed more than ${MAX_REQUESTS_AN_HOUR} times in an hour`);
    }
  }

  received(token: string, process: Process): void {
    if (this.#machines.some(({ readOnly }) => readOnly.isOn)) {
      this.#unlockable.add(token);
    }
    this.#receivers.set(token, process);
  }

  /** The server has turned a refresh of this connection's session down for good. */
  rejected(connection: string, token: string, isRegistrationOver: boolean): void {
    const family = this.#server.familyOf(token);
    const rejection = { family, isRegistrationOver };
    this.#rejections.set(connection, rejection);
    if (family !== undefined) {
      this.#rejections.set(family, rejection);
    }
  }

  /** Whether some window that lives, or the vault, has this token. */
  #isKnown(token: string): boolean {
    return this.#receivers.get(token)?.isAlive === true || this.#isSaved(token);
  }

  #isSaved(token: string): boolean {
    return this.#machines.some((machine) => machine.vaultHolds(token));
  }

  #whyLost(token: string): Unavoidable {
    return this.#receivers.has(token)
      ? 'ended by a crash before the save'
      : 'ended by an answer that reached nobody';
  }

  #judgeExpiry(family: Family | undefined): void {
    if (family === undefined || family.endsAt - this.#world.now < UNNOTICED_MS) {
      return;
    }
    if (this.#machines.some(({ setSkewMs }) => setSkewMs > family.setSkewMs)) {
      this.excuse('ended early by a clock that was set');
    } else {
      this.accuse('a session ended by accident: its token is still good');
    }
  }

  /** A session came to need sign-in: was that the server's word, or at least nobody's fault? */
  judgeEnd({ id, connection, state }: Session, family: Family | undefined): void {
    if (state.kind !== 'needsSignIn' || this.#judged.has(`${id} ${state.since}`)) {
      return;
    }
    this.#judged.add(`${id} ${state.since}`);
    this.reasons.set(state.reason, (this.reasons.get(state.reason) ?? 0) + 1);
    if (state.reason === 'tokenMissing') {
      if (family !== undefined && this.#isKnown(family.refreshToken)) {
        this.accuse('a session was given up as missing although its token is known');
      } else {
        this.excuse(
          family === undefined ? 'ended by a crash before the save' : this.#whyLost(family.refreshToken),
        );
      }
      return;
    }
    if (state.reason === 'expired') {
      this.#judgeExpiry(family);
      return;
    }
    const rejection =
      this.#rejections.get(family ?? connection.name) ?? this.#rejections.get(connection.name);
    const ended = rejection?.family?.ended;
    const isServersWord =
      rejection?.isRegistrationOver === true || ended === 'administrator' || ended === 'user';
    if (isServersWord) {
      return;
    }
    const lost = rejection?.family && this.#lost.get(rejection.family);
    if (lost === undefined) {
      this.accuse(`a session ended by accident: ${state.reason}`);
    } else {
      this.excuse(lost);
    }
  }
}
